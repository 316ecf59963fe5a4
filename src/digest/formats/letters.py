"""How a newsletter's blocks fall into stories: headlines, their texts, and what stands around them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from digest.model import DroppedPiece
from digest.text.boilerplate import comparison_key, phrase_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.formats.markup import TextBlock

MAX_HEADLINE_CHARACTERS = 160  # characters
MIN_BODY_CHARACTERS = 60  # characters of the shortest text that makes a headline a story's
MIN_HEADLINE_SCALE = 1.12  # times the body's type: the least that sets a headline apart
SENTENCE_END = re.compile(r"[.!?…。！？][”\"’'»)\]]*$")
ENDS_WITH_FULL_STOP = re.compile(r"(?<!\b[A-Z])\.[”\"’'»)\]]*$")
NUMBERED_START = re.compile(r"^\d{1,2}[.)]\s+(?=\S{2})")
ARROW = re.compile(r"\s*[→»›>⟶➔➜▸]+\s*$")
TRACKING_PARAMETER = re.compile(
    r"^(?:utm_\w+|mc_[ce]id|fbclid|gclid|ref|cmpid|trk|mkt_tok|sc_src|sc_l?lid|sc_uid)$", re.IGNORECASE
)
# Sections that belong to the mail, not to a story. The words are few on purpose: most junk goes by shape.
FOOTER_PHRASE = re.compile(
    r"unsubscribe|opt.?out|email preferences|manage (?:your )?(?:preferences|subscription)|you(?:'|’)?(?: a)?re receiv|you received this|"
    r"you are receiving|was sent to|sent to you|forwarded (?:this|to you)|abmelden|abbestellen|newsletter abbestell|austragen|"
    r"sie erhalten diese|du erhältst diese|se désabonner|désinscri|désabonn|vous recevez ce|darse de baja|cancelar (?:la )?suscrip|"
    r"recibe este correo|recibes este|annulla l'iscrizione|annulla iscrizione|disiscriv|cancellati|ricevi questa|uitschrijven|afmelden|"
    r"je ontvangt deze|u ontvangt deze|cancelar (?:a )?(?:inscrição|subscrição|assinatura)|recebeu este|descadastr|"
    r"thanks for reading|thank you for reading|danke fürs lesen|merci de (?:nous )?lire|gracias por leer|grazie per (?:la lettura|aver letto)|"
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos|tutti i diritti",
    re.IGNORECASE,
)
BROWSER_LINK = re.compile(
    r"(?:view|read|open|see|trouble|problem|display).{0,40}(?:browser|online|web version|web page|in app|email)|im browser|"
    r"online (?:lesen|ansehen|version)|webversion|dans (?:votre|le) navigateur|version en ligne|en (?:el|tu|su) navegador|versión web|"
    r"nel browser|versione web|in (?:je|uw|de) browser|online versie|no (?:seu )?navegador|versão web",
    re.IGNORECASE,
)
ADVERT_LABEL = re.compile(
    r"^\W*(?:presented by|sponsored|sponsor(?:ed)? (?:by|content|message|post)|advert(?:isement|orial)?|ad|paid (?:post|content|partner\w*)|"
    r"in partnership with|brought to you by|a (?:message|word) from|together with|from our (?:sponsor|partner)s?|promoted|promotion|"
    r"anzeige|werbung|präsentiert von|publicité|sponsorisé|publicidad|patrocinado|pubblicità|sponsorizzato|advertentie|gesponsord|publicidade)\b",
    re.IGNORECASE,
)
READING_TIME = re.compile(r"\b\d{1,3}[ -]?(?:min(?:ute)?s?|minuten?|minuti|minutos)\b.{0,40}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPart:
    """One readable part of a mail."""

    html: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterStory:
    """One story of a mail."""

    title: str | None = None
    url: str | None = None
    lines: tuple[str, ...] = ()
    dropped: tuple[DroppedPiece, ...] = ()


def split_stories(found: Sequence[TextBlock]) -> tuple[NewsletterStory, ...]:
    """The stories in a mail's blocks, in order; one without title when nothing looks like a headline."""
    kept, dropped = _separate_boilerplate(found)
    heads = _headline_indexes(kept)
    if not heads and (leads := [at for at, block in enumerate(kept) if _has_own_headline(block)])[1:]:
        return _split_at_leads(kept, leads, dropped)
    if not heads:
        lines = tuple(text for block in kept if (text := _without_read_more(block)))
        return (NewsletterStory(lines=lines, dropped=tuple(dropped)),) if lines else ()
    dropped += [DroppedPiece(text=block.text, reason="introduction") for block in kept[: heads[0]]]
    borders = [*heads, len(kept)]
    result = [_build_story(kept[start:end]) for start, end in itertools.pairwise(borders)]
    result[0] = NewsletterStory(
        title=result[0].title, url=result[0].url, lines=result[0].lines, dropped=(*dropped, *result[0].dropped)
    )
    return tuple(story for story in result if story.lines)


def _has_own_headline(block: TextBlock) -> bool:
    """The block begins with a headline of its own, in bold or as a link, and goes on with text."""
    words = len(block.lead.split())
    label = block.lead.rstrip().endswith(":")
    return 3 <= words <= 20 and not label and len(block.text) - len(block.lead) >= MIN_BODY_CHARACTERS


def _split_at_leads(
    kept: list[TextBlock], leads: list[int], dropped: list[DroppedPiece]
) -> tuple[NewsletterStory, ...]:
    """A story for every block that begins with its own headline, with the plain blocks below it."""
    result = []
    dropped += [DroppedPiece(text=block.text, reason="introduction") for block in kept[: leads[0]]]
    for start, end in itertools.pairwise([*leads, len(kept)]):
        block = kept[start]
        text = _without_read_more(block)[len(block.lead) :].lstrip(" .:–—-|")
        lines = (text, *(bare for other in kept[start + 1 : end] if (bare := _without_read_more(other))))
        url = next((link_target(link[1]) for link in block.links), None)
        result.append(NewsletterStory(title=block.lead.rstrip(" .–—-|"), url=url, lines=lines, dropped=tuple(dropped)))
        dropped = []
    return tuple(result)


def link_target(address: str) -> str | None:
    """The page that a click tracker leads to, without tracking marks; None when it is no web address."""
    try:
        for _ in range(3):
            inner = _wrapped_address(urlsplit(address[:4000]).query)
            if not inner:
                break
            address = inner
        parts = urlsplit(address.strip())
    except ValueError:  # brackets that hold no IPv6 address
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    query = "&".join(
        piece for piece in parts.query.split("&") if piece and not TRACKING_PARAMETER.match(piece.partition("=")[0])
    )
    path = re.sub(r"(?:&(?:utm_\w+|mc_[ce]id)=[^&/]*)+$", "", parts.path)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _wrapped_address(query: str) -> str | None:
    """The web address among a query's values; one that was quoted twice is unquoted once more."""
    values = (text for _, value in parse_qsl(query) for text in (value, unquote(value)))
    return next((text for text in values if re.match(r"https?://", text)), None)


def _separate_boilerplate(found: Sequence[TextBlock]) -> tuple[list[TextBlock], list[DroppedPiece]]:
    """`found` without advertisements, browser lines and the footer, and what went."""
    kept: list[TextBlock] = []
    dropped: list[DroppedPiece] = []
    advert: int | None = None
    last_text = max((at for at, block in enumerate(found) if _is_body_text(block)), default=0)
    for at, block in enumerate(found):
        if advert is not None and (block.ruled or block.table != advert or _is_prominent(block, found)):
            advert = None
        reason = "advertisement" if advert is not None else _boilerplate_reason(block, footer=at > last_text)
        if reason == "advertisement":
            advert = block.table
        if reason == "footer" and at > last_text:
            dropped += [DroppedPiece(text=rest.text, reason="footer") for rest in found[at:]]
            break
        if reason:
            dropped.append(DroppedPiece(text=block.text, reason=reason))
        else:
            kept.append(block)
    return kept, dropped


def _boilerplate_reason(block: TextBlock, *, footer: bool) -> str | None:
    text = block.text
    if len(text) <= 80 and ADVERT_LABEL.match(text) and not ENDS_WITH_FULL_STOP.search(text):
        return "advertisement"
    if FOOTER_PHRASE.search(text) and (footer or len(text) < 400):
        return "footer"
    if len(text) < 200 and BROWSER_LINK.search(text) and (block.linked > 0.2 or not SENTENCE_END.search(text)):
        return "browser link"
    if len(block.links) > 1 and _is_poll(block):
        return "poll"
    if block.linked > 0.6 and len(block.links) > 1 and all(len(link[0]) < 40 for link in block.links):
        return "menu"
    return None


def _is_poll(block: TextBlock) -> bool:
    """A question, then nothing but short links to click as an answer."""
    answers = [link[0] for link in block.links]
    question = block.text.partition(answers[0])[0].rstrip() if answers[0] else ""
    rest = sum(len(answer) for answer in answers) + len(answers)
    return question.endswith(("?", ":", "!")) and len(question) + rest >= len(block.text) - 2 and len(question) < 160


def _is_body_text(block: TextBlock) -> bool:
    return (
        len(block.text) >= MIN_BODY_CHARACTERS
        and bool(SENTENCE_END.search(block.text))
        and not FOOTER_PHRASE.search(block.text)
        and block.size > 11
    )


def _is_prominent(block: TextBlock, found: Sequence[TextBlock]) -> bool:
    return bool(block.heading) or block.size >= MIN_HEADLINE_SCALE * _body_font_size(found)


def _body_font_size(found: Sequence[TextBlock]) -> float:
    """The type that most characters of running text are set in."""
    sizes: Counter[float] = Counter()
    for block in found:
        if len(block.text) >= MIN_BODY_CHARACTERS:
            sizes[block.size] += len(block.text)
    return max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 15.0


def _headline_indexes(found: Sequence[TextBlock]) -> list[int]:
    """Indexes of the blocks that head stories: of one look, each with text under it."""
    size = _body_font_size(found)
    looks: dict[tuple[str | None, float, bool, bool], list[int]] = {}
    for at, block in enumerate(found):
        if _looks_like_headline(block, size) and _has_text_below(found, at, size):
            looks.setdefault((block.heading, block.size, block.bold, block.linked > 0.8), []).append(at)
    if not looks:
        return []
    largest = sorted(looks, key=lambda look: -look[1])
    several = [look for look in largest if len(looks[look]) > 1]
    linked = [look for look in several if look[3]]
    top = largest[0]
    if not several or (
        not linked and len(looks[top]) == 1 and looks[top][0] <= min(min(looks[look]) for look in several)
    ):
        return looks[top]
    best = several[0]
    return sorted(at for look, places in looks.items() if look[1] >= best[1] for at in places)


def _looks_like_headline(block: TextBlock, size: float) -> bool:
    text = block.text
    if (
        not 8 <= len(text) <= MAX_HEADLINE_CHARACTERS
        or ENDS_WITH_FULL_STOP.search(text)
        or not re.search(r"[^\W\d_]", text)
    ):
        return False
    if block.linked > 0.8 and _asks_to_read_on(text):
        return False
    return bool(block.heading) or block.size >= MIN_HEADLINE_SCALE * size or (block.bold and block.size >= size)


def _has_text_below(found: Sequence[TextBlock], at: int, size: float) -> bool:
    """Running text follows before anything as prominent."""
    for block in found[at + 1 : at + 6]:
        if len(block.text) >= MIN_BODY_CHARACTERS and not _looks_like_headline(block, size):
            return True
        if block.heading or block.size >= found[at].size:
            return False
    return False


def _build_story(part: Sequence[TextBlock]) -> NewsletterStory:
    head, *rest = part
    url = next((link_target(link[1]) for link in head.links), None)
    lines, dropped = [], []
    for at, block in enumerate(rest):
        text = _without_read_more(block)
        if text and not _is_kicker(rest, at) and not READING_TIME.search(text[:60]):
            lines.append(text)
        else:
            dropped.append(DroppedPiece(text=block.text, reason="call" if not text else "kicker"))
        if url is None and block.links and (not text or text != block.text):
            url = link_target(block.links[-1][1])
    return NewsletterStory(title=NUMBERED_START.sub("", head.text), url=url, lines=tuple(lines), dropped=tuple(dropped))


def _is_kicker(rest: Sequence[TextBlock], at: int) -> bool:
    """A short label after the story's text, before the next story's headline."""
    text = rest[at].text
    short = len(text.split()) <= 5 and not SENTENCE_END.search(text)
    return short and at == len(rest) - 1 and len(rest) > 1


def _without_read_more(block: TextBlock) -> str:
    """The block's text without a closing "read more" link; empty when it is nothing else."""
    text = block.text
    if block.linked > 0.8 and (_asks_to_read_on(text) or len(text.split()) <= 4):
        return ""
    if block.links:
        last = block.links[-1][0]
        before = text[: -len(last)].rstrip(" (·|–-") if last and text.endswith(last) else text
        if before != text and (_asks_to_read_on(last) or (len(last.split()) <= 4 and SENTENCE_END.search(before))):
            return before
    return text


def _asks_to_read_on(text: str) -> bool:
    """The words ask to go on reading, or point with an arrow."""
    bare = ARROW.sub("", text)
    if comparison_key(bare) in phrase_lists("en").phrase_keys("continue") or any(
        comparison_key(bare) in phrase_lists(code).phrase_keys("continue") for code in OTHER_LANGUAGES
    ):
        return True
    return bare != text and len(bare.split()) <= 5


OTHER_LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")
