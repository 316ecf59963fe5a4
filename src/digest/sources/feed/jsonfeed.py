"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from digest.errors import SourceError
from digest.sources.feed.dates import parse_standard_date
from digest.sources.feed.entry import Entry, Feed
from digest.sources.feed.sanitise import plain_text, web_address

JSON_FEED_VERSIONS = {"https://jsonfeed.org/version/1": "json10", "https://jsonfeed.org/version/1.1": "json11"}


def is_json(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def parse_json_feed(data: bytes, *, url: str | None = None) -> Feed:
    """The feed in `data`; raises SourceError when it is JSON but no feed, or no JSON at all."""
    try:
        read = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not a feed: broken JSON ({plain_text(str(error), 80)})") from error
    version = read.get("version") if isinstance(read, dict) else None
    items = read.get("items") if isinstance(read, dict) else None
    if not isinstance(version, str) or not version.startswith("https://jsonfeed.org/") or not isinstance(items, list):
        raise SourceError("not a feed: JSON, but no JSON Feed")
    base = url or web_address(_member_text(read, "home_page_url"))
    entries = tuple(_parse_item(item, base) for item in items if isinstance(item, dict))
    dropped = len(items) - len(entries)
    return Feed(
        format=JSON_FEED_VERSIONS.get(version.rstrip("/"), "json"),
        title=plain_text(_member_text(read, "title")),
        entries=entries,
        problems=(f"{dropped} items are no objects; left out",) if dropped else (),
    )


def _parse_item(item: dict[str, Any], base: str | None) -> Entry:
    html, text = _member_text(item, "content_html"), _member_text(item, "content_text")
    date = _member_text(item, "date_published") or _member_text(item, "date_modified")
    published = parse_standard_date(date) if date else None
    return Entry(
        id=_member_text(item, "id"),
        title=plain_text(_member_text(item, "title")),
        link=web_address(_member_text(item, "url") or _member_text(item, "external_url"), base),
        published=published,
        misdated=bool(date) and published is None,
        content=html or text or _member_text(item, "summary") or "",
        html=bool(html),
    )


def _member_text(item: dict[str, Any], name: str) -> str | None:
    """A member as text; the standard wants numbers as ids read as texts."""
    value = item.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) and value.strip() else None
