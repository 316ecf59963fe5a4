"""Rules over both parts together, and over a letter beside its issue."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote

from digest.errors import VerbatimError
from digest.stages.check.finding import error, short, warning
from digest.stages.check.links import web_links
from digest.stages.check.quoted import UNSEEN
from digest.stages.check.wording import UNSUBSCRIBE, unfilled, unprintable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Issue, Letter, Sentence
    from digest.stages.check.document import Document
    from digest.stages.check.finding import Finding
    from digest.stages.check.quoted import Literals

URL = re.compile(r"https?://[^\s<>\"'\]]+", re.IGNORECASE)
RECALL = 0.99  # share of the HTML's words that the text edition repeats
FAR = 0.8
WIDEST = 78  # columns of a text edition; addresses may be longer


def text_part(text: str, literals: Literals) -> Iterator[Finding]:
    """The text edition by itself."""
    if not text.strip():
        yield error("text", "the text part is empty")
        return
    yield from unprintable(text, "text")
    if any(found for line in text.splitlines() for found in unfilled(line, "")):
        # blanked as a whole, because a quotation runs over several lines
        for line in literals.without(text).splitlines():
            yield from unfilled(line, "text")
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
    html_shown = _addresses(" ".join((document.text, "".join(run for _, run in document.shown))))
    text_links = _addresses(text)
    told = {address for literal in document.literals.texts for address in _addresses(literal)}
    for name, only in (
        ("HTML", html_links - text_links - told),
        ("text", text_links - html_links - html_shown - told),
    ):
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


def _quoted(issue: Issue) -> list[Sentence]:
    stories = [sentence for brief in issue.briefs for sentence in brief.sentences]
    return [*issue.top, *(sentence for section in issue.sections for sentence in section.brief), *stories]


def _flat(text: str) -> str:
    return "".join("".join(c for c in text if c.isprintable() and ord(c) not in UNSEEN).split())


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w{3,}", URL.sub(" ", text).upper().casefold()))


def _addresses(text: str) -> set[str]:
    return {_bare(url) for url in URL.findall(text)}


def _bare(url: str) -> str:
    """The same address, whichever way it was escaped and whatever punctuation follows it."""
    first = re.split(r"[\s<>\"'\]]", unquote(entities.unescape(url)))[0]
    return first.rstrip(".,;:!?)>]}").split("#")[0].rstrip("/")
