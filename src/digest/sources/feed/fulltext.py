"""The whole text of an entry whose feed has only a teaser: its page."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING, Literal

from digest.net.fetcher import FetchError
from digest.sources.feed.sanitise import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.net.context import FetchContext
    from digest.net.fetcher import Response
    from digest.sources.feed.entry import Entry

FullText = Literal["auto", "never", "always"]
MIN_WORDS = 120  # words; a shorter text of a feed is taken for a teaser
MAX_PAGE_BYTES = 1_000_000  # characters of a packed page that is kept for the next visit
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})
TEASER_END = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|(?:read|continue)(?: reading| more| the full (?:story|article))?\s*[»→>]*"
    r"|(?:weiterlesen|mehr lesen|lire la suite|leer más|leggi tutto|lees meer|leia mais)\W*)\Z",
    re.IGNORECASE,
)


def is_teaser(entry: Entry) -> bool:
    """Whether the feed's text is short or says itself that it goes on elsewhere."""
    text = plain_text(entry.content[:5_000], 2_000) or ""
    if len(text.split()) < MIN_WORDS:
        return True
    tail = (plain_text(entry.content[-400:], 400) or "").split()[-6:]
    return bool(TEASER_END.search(" ".join(tail)))


def page_of_entry(
    entry: Entry, visit: FetchContext, source: str, allowed: frozenset[str]
) -> tuple[bytes, str | None, str]:
    """The entry's page: bytes, charset, address; from memory when it was read before. Raises FetchError."""
    link = entry.link or ""
    kept = visit.state.recall(source, f"page {link}")
    if kept:
        return unpack_page(kept)
    answer = visit.fetcher.get_page(link, allowed=allowed)
    note = pack_page(answer)
    if len(note["body"]) <= MAX_PAGE_BYTES:
        visit.state.remember(source, f"page {link}", note)
    return unpack_page(note)


def pack_page(answer: Response) -> dict[str, str]:
    """A page as it is remembered; raises FetchError when it is none."""
    if answer.media_type not in PAGE_TYPES or answer.body[:4].startswith(
        (b"%PDF", b"PK", b"\x89PNG", b"\xff\xd8", b"GIF8")
    ):
        raise FetchError(f"it is no HTML page ({answer.media_type[:40] or 'unknown kind'})")
    note = {"body": base64.b64encode(zlib.compress(answer.body, 6)).decode(), "url": answer.url}
    return note | ({"charset": answer.charset} if answer.charset else {})


def unpack_page(note: Mapping[str, str]) -> tuple[bytes, str | None, str]:
    """Bytes, charset and address of a remembered page."""
    return zlib.decompress(base64.b64decode(note["body"])), note.get("charset"), note["url"]
