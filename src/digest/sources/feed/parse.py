"""Bytes in, entries out: RSS, Atom, RDF, CDF and JSON feeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.sources.feed.fast import parse_clean_feed
from digest.sources.feed.jsonfeed import is_json, parse_json_feed
from digest.sources.feed.tolerant import parse_any_feed

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.sources.feed.entry import Feed

MAX_FEED_BYTES = 10_000_000  # bytes; a larger feed is an archive or an attack
HTML_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
UTF8_NAMES = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def parse_feed(data: bytes, *, url: str | None = None, charset: str | None = None) -> Feed:
    """The feed in `data`: lxml's quick reading where it is clean, feedparser's where it is not.

    `url` is where the feed came from: relative links are resolved against it. `charset` is what the
    transport declared. Raises SourceError (without naming a source) when there is no feed in `data`.
    """
    if len(data) > MAX_FEED_BYTES:
        raise SourceError(f"{len(data)} bytes are more than a feed may have ({MAX_FEED_BYTES})")
    if not data.strip():
        raise SourceError("not a feed: empty")
    if is_json(data):
        return parse_json_feed(data, url=url)
    read = parse_clean_feed(data, url=url) if not charset or charset.lower() in UTF8_NAMES else None
    return read or _parse_tolerantly(parse_any_feed, data, url, charset)


def is_html_page(data: bytes) -> bool:
    """Whether `data` looks like an HTML page."""
    return bool(HTML_PAGE.search(data, 0, 2000))


def _parse_tolerantly(read: Callable[..., Feed], data: bytes, url: str | None, charset: str | None) -> Feed:
    try:
        feed = read(data, url=url, charset=charset)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, AssertionError) as error:
        raise SourceError(f"not a feed that can be read ({type(error).__name__})") from error
    if not feed.format and not feed.entries:
        raise SourceError("not a feed: an HTML page" if is_html_page(data) else "not a feed")
    return feed
