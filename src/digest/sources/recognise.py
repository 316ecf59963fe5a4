"""What stands at an address: a feed, a list of feeds, a sitemap, or a page that perhaps names a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.net.addresses import allowed_private_places, shorten_address
from digest.net.fetcher import Fetcher
from digest.sources.feed.discover import discover_feeds
from digest.sources.feed.parse import is_html_page, parse_feed
from digest.sources.opml import parse_opml
from digest.sources.sitemap import parse_sitemap

if TYPE_CHECKING:
    from collections.abc import Callable

PARSERS_BY_TYPE: dict[str, Callable[[bytes], object]] = {
    "sitemap": parse_sitemap,
    "opml": parse_opml,
    "feed": parse_feed,
}


def recognise_source(url: str, *, allow_private: bool) -> tuple[str, str]:
    """The type of source for an address, and the address to use: that of its feed, when it is a page that names one.

    Raises SourceError when the address cannot be read or holds nothing of use.
    """
    answer = Fetcher().get(url, allowed=allowed_private_places(url, allow_private=allow_private))
    for kind, reader in PARSERS_BY_TYPE.items():
        try:
            reader(answer.body)
        except SourceError:
            continue
        return kind, answer.moved_to or url
    if not is_html_page(answer.body):
        raise SourceError(f"{shorten_address(url)}: neither a feed, a list of feeds, a sitemap nor a page")
    feeds = discover_feeds(answer.body, answer.url)
    return ("feed", feeds[0].url) if feeds else ("page", url)
