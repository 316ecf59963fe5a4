"""sitemap: the pages that a site lists for news robots, as they appear (sitemaps.org, news sitemaps)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.net.addresses import allowed_private_places, host_of, parse_target
from digest.net.poll import forget_validators, poll_document
from digest.sources.feed.dates import parse_standard_date
from digest.sources.feed.entries import EntryRequest, new_documents
from digest.sources.feed.entry import Entry, Feed
from digest.sources.feed.sanitise import plain_text, web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from digest.model import Problem, Raw
    from digest.net.context import FetchContext

MAX_SITEMAP_BYTES = 20_000_000  # bytes, unpacked
MAX_MAPS = 10  # maps of an index that are read, the newest
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """One line of a sitemap: a page, or in an index a further map."""

    url: str
    title: str | None = None
    published: datetime | date | None = None  # of the news, else the last change

    @property
    def sort_moment(self) -> datetime:
        """For sorting: days count as their first moment, none as long ago."""
        if isinstance(self.published, datetime):
            return self.published if self.published.tzinfo else self.published.replace(tzinfo=UTC)
        day = self.published
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else LONG_AGO


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapSource:
    """A sitemap, a news sitemap, or an index of them; the newest pages are read, as robots.txt allows."""

    name: str  # unique in the edition
    url: str  # of the sitemap, http or https; .gz is unpacked
    match: str = "*"  # only pages whose path fits this pattern, such as /news/*
    allow_private: bool | tuple[str, ...] = False  # true: the private host of `url`; or a list of host:port
    entries: int = 20  # at most this many pages of one visit, the newest
    silent_after: int = 30  # days without anything new until that is reported; 0: never

    @property
    def host(self) -> str:
        return host_of(self.url)

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        """New pages; raises SourceError when the sitemap cannot be read."""
        try:
            allowed = allowed_private_places(self.url, allow_private=self.allow_private)
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error
        wish = EntryRequest(name=self.name, url=self.url, full_text="always", allowed=allowed, entries=self.entries)
        yield from new_documents(wish, visit, lambda known: self._read_newest_pages(visit, allowed, known=known))

    def _read_newest_pages(self, visit: FetchContext, allowed: frozenset[str], *, known: bool) -> Feed | None:
        """The newest pages as entries, or None when no map changed."""
        first = self._read_map(visit, self.url, allowed, known=known)
        if first is None:
            return None
        pages, maps = first
        for further in sorted(maps, key=lambda listed: listed.sort_moment, reverse=True)[:MAX_MAPS]:
            if host_of(further.url) == self.host:
                read = self._read_map(visit, further.url, allowed, known=False)
                pages = [*pages, *(read[0] if read else [])]
        fitting = [page for page in pages if fnmatchcase(parse_target(page.url).path, self.match)]
        newest = sorted(fitting, key=lambda listed: listed.sort_moment, reverse=True)[: self.entries]
        entries = tuple(
            Entry(id=page.url, title=page.title, link=page.url, published=page.published) for page in newest
        )
        return Feed(format="sitemap", title=None, entries=entries)

    def _read_map(
        self, visit: FetchContext, url: str, allowed: frozenset[str], *, known: bool
    ) -> tuple[list[SitemapEntry], list[SitemapEntry]] | None:
        answer = poll_document(visit, self.name, url, allowed=allowed, known=known)
        if answer is None:
            return None
        try:
            return parse_sitemap(answer.body)
        except SourceError:
            forget_validators(visit, self.name, url)
            raise


def parse_sitemap(data: bytes) -> tuple[list[SitemapEntry], list[SitemapEntry]]:
    """The pages and the further maps of a sitemap; raises SourceError when `data` is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(_decompress(data), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("not a sitemap") from error
    if root is None or _local_name(root) not in {"urlset", "sitemapindex"}:
        raise SourceError("not a sitemap")
    pages = [listed for element in root if _local_name(element) == "url" if (listed := _parse_entry(element))]
    maps = [listed for element in root if _local_name(element) == "sitemap" if (listed := _parse_entry(element))]
    return pages, maps


def _decompress(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacker = zlib.decompressobj(31)
    try:
        whole = unpacker.decompress(data, MAX_SITEMAP_BYTES)
    except zlib.error as error:
        raise SourceError("not a sitemap: broken compression") from error
    if unpacker.unconsumed_tail:
        raise SourceError(f"larger than allowed: more than {MAX_SITEMAP_BYTES:,} bytes")
    return whole


def _parse_entry(element: _Element) -> SitemapEntry | None:
    texts = {_local_name(part): part.text or "" for part in element.iter() if part is not element}
    url = web_address(texts.get("loc"))
    if url is None or not host_of(url):
        return None
    published = parse_standard_date(texts.get("publication_date", "")) or parse_standard_date(texts.get("lastmod", ""))
    return SitemapEntry(url=url, title=plain_text(texts.get("title")), published=published)


def _local_name(element: _Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
