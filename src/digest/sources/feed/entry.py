"""What a feed holds: entries, before anything is known of earlier visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, cleaned of everything that could act."""

    id: str | None = None  # as the feed says; None when it says nothing
    title: str | None = None  # one line of plain text
    link: str | None = None  # http(s) address; relative only when nothing was known to resolve it against
    published: datetime | date | None = None  # as printed: aware, or a day; else when it was last changed
    misdated: bool = False  # it has a date that cannot be right or cannot be read
    content: str = ""  # the fullest text the feed gives
    html: bool = True  # whether `content` is HTML or plain text


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as its bytes say."""

    format: str  # rss20, atom10, json11 ... in feedparser's names; empty when unknown
    title: str | None
    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()  # what was wrong with the bytes, each with what was done about it
