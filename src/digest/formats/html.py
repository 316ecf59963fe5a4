"""Web pages: the main text by trafilatura, what the markup claims by our own reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import RejectedError
from digest.formats.markup import extract_blocks, parse_html, remove_hidden
from digest.formats.metadata import MarkupClaims, read_claims
from digest.model import Draft
from digest.text.charset import decode
from digest.text.dates import parse_iso_date
from digest.text.normalise import normalise_text, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

    from digest.formats.markup import TextBlock
    from digest.model import Raw

MIN_EXTRACTED_SHARE = 0.5  # of the page's running text: an extraction with less is looked at again
MAX_GAP_BLOCKS = 2  # short blocks in a row (labels, cross-heads) that may interrupt running text
SENTENCE_END = re.compile(r"[.!?…。！？][”\"’'»)\]」』]*$")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlFormat:
    """Reads web pages."""

    max_elements: int = 20_000  # pages with more are read line by line, without the slow extractor
    least_characters: int = 250  # an extraction shorter than this is checked against the whole page

    def read(self, raw: Raw) -> Iterator[Draft]:
        """One draft: the main text, or the whole page's lines where no main text is found."""
        root = parse_html(decode(raw.body, raw.charset or _declared_charset(raw.body)))
        remove_hidden(root)
        found = extract_blocks(root)
        document = self._extract_main_text(root, raw.url) if sum(1 for _ in root.iter()) <= self.max_elements else None
        author = one_line(document.author, 200) if document is not None else None
        claims = read_claims(root, raw.url, [(author, 1.2)] if author else [])
        lines = _document_lines(document)
        written = sum(len(block.text) for block in found if _is_running_text(block))
        if document is not None and _total_characters(lines) < MIN_EXTRACTED_SHARE * written:
            lines = self._extract_more(root, raw.url, lines, found)
        framed = _total_characters(lines) < self.least_characters
        if framed:
            lines = [block.text for block in found] or lines
        if not lines:
            raise RejectedError("no text in the page")
        yield _build_draft(raw, claims, document, lines, framed=framed)

    def _extract_more(self, root: HtmlElement, url: str | None, lines: list[str], found: list[TextBlock]) -> list[str]:
        """The page holds far more running text than was extracted: less strict, then on past the point where it stopped."""
        looser = _document_lines(self._extract_main_text(root, url, strict=False))
        if _total_characters(lines) < MIN_EXTRACTED_SHARE * _total_characters(looser):
            lines = looser
        return lines + _find_continuation(lines, found)

    @staticmethod
    def _extract_main_text(root: HtmlElement, url: str | None, *, strict: bool = True) -> Document | None:
        from copy import deepcopy

        import trafilatura

        found = trafilatura.bare_extraction(
            deepcopy(root),
            url=url,
            favor_precision=strict,
            include_comments=False,
            deduplicate=False,
            with_metadata=strict,
        )
        return None if isinstance(found, dict) else found


def _document_lines(document: Document | None) -> list[str]:
    text = normalise_text(document.text) if document is not None and document.text else ""
    return [_table_row_text(line) if line.startswith("|") else line for line in text.split("\n") if line.strip("| -\t")]


def _table_row_text(line: str) -> str:
    """A table's row as the extractor writes it, without its bars."""
    return " ".join(cell.strip() for cell in line.strip("| ").split("|") if cell.strip())


def _total_characters(lines: list[str]) -> int:
    return sum(len(line) for line in lines)


def _is_running_text(block: TextBlock) -> bool:
    return len(block.text) >= 80 and block.linked < 0.3 and bool(SENTENCE_END.search(block.text))


def _find_continuation(lines: list[str], found: list[TextBlock]) -> list[str]:
    """Running text that follows the last extracted line, with at most a few short blocks between.

    Extractors stop at advertisements; comments and teasers begin with links, names and dates, and end the search.
    """
    text = "\n".join(lines)
    last = max(
        (at for at, block in enumerate(found) if len(block.text) >= 40 and block.text[:60] in text), default=None
    )
    if last is None:
        return []
    more: list[str] = []
    gap = 0
    for block in found[last + 1 :]:
        if _is_running_text(block):
            more.append(block.text)
            gap = 0
        elif block.linked > 0.5 or len(block.text) > 80 or gap == MAX_GAP_BLOCKS:
            break
        else:
            gap += 1
    return more if len(more) > MAX_GAP_BLOCKS else []


def _build_draft(raw: Raw, claims: MarkupClaims, document: Document | None, lines: list[str], *, framed: bool) -> Draft:
    published, byline, title, site = claims.published, claims.byline, claims.title, claims.publisher
    if document is not None:
        published = published or parse_iso_date(document.date)
        title = title or one_line(document.title)
        site = site or one_line(document.sitename, 120)
    return Draft(
        key=raw.key,
        lines=tuple(lines),
        framed=framed,
        title=title,
        byline=byline,
        publisher=site,
        published=published,
        url=claims.url,
        language=None,
    )


def _declared_charset(body: bytes) -> str | None:
    match = META_CHARSET.search(body[:4096])
    return match[1].decode("ascii") if match else None
