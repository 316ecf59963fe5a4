"""A visit to anything that lists entries: what is new among them, as documents, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.addresses import host_of
from digest.net.fetcher import FetchError
from digest.net.per_host import run_per_host
from digest.sources.feed.fulltext import FullText, is_teaser, page_of_entry
from digest.sources.feed.history import EntryHistory, load_history, save_history, with_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.net.context import FetchContext
    from digest.sources.feed.entry import Entry, Feed

FUTURE_TOLERANCE = timedelta(days=1)  # zones and clocks differ; a later date is a mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRequest:
    """What a source wants of a list of entries."""

    name: str  # of the source
    url: str  # of the list
    full_text: FullText
    allowed: frozenset[str]  # private `host:port`
    entries: int  # at most this many of one visit


def new_documents(
    wish: EntryRequest, visit: FetchContext, read: Callable[[bool], Feed | None]
) -> Iterator[Raw | Problem]:
    """New and edited entries of the list that `read(known)` gives (None: the same as last time).

    What earlier visits saved is given even when the list cannot be read today; then SourceError is raised.
    """
    history, failure = load_history(visit, wish.name, wish.url), None
    try:
        feed = read(bool(history.seen_entries))
    except SourceError as error:
        feed, failure = None, error
    if feed is not None:
        with_texts(history, visit, wish.name, wish.url)
        entries, misdated = drop_future_dates(feed.entries[: wish.entries], visit.now)
        history.take_entries(entries, visit.now)
        save_history(history, visit, wish.name, wish.url)
        for message in _feed_complaints(feed, history, wish, misdated):
            yield _problem(wish, message)
    if history.has_new_entries(visit.since):
        new = with_texts(history, visit, wish.name, wish.url).new_entries(visit.since)
        yield from _read_entries(wish, visit, new[: wish.entries])
    if failure is not None:
        raise SourceError(f"{wish.name}: {failure}") from failure


def _read_entries(wish: EntryRequest, visit: FetchContext, entries: list[tuple[str, Entry]]) -> Iterator[Raw | Problem]:
    """The entries as documents, in order; pages are fetched side by side, two of a host at a time."""
    got: dict[int, list[Raw | Problem]] = {}
    distant = []
    for index, (key, entry) in enumerate(entries):
        raw = _raw_from_entry(wish, key, entry)
        if raw.url and wish.full_text != "never" and (wish.full_text == "always" or is_teaser(entry)):
            distant.append((index, host_of(raw.url), partial(_with_page_text, wish, visit, entry, raw)))
        else:
            got[index] = [raw]
    for position, found in run_per_host([(host, call) for _, host, call in distant], workers=4):
        got[distant[position][0]] = found
    for index in range(len(entries)):
        for item in got[index]:
            if isinstance(item, Raw) and not item.body.strip():
                yield _problem(wish, f"{item.title or item.key!r} has no text; left out")
            else:
                yield item


def _raw_from_entry(wish: EntryRequest, key: str, entry: Entry) -> Raw:
    return Raw(
        source=wish.name,
        key=key,
        kind=DocumentKind.HTML if entry.html else DocumentKind.TEXT,
        body=entry.content.encode("utf-8", "replace"),
        charset="utf-8",
        title=entry.title,
        url=entry.link if entry.link and entry.link.startswith(("http://", "https://")) else None,
        published=entry.published,
    )


def _with_page_text(wish: EntryRequest, visit: FetchContext, entry: Entry, raw: Raw) -> list[Raw | Problem]:
    """The document with the text of its page, or with the list's when the page cannot be had."""
    try:
        body, charset, url = page_of_entry(entry, visit, wish.name, wish.allowed)
    except FetchError as error:
        instead = "; the feed's text is used" if raw.body.strip() else ""
        return [_problem(wish, f"page of {entry.title or raw.url!r} not read{instead}: {error}"), raw]
    return [replace(raw, kind=DocumentKind.HTML, body=body, charset=charset, url=url)]


def _feed_complaints(feed: Feed, history: EntryHistory, wish: EntryRequest, misdated: int) -> Iterator[str]:
    """What is wrong with a list that can be read all the same."""
    yield from feed.problems
    if not feed.entries:
        yield "the feed is empty; see whether its address is still right"
    nameless = sum(1 for entry in feed.entries if not entry.id and not entry.link)
    if nameless:
        yield f"{nameless} entries without id and link; they are told apart by their titles"
    if history.unstable:
        yield "its ids change from visit to visit; entries are told apart by their links"
    if misdated:
        yield f"{misdated} entries with impossible dates; they count as undated"
    if len(feed.entries) > wish.entries:
        yield f"{len(feed.entries)} entries, of which the first {wish.entries} were read; raise entries: for more"


def _problem(wish: EntryRequest, message: str) -> Problem:
    return Problem(stage="collect", subject=wish.name, message=message)


def drop_future_dates(entries: tuple[Entry, ...], now: datetime) -> tuple[tuple[Entry, ...], int]:
    """The entries without dates of the future, and how many had a date that cannot be."""
    sane = tuple(
        replace(entry, published=None, misdated=True) if _is_future(entry, now) else entry for entry in entries
    )
    return sane, sum(1 for entry in sane if entry.misdated)


def _is_future(entry: Entry, now: datetime) -> bool:
    published = entry.published
    if isinstance(published, datetime):
        return published.astimezone(UTC) > now + FUTURE_TOLERANCE
    return published is not None and published > (now + FUTURE_TOLERANCE).date()
