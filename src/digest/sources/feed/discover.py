"""The feeds that an HTML page names."""

from __future__ import annotations

from dataclasses import dataclass

from digest.sources.feed.sanitise import plain_text, web_address

FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
MAX_SCANNED_BYTES = 500_000  # bytes; the head of a page is at its beginning
MAX_FEEDS = 20  # feeds of one page


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFeed:
    """A feed that a page names."""

    url: str
    title: str | None


def discover_feeds(page: bytes, url: str) -> tuple[NamedFeed, ...]:
    """The feeds named by `<link rel="alternate">` in the page at `url`, in its order; comment feeds last."""
    from lxml import etree, html

    try:
        root = html.document_fromstring(page[:MAX_SCANNED_BYTES], parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    base = web_address(next((element.get("href") for element in root.iter("base")), None), url) or url
    found: dict[str, NamedFeed] = {}
    for link in root.iter("link"):
        if "alternate" in (link.get("rel") or "").lower().split() and _is_feed_type(link.get("type")):
            where = web_address(link.get("href"), base)
            if where and len(found) < MAX_FEEDS:
                found.setdefault(where, NamedFeed(url=where, title=plain_text(link.get("title"))))
    return tuple(sorted(found.values(), key=lambda feed: "comment" in (feed.url + (feed.title or "")).lower()))


def _is_feed_type(kind: str | None) -> bool:
    return (kind or "").split(";", 1)[0].strip().lower() in FEED_TYPES
