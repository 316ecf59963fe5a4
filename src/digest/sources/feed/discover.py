"""The feeds that an HTML page names."""

from __future__ import annotations

from dataclasses import dataclass

from digest.sources.feed.sanitise import address, plain

KINDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
SAMPLE = 500_000  # bytes; the head of a page is at its beginning
MOST = 20  # feeds of one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that a page names."""

    url: str
    title: str | None


def discover(page: bytes, url: str) -> tuple[Found, ...]:
    """The feeds named by `<link rel="alternate">` in the page at `url`, in its order; comment feeds last."""
    from lxml import etree, html

    try:
        root = html.document_fromstring(page[:SAMPLE], parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ()
    base = address(next((element.get("href") for element in root.iter("base")), None), url) or url
    found: dict[str, Found] = {}
    for link in root.iter("link"):
        if "alternate" in (link.get("rel") or "").lower().split() and _is_feed(link.get("type")):
            where = address(link.get("href"), base)
            if where and len(found) < MOST:
                found.setdefault(where, Found(url=where, title=plain(link.get("title"))))
    return tuple(sorted(found.values(), key=lambda feed: "comment" in (feed.url + (feed.title or "")).lower()))


def _is_feed(kind: str | None) -> bool:
    return (kind or "").split(";", 1)[0].strip().lower() in KINDS
