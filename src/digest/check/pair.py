"""Rules over both parts together, and over a letter beside its issue."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from typing import TYPE_CHECKING
from unicodedata import category
from urllib.parse import unquote

from digest.check.document import seen
from digest.check.finding import error, short, warning
from digest.check.links import web_links
from digest.check.wording import MISREAD, OVERRIDES, UNSUBSCRIBE, escaped, unprintable, unresolved
from digest.errors import VerbatimError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.check.document import Document
    from digest.check.finding import Finding
    from digest.model import Issue, Letter, Sentence

URL = re.compile(r"https?://[^\s<>\"'\]]+")
RECALL = 0.99  # share of the HTML's words that the text edition repeats
FAR = 0.8
ODD = re.compile(r"[{}%<>&*$\[\]]|\b(?:None|nan|NaN|NaT|null|undefined)\b")  # may look like a mark
UNSHOWN = frozenset(("Cc", "Cs"))
SHORTEST_CUT, LONGEST_CUT = 60, 220  # characters between which a title or a name may be cut
WIDEST = 78  # columns of a text edition; addresses may be longer


def text_part(text: str, literals: tuple[str, ...] = ()) -> Iterator[Finding]:
    """The text edition by itself."""
    if not text.strip():
        yield error("text", "the text part is empty")
        return
    bare = text
    for literal in sorted(literals, key=len, reverse=True):
        # a literal may be broken over lines here
        words = r"\s+".join(re.escape(word) for word in literal.split())
        bare = re.sub(words, " ", bare, flags=re.IGNORECASE)  # names of themes stand in capitals
    yield from unprintable(bare, "text")
    for line in bare.splitlines():
        yield from unresolved(line, "text")
        yield from escaped(line, "text")
    if not UNSUBSCRIBE.search(text):
        yield error("unsubscribe", "the text part has no unsubscribe line")
    wide = [line for line in text.splitlines() if len(line) > WIDEST and len(line.split()) > 2 and not URL.search(line)]
    if wide:
        yield warning("text", f"{len(wide)} lines of more than {WIDEST} columns, e.g. {short(wide[0], 40)!r}")


def divergence(document: Document, text: str) -> Iterator[Finding]:
    """Both parts say the same and link to the same."""
    html_words, text_words = _words(document.text), _words(text)
    common = (html_words & text_words).total()
    recall = common / max(1, html_words.total())
    precision = common / max(1, text_words.total())
    if min(recall, precision) < FAR:
        yield error(
            "divergence", f"the parts differ: {recall:.0%} of the HTML's words in the text, {precision:.0%} back"
        )
    elif recall < RECALL:
        yield warning("divergence", f"the text part has {recall:.1%} of the HTML's words, wanted {RECALL:.0%}")
    html_links = {_bare(url) for url in web_links(document)}
    text_links = {_bare(url) for url in URL.findall(text)}
    for name, only in (("HTML", html_links - text_links), ("text", text_links - html_links)):
        if only:
            yield error("divergence", f"{len(only)} links only in the {name} part, e.g. {short(min(only))}")


def verbatim(letter: Letter, issue: Issue, document: Document) -> Iterator[Finding]:
    """Every quotation stands in its article, and in both parts or in neither."""
    articles = {article.key: article for brief in issue.briefs for article in brief.story.articles}
    page, text = _flat(document.text), _flat(letter.text)
    for sentence in _quoted(issue):
        try:
            sentence.prove(articles[sentence.article])
        except (KeyError, VerbatimError):
            yield error("verbatim", f"{short(sentence.article)}: {short(sentence.text)!r} is not in its article")
            continue
        flat = _flat(sentence.text)
        if (flat in page) != (flat in text):
            part = "text" if flat in page else "HTML"
            yield error("verbatim", f"{short(sentence.text)!r} is missing in the {part} part")


def reader_mark(letter: Letter) -> Iterator[Finding]:
    """The reader's token has its place in both parts, else nobody can unsubscribe."""
    for name, part in (("HTML", letter.html), ("text", letter.text)):
        if letter.mark not in part:
            yield error("unsubscribe", f"the {name} part has no place for the reader's token")


def literals_of(issue: Issue) -> tuple[str, ...]:
    """The texts of sources that an issue prints and that look like marks, whole and as they may be cut."""
    told = [sentence.text for sentence in _quoted(issue)] + [issue.title, issue.subject, issue.preheader]
    for section in issue.sections:
        told.append(section.name)
        for brief in section.briefs:
            told.append(brief.title)
            for article in brief.story.articles:
                told += [name for name in (article.publisher, article.byline, article.source) if name]
    printed = (flat for text in told for flat in dict.fromkeys((_printed(text), seen(_printed(text)))))
    odd = [flat for flat in printed if (ODD.search(flat) or MISREAD.search(flat + flat.upper()))]
    return tuple(dict.fromkeys(part for text in odd for part in (text, *_beginnings(text), *_odd_words(text))))


def _printed(text: str) -> str:
    """A text as a page can show it: controls and direction overrides are gone, white space is one space."""
    return " ".join(OVERRIDES.sub("", "".join(c for c in text if c in "\t\n" or category(c) not in UNSHOWN)).split())


def _beginnings(text: str) -> list[str]:
    """A long text up to each of its first words: titles and names are cut where they are too long."""
    words = text[:LONGEST_CUT].split(" ")
    return [" ".join(words[:n]) for n in range(len(words), 0, -1)] if len(text) > SHORTEST_CUT else []


def _odd_words(text: str) -> list[str]:
    return [
        word for word in text.split() if len(word) > 1 and (ODD.search(word) or MISREAD.search(word + word.upper()))
    ]


def _quoted(issue: Issue) -> list[Sentence]:
    stories = [sentence for brief in issue.briefs for sentence in brief.sentences]
    return [*issue.top, *(sentence for section in issue.sections for sentence in section.brief), *stories]


def _flat(text: str) -> str:
    return "".join("".join(c for c in text if c.isprintable()).split())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w{3,}", URL.sub(" ", text).lower()))


def _bare(url: str) -> str:
    """The same address, whichever way it was escaped and whatever punctuation follows it."""
    first = re.split(r"[\s<>\"'\]]", unquote(entities.unescape(url)))[0]
    return first.rstrip(".,;:!?)>]}").split("#")[0].rstrip("/")
