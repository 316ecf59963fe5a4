"""opml: every feed of a subscription list, and such lists read and written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from digest.errors import SourceError
from digest.model import Problem, Raw
from digest.net.addresses import allowed_private_places, host_of, shorten_address
from digest.net.per_host import run_per_host
from digest.sources.feed.fulltext import FullText
from digest.sources.feed.sanitise import plain_text, web_address
from digest.sources.feed.source import FeedSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from digest.net.context import FetchContext

MAX_LIST_BYTES = 10_000_000  # bytes
MAX_FEEDS = 5_000  # feeds of one list


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of a list."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """A subscription list."""

    feeds: tuple[Subscription, ...]
    skipped: tuple[str, ...] = ()  # what was left out, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlSource:
    """The feeds of an OPML list; the list is read at every visit."""

    name: str  # unique in the edition
    path: Path | None = None  # the list in a file
    url: str | None = None  # or at an address
    full_text: FullText = "auto"  # as for a feed
    allow_private: bool | tuple[str, ...] = False  # true: the private host of `url`; or a list of host:port
    entries: int = 50  # at most this many of one feed
    silent_after: int = 30  # days without anything new in any feed until that is reported; 0: never

    @property
    def host(self) -> str:
        return host_of(self.url) if self.url else ""

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        """What is new in all feeds, in the list's order; a feed that fails is a problem, a list that fails an error."""
        try:
            listed = parse_opml(self._read_list(visit))
        except OSError as error:
            raise SourceError(f"{self.name}: {self.path} cannot be read: {error.strerror or error}") from error
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error
        yield from (self._problem(message) for message in listed.skipped)
        calls = [(host_of(feed.url), partial(self._fetch_feed, feed, visit)) for feed in listed.feeds]
        got = dict(run_per_host(calls, at_once=visit.fetcher.concurrency_for))
        for index in range(len(calls)):
            yield from got[index]

    def _read_list(self, visit: FetchContext) -> bytes:
        if self.path is not None:
            if self.path.stat().st_size > MAX_LIST_BYTES:
                raise SourceError(f"{self.path} is too large for a list of feeds")
            return self.path.read_bytes()
        if self.url is None:
            raise SourceError("neither path: nor url: is given")
        return visit.fetcher.get(
            self.url, allowed=allowed_private_places(self.url, allow_private=self.allow_private)
        ).body

    def _fetch_feed(self, feed: Subscription, visit: FetchContext) -> list[Raw | Problem]:
        private = self.allow_private if isinstance(self.allow_private, tuple) else self._may_be_private(feed)
        source = FeedSource(
            name=self.name, url=feed.url, full_text=self.full_text, allow_private=private, entries=self.entries
        )
        got: list[Raw | Problem] = []
        label = feed.title or shorten_address(feed.url)
        try:
            got.extend(
                self._problem(f"{label}: {item.message}") if isinstance(item, Problem) else item
                for item in source.fetch(visit)
            )
        except SourceError as error:
            got.append(self._problem(f"{label}: {str(error).removeprefix(f'{self.name}: ')}"))
        return got

    def _may_be_private(self, feed: Subscription) -> bool:
        """Whether the exception for private hosts covers this feed: a list in a file is the user's own word."""
        return bool(self.allow_private) and (self.url is None or host_of(feed.url) == host_of(self.url))

    def _problem(self, message: str) -> Problem:
        return Problem(stage="collect", subject=self.name, message=message)


def parse_opml(data: bytes) -> Subscriptions:
    """The feeds of an OPML list, each once; raises SourceError when `data` is no such list."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser) if data.strip() else None
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError("not a list of feeds (OPML)") from error
    if root is None or str(root.tag).lower() != "opml":
        raise SourceError("not a list of feeds (OPML)")
    feeds: dict[str, Subscription] = {}
    skipped = ["broken in places; read as far as it goes"] if parser.error_log else []
    for outline in root.iter("outline"):
        named = outline.get("xmlUrl") or outline.get("xmlurl") or outline.get("xmlURL")
        if not named:
            continue
        url = web_address(named)
        if url is None or not url.startswith(("http://", "https://")):
            skipped.append(f"{shorten_address(named)} left out: only http and https are read")
        elif len(feeds) < MAX_FEEDS:
            feeds.setdefault(url, Subscription(url=url, title=plain_text(outline.get("title") or outline.get("text"))))
    return Subscriptions(feeds=tuple(feeds.values()), skipped=tuple(skipped[:50]))


def write_opml(title: str, feeds: Iterable[Subscription]) -> bytes:
    """A list of feeds as OPML 2.0 (opml.org/spec2.opml)."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_escape_attribute(title)}</title></head>",
        "  <body>",
        *(
            f"    <outline type={quoteattr('rss')} text={quoteattr(feed.title or feed.url)}"
            f" title={quoteattr(feed.title or feed.url)} xmlUrl={quoteattr(feed.url)}/>"
            for feed in feeds
        ),
        "  </body>",
        "</opml>",
        "",
    ]
    return "\n".join(lines).encode()


def _escape_attribute(text: str) -> str:
    return quoteattr(text)[1:-1]
