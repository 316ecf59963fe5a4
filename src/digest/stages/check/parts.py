"""Rules over both parts together, and over a letter beside its issue."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote

from digest.errors import VerbatimError
from digest.stages.check.finding import error, shorten, warning
from digest.stages.check.links import web_links
from digest.stages.check.quoted import INVISIBLE_CHARACTERS
from digest.stages.check.wording import UNSUBSCRIBE_WORD, check_unfinished, check_unprintable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Issue, Letter, Sentence
    from digest.stages.check.document import HtmlPart
    from digest.stages.check.finding import Finding
    from digest.stages.check.quoted import SourceTexts

URL = re.compile(r"https?://[^\s<>\"'\]]+", re.IGNORECASE)
MIN_WORD_RECALL = 0.99  # share of the HTML's words that the text edition repeats
MIN_WORD_OVERLAP = 0.8
MAX_TEXT_COLUMNS = 78  # columns of a text edition; addresses may be longer


def check_text_part(text: str, literals: SourceTexts) -> Iterator[Finding]:
    """The text edition by itself."""
    if not text.strip():
        yield error("text", "the text part is empty")
        return
    yield from check_unprintable(text, "text")
    if any(found for line in text.splitlines() for found in check_unfinished(line, "")):
        # blanked as a whole, because a quotation runs over several lines
        for line in literals.blank_out(text).splitlines():
            yield from check_unfinished(line, "text")
    if not UNSUBSCRIBE_WORD.search(text):
        yield error("unsubscribe", "the text part has no unsubscribe line")
    wide = [
        line
        for line in text.splitlines()
        if len(line) > MAX_TEXT_COLUMNS and len(line.split()) > 2 and not URL.search(line)
    ]
    if wide:
        yield warning(
            "text", f"{len(wide)} lines of more than {MAX_TEXT_COLUMNS} columns, e.g. {shorten(wide[0], 40)!r}"
        )


def check_divergence(document: HtmlPart, text: str) -> Iterator[Finding]:
    """Both parts say the same and link to the same."""
    html_words, text_words = _word_counts(document.shown_text), _word_counts(text)
    common = (html_words & text_words).total()
    recall = common / max(1, html_words.total())
    precision = common / max(1, text_words.total())
    if min(recall, precision) < MIN_WORD_OVERLAP:
        yield error(
            "divergence", f"the parts differ: {recall:.0%} of the HTML's words in the text, {precision:.0%} back"
        )
    elif recall < MIN_WORD_RECALL:
        yield warning("divergence", f"the text part has {recall:.1%} of the HTML's words, wanted {MIN_WORD_RECALL:.0%}")
    html_links = {_bare_address(url) for url in web_links(document)}
    html_shown = _link_addresses(" ".join((document.shown_text, "".join(run for _, run in document.shown))))
    text_links = _link_addresses(text)
    told = {address for literal in document.literals.texts for address in _link_addresses(literal)}
    for name, only in (
        ("HTML", html_links - text_links - told),
        ("text", text_links - html_links - html_shown - told),
    ):
        if only:
            yield error("divergence", f"{len(only)} links only in the {name} part, e.g. {shorten(min(only))}")


def check_verbatim(letter: Letter, issue: Issue, document: HtmlPart) -> Iterator[Finding]:
    """Every quotation stands in its article, and in both parts or in neither."""
    articles = {article.key: article for brief in issue.briefs for article in brief.story.articles}
    page, text = _flatten_text(document.shown_text), _flatten_text(letter.text)
    for sentence in _quoted_sentences(issue):
        try:
            sentence.prove_verbatim(articles[sentence.article])
        except (KeyError, VerbatimError):
            yield error("verbatim", f"{shorten(sentence.article)}: {shorten(sentence.text)!r} is not in its article")
            continue
        flat = _flatten_text(sentence.text)
        if (flat in page) != (flat in text):
            part = "text" if flat in page else "HTML"
            yield error("verbatim", f"{shorten(sentence.text)!r} is missing in the {part} part")


def check_reader_mark(letter: Letter) -> Iterator[Finding]:
    """The reader's token has its place in both parts, else nobody can unsubscribe."""
    for name, part in (("HTML", letter.html), ("text", letter.text)):
        if letter.mark not in part:
            yield error("unsubscribe", f"the {name} part has no place for the reader's token")


def _quoted_sentences(issue: Issue) -> list[Sentence]:
    stories = [sentence for brief in issue.briefs for sentence in brief.sentences]
    return [*(sentence for section in issue.sections for sentence in section.brief), *stories]


def _flatten_text(text: str) -> str:
    return "".join("".join(c for c in text if c.isprintable() and ord(c) not in INVISIBLE_CHARACTERS).split())


def _word_counts(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w{3,}", URL.sub(" ", text).upper().casefold()))


def _link_addresses(text: str) -> set[str]:
    return {_bare_address(url) for url in URL.findall(text)}


def _bare_address(url: str) -> str:
    """The same address, whichever way it was escaped and whatever punctuation follows it."""
    first = re.split(r"[\s<>\"'\]]", unquote(entities.unescape(url)))[0]
    return first.rstrip(".,;:!?)>]}").split("#")[0].rstrip("/")
