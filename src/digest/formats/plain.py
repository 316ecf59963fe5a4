"""Plain mails: forwarded headers, the signature, headings of the typewriter kind."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.formats.letters import BROWSER_LINK, FOOTER_PHRASE, NewsletterStory, link_target
from digest.model import DroppedPiece
from digest.text.normalise import normalise_text
from digest.text.wrap import unwrap_paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

FORWARDED_MARK = re.compile(
    r"^\W{0,3}-{3,}\s?.{0,30}(?:forwarded|weitergeleitet|transféré|reenviado|inoltrato|doorgestuurd|encaminhada|original message|"
    r"ursprüngliche nachricht|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht).{0,30}-{3,}\s*$|"
    r"^begin forwarded message:\s*$",
    re.IGNORECASE,
)
HEADER_FIELD = re.compile(r"^\W{0,3}(?P<name>[^\W\d_]{2,12}(?: [^\W\d_]{2,12})?)\s?:\s+(?P<value>\S.{0,1000})$")
FIELD_NAMES = {
    "from": "from", "von": "from", "de": "from", "da": "from", "van": "from",
    "date": "date", "sent": "date", "datum": "date", "gesendet": "date", "envoyé": "date", "fecha": "date", "enviado": "date",
    "data": "date", "inviato": "date", "verzonden": "date", "le": "date",
    "subject": "subject", "betreff": "subject", "objet": "subject", "asunto": "subject", "oggetto": "subject",
    "onderwerp": "subject", "assunto": "subject",
    "to": "to", "an": "to", "à": "to", "para": "to", "a": "to", "aan": "to", "cc": "to",
}  # fmt: skip
RULE_LINE = re.compile(r"^[=\-~*_#+–—]{3,}$")
SIGNATURE_MARK = re.compile(r"^-- ?$")
MARKED_HEADING = re.compile(r"^(?:#{1,4}|\*{1,3}|={2,})\s*(.{4,120}?)\s*(?:#{1,4}|\*{1,3}|={2,})?$")
LINK_LINE = re.compile(r"^\W{0,3}[^\W\d_][\w’' ]{2,40}:?\s*[<(\[]?(https?://\S+?)[>)\]]?$")
MAX_HEADING_CHARACTERS = 120  # characters of a heading


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedHeader:
    """The header lines of a mail that was passed on, and where its text begins."""

    start: int
    fields: dict[str, str]


def find_forwarded_header(lines: Sequence[str]) -> ForwardedHeader | None:
    """The original's header in a forwarded mail; None for any other text."""
    for at, line in enumerate(lines[:60]):
        if not FORWARDED_MARK.match(line.strip()):
            continue
        fields: dict[str, str] = {}
        for end in range(at + 1, min(at + 14, len(lines))):
            text = lines[end].strip()
            match = HEADER_FIELD.match(text)
            if match and match["name"].lower() in FIELD_NAMES:
                fields.setdefault(FIELD_NAMES[match["name"].lower()], match["value"].strip("* "))
            elif text or "from" in fields:
                return ForwardedHeader(start=end, fields=fields) if "from" in fields else None
    return None


def split_plain_stories(text: str) -> tuple[NewsletterStory, ...]:
    """The stories of a plain text: one for each underlined or capital heading, else one without a title."""
    lines = [line.rstrip() for line in normalise_text(text).split("\n")]
    lines, footer = _split_off_footer(lines)
    heads = _find_headings(lines)
    if len(heads) < 2:
        body = tuple(unwrap_paragraphs([line for line in lines if not RULE_LINE.match(line.strip())]))
        return (NewsletterStory(lines=body, dropped=footer),) if any(line.strip() for line in body) else ()
    borders = [at for at, _, _ in heads] + [len(lines)]
    found = [
        _build_story(title, lines[start:border]) for (_, start, title), border in zip(heads, borders[1:], strict=True)
    ]
    intro = tuple(
        DroppedPiece(text=line.strip(), reason="introduction") for line in lines[: heads[0][0]] if line.strip()
    )
    stories = [story for story in found if any(line.strip() for line in story.lines)]
    if stories:
        stories[0] = NewsletterStory(
            title=stories[0].title, url=stories[0].url, lines=stories[0].lines, dropped=(*intro, *footer)
        )
    return tuple(stories)


def _split_off_footer(lines: list[str]) -> tuple[list[str], tuple[DroppedPiece, ...]]:
    """Cut at the signature mark, or at the first footer line below the last long line."""
    last = max((at for at, line in enumerate(lines) if len(line) > 60 and not FOOTER_PHRASE.search(line)), default=0)
    for at, line in enumerate(lines):
        if (SIGNATURE_MARK.match(line) and at >= last) or (at > last and FOOTER_PHRASE.search(line)):
            return lines[:at], tuple(
                DroppedPiece(text=rest.strip(), reason="footer") for rest in lines[at:] if rest.strip()
            )
    return lines, ()


def _find_headings(lines: list[str]) -> list[tuple[int, int, str]]:
    """(line, first line of the text, title) of every heading with text under it."""
    found = []
    for at, line in enumerate(lines):
        text = line.strip()
        if not 4 <= len(text) <= MAX_HEADING_CHARACTERS or text.endswith((".", ",", ";")) or RULE_LINE.match(text):
            continue
        below = lines[at + 1].strip() if at + 1 < len(lines) else ""
        alone = at == 0 or not lines[at - 1].strip() or bool(RULE_LINE.match(lines[at - 1].strip()))
        marked = MARKED_HEADING.match(text)
        if RULE_LINE.match(below) and alone:
            found.append((at, at + 2, text))
        elif marked and alone and not below:
            found.append((at, at + 1, marked[1]))
        elif text.isupper() and alone and len(text.split()) > 1:
            found.append((at, at + 1, text))
    return [head for place, head in enumerate(found) if _has_text_below(lines, head, found[place + 1 : place + 2])]


def _has_text_below(lines: list[str], head: tuple[int, int, str], following: list[tuple[int, int, str]]) -> bool:
    end = following[0][0] if following else len(lines)
    return sum(len(line) for line in lines[head[1] : end]) >= 60


def _build_story(title: str, lines: list[str]) -> NewsletterStory:
    kept, url = [], None
    for line in lines:
        call = LINK_LINE.match(line.strip())
        if call or BROWSER_LINK.search(line) or RULE_LINE.match(line.strip()):
            url = url or (link_target(call[1]) if call else None)
        else:
            kept.append(line)
    return NewsletterStory(title=title, url=url, lines=tuple(_join_wrapped_prose(kept)))


def _join_wrapped_prose(lines: list[str]) -> list[str]:
    """Lines of one block as one paragraph, where the block is wrapped like prose."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    joined = []
    for block in blocks:
        width = max((len(line) for line in block), default=0)
        prose = width >= 50 and all(
            len(line) + 1 + len(after.split()[0]) > width for line, after in itertools.pairwise(block)
        )
        joined += [" ".join(block)] if prose and block else block
    return joined
