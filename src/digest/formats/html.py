"""Web pages: the main text by trafilatura, what the markup claims by our own reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import RejectedError
from digest.formats.markup import blocks, hide, parse
from digest.formats.metadata import Claims, read_claims
from digest.model import Draft
from digest.text.charset import decode
from digest.text.dates import from_iso
from digest.text.normalise import normalise, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

    from digest.formats.markup import Block
    from digest.model import Raw

SHORT = 0.5  # of the page's running text: an extraction with less is looked at again
GAP = 2  # short blocks in a row (labels, cross-heads) that may interrupt running text
FINISHED = re.compile(r"[.!?…。！？][”\"’'»)\]」』]*$")
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlFormat:
    """Reads web pages."""

    max_elements: int = 20_000  # pages with more are read line by line, without the slow extractor
    least_characters: int = 250  # an extraction shorter than this is checked against the whole page

    def read(self, raw: Raw) -> Iterator[Draft]:
        """One draft: the main text, or the whole page's lines where no main text is found."""
        root = parse(decode(raw.body, raw.charset or _declared(raw.body)))
        hide(root)
        found = blocks(root)
        document = self._extract(root, raw.url) if sum(1 for _ in root.iter()) <= self.max_elements else None
        author = one_line(document.author, 200) if document is not None else None
        claims = read_claims(root, raw.url, [(author, 1.2)] if author else [])
        lines = _lines(document)
        written = sum(len(block.text) for block in found if _running(block))
        if document is not None and _size(lines) < SHORT * written:
            lines = self._second_look(root, raw.url, lines, found)
        framed = _size(lines) < self.least_characters
        if framed:
            lines = [block.text for block in found] or lines
        if not lines:
            raise RejectedError("no text in the page")
        yield _draft(raw, claims, document, lines, framed=framed)

    def _second_look(self, root: HtmlElement, url: str | None, lines: list[str], found: list[Block]) -> list[str]:
        """The page holds far more running text than was extracted: less strict, then on past the point where it stopped."""
        looser = _lines(self._extract(root, url, strict=False))
        if _size(lines) < SHORT * _size(looser):
            lines = looser
        return lines + _continued(lines, found)

    @staticmethod
    def _extract(root: HtmlElement, url: str | None, *, strict: bool = True) -> Document | None:
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


def _lines(document: Document | None) -> list[str]:
    text = normalise(document.text) if document is not None and document.text else ""
    return [_row(line) if line.startswith("|") else line for line in text.split("\n") if line.strip("| -\t")]


def _row(line: str) -> str:
    """A table's row as the extractor writes it, without its bars."""
    return " ".join(cell.strip() for cell in line.strip("| ").split("|") if cell.strip())


def _size(lines: list[str]) -> int:
    return sum(len(line) for line in lines)


def _running(block: Block) -> bool:
    return len(block.text) >= 80 and block.linked < 0.3 and bool(FINISHED.search(block.text))


def _continued(lines: list[str], found: list[Block]) -> list[str]:
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
        if _running(block):
            more.append(block.text)
            gap = 0
        elif block.linked > 0.5 or len(block.text) > 80 or gap == GAP:
            break
        else:
            gap += 1
    return more if len(more) > GAP else []


def _draft(raw: Raw, claims: Claims, document: Document | None, lines: list[str], *, framed: bool) -> Draft:
    published, byline, title, site = claims.published, claims.byline, claims.title, claims.publisher
    if document is not None:
        published = published or from_iso(document.date)
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


def _declared(body: bytes) -> str | None:
    match = CHARSET.search(body[:4096])
    return match[1].decode("ascii") if match else None
