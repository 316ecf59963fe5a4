"""feed: the entries of one feed that are new since the last issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.net.addresses import allowed_private_places, host_of
from digest.net.poll import forget_validators, poll_document
from digest.sources.feed.discover import discover_feeds
from digest.sources.feed.entries import EntryRequest, new_documents
from digest.sources.feed.entry import Feed
from digest.sources.feed.fulltext import FullText
from digest.sources.feed.parse import is_html_page, parse_feed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Problem, Raw
    from digest.net.context import FetchContext
    from digest.net.fetcher import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """One feed: RSS, Atom, RDF or JSON; or a page that names one."""

    name: str  # unique in the edition
    url: str  # http or https
    full_text: FullText = "auto"  # read the entry's page: when the feed has only a teaser, never, always
    allow_private: bool | tuple[str, ...] = False  # true: the private host of `url`; or a list of host:port
    entries: int = 200  # at most this many of one visit, in the feed's order
    silent_after: int = 30  # days without anything new until that is reported; 0: never

    @property
    def host(self) -> str:
        return host_of(self.url)

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        """New and edited entries; raises SourceError when the feed cannot be read."""
        try:
            allowed = allowed_private_places(self.url, allow_private=self.allow_private)
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error
        wish = EntryRequest(
            name=self.name, url=self.url, full_text=self.full_text, allowed=allowed, entries=self.entries
        )
        yield from new_documents(wish, visit, lambda known: self._read_feed(visit, allowed, known=known))

    def _read_feed(self, visit: FetchContext, allowed: frozenset[str], *, known: bool) -> Feed | None:
        """The feed, or None when it is the same as last time. A page that names a feed is followed."""
        found = (visit.state.recall(self.name, f"found {self.url}") or {}).get("url", self.url)
        answer = poll_document(visit, self.name, found, allowed=allowed, known=known)
        if answer is None:
            return None
        try:
            return _parse_response(answer)
        except SourceError:
            forget_validators(visit, self.name, found)
            if not is_html_page(answer.body):
                raise
        named = discover_feeds(answer.body, answer.url)
        if not named:
            raise SourceError("an HTML page that names no feed; look for its feed, or use type: page")
        second = poll_document(visit, self.name, named[0].url, allowed=allowed, known=False)
        visit.state.remember(self.name, f"found {self.url}", {"url": named[0].url})
        return _parse_response(second) if second else None


def _parse_response(answer: Response) -> Feed:
    if answer.status == 204 or not answer.body.strip():
        return Feed(format="", title=None, entries=())
    return parse_feed(answer.body, url=answer.url, charset=answer.charset)
