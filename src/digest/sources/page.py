"""page: one web page that is itself an article, whenever it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.model import DocumentKind, Raw
from digest.net.addresses import allowed_private_places, host_of
from digest.net.fetcher import FetchError
from digest.net.poll import forget_validators, poll_document
from digest.sources.feed.fulltext import pack_page, unpack_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from digest.net.context import FetchContext


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """One page; its host's robots.txt is obeyed."""

    name: str  # unique in the edition
    url: str  # http or https
    allow_private: bool | tuple[str, ...] = False  # true: the private host of `url`; or a list of host:port
    silent_after: int = 0  # days without a change until that is reported; 0: never

    @property
    def host(self) -> str:
        return host_of(self.url)

    def fetch(self, visit: FetchContext) -> Iterator[Raw]:
        """The page, when it changed since the last issue; raises SourceError when it cannot be read."""
        kept = visit.state.recall(self.name, f"page {self.url}")
        failure = None
        try:
            kept = self._fetch_page(visit, kept)
        except SourceError as error:
            failure = error
        if kept and (visit.since is None or datetime.fromisoformat(kept["met"]) > visit.since):
            body, charset, url = unpack_page(kept)
            yield Raw(source=self.name, key=self.url, kind=DocumentKind.HTML, body=body, charset=charset, url=url)
        if failure is not None:
            raise SourceError(f"{self.name}: {failure}") from failure

    def _fetch_page(self, visit: FetchContext, kept: Mapping[str, str] | None) -> Mapping[str, str] | None:
        """The page as it is now; what was kept when it is the same."""
        allowed = allowed_private_places(self.url, allow_private=self.allow_private)
        answer = poll_document(visit, self.name, self.url, allowed=allowed, known=bool(kept), robots=True)
        if answer is None:
            return kept
        try:
            note = pack_page(answer) | {"met": visit.now.isoformat()}
        except FetchError:
            forget_validators(visit, self.name, self.url)
            raise
        visit.state.remember(self.name, f"page {self.url}", note)
        return note
