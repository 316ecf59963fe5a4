"""What stands at an address: a feed, a list of feeds, a sitemap, or a page that perhaps names a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.net.addresses import exceptions, shortened
from digest.net.fetcher import Fetcher
from digest.sources.feed.discover import discover
from digest.sources.feed.parse import is_page, parse
from digest.sources.opml import subscriptions
from digest.sources.sitemap import sitemap

if TYPE_CHECKING:
    from collections.abc import Callable

READERS: dict[str, Callable[[bytes], object]] = {"sitemap": sitemap, "opml": subscriptions, "feed": parse}


def recognised(url: str, *, allow_private: bool) -> tuple[str, str]:
    """The type of source for an address, and the address to use: that of its feed, when it is a page that names one.

    Raises SourceError when the address cannot be read or holds nothing of use.
    """
    answer = Fetcher().get(url, allowed=exceptions(url, allow_private=allow_private))
    for kind, reader in READERS.items():
        try:
            reader(answer.body)
        except SourceError:
            continue
        return kind, answer.moved or url
    if not is_page(answer.body):
        raise SourceError(f"{shortened(url)}: neither a feed, a list of feeds, a sitemap nor a page")
    feeds = discover(answer.body, answer.url)
    return ("feed", feeds[0].url) if feeds else ("page", url)
