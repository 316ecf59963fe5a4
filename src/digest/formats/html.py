"""Web pages: the main text by trafilatura, what the markup claims by our own reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import RejectedError
from digest.formats.markup import blocks, hide, parse
from digest.formats.metadata import Claims, read_claims
from digest.model import Draft
from digest.text.dates import from_iso
from digest.text.decode import decode
from digest.text.normalise import normalise, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement
    from trafilatura.settings import Document

    from digest.model import Raw

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlFormat:
    """Reads web pages."""

    max_elements: int = 20_000  # pages with more are read line by line, without the slow extractor
    least_characters: int = 250  # an extraction shorter than this is checked against the whole page

    def read(self, raw: Raw) -> Iterator[Draft]:
        """One draft: the main text, or the whole page's lines where no main text is found."""
        root = parse(decode(raw.body, raw.charset or _declared(raw.body)))
        claims = read_claims(root)
        hide(root)
        document = self._extract(root, raw.url) if sum(1 for _ in root.iter()) <= self.max_elements else None
        text = normalise(document.text) if document is not None and document.text else ""
        lines = [line for line in text.split("\n") if line.strip()]
        framed = len(text) < self.least_characters
        if framed:
            lines = [block.text for block in blocks(root)] or lines
        if not lines:
            raise RejectedError("no text in the page")
        yield _draft(raw, claims, document, lines, framed=framed)

    @staticmethod
    def _extract(root: HtmlElement, url: str | None) -> Document | None:
        from copy import deepcopy

        import trafilatura

        found = trafilatura.bare_extraction(
            deepcopy(root),
            url=url,
            favor_precision=True,
            include_comments=False,
            deduplicate=False,
            with_metadata=True,
        )
        return None if isinstance(found, dict) else found


def _draft(raw: Raw, claims: Claims, document: Document | None, lines: list[str], *, framed: bool) -> Draft:
    published, byline, title, site = claims.published, claims.byline, claims.title, claims.publisher
    if document is not None:
        published = published or from_iso(document.date)
        byline = byline or one_line(document.author, 200)
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
