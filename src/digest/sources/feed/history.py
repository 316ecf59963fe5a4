"""What a feed's entries were on earlier visits: which are new, which were edited, which only changed their id.

An entry is new to the issue whose last predecessor is older than the moment when the entry was first met or last
edited. So nothing is lost when an issue fails or is built twice, nor when `digest fetch` polls in between: entries
stay in the history, even when the feed has dropped them, until an issue has had them.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from digest.sources.feed.entry import Entry
from digest.sources.feed.identity import comparable_link, entry_fingerprint, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from digest.net.context import FetchContext

RECOGNISED_FOR = timedelta(days=60)  # how long an entry that left the feed is still recognised
TEXT_KEPT_FOR = timedelta(days=30)  # how long its text is kept for a first issue
UNSTABLE_SHARE = 0.5  # share of entries with a new id but an old place from which ids are called unstable


@dataclass(slots=True, kw_only=True)
class SeenEntry:
    """What is known of one entry but its text."""

    met: datetime
    edited: datetime
    seen: datetime  # the last visit at which the feed held it
    fingerprint: str  # fingerprint of title and text
    place: str  # of its link; empty when it has none

    @property
    def last_change(self) -> datetime:
        return max(self.met, self.edited)


@dataclass(slots=True, kw_only=True)
class EntryHistory:
    """The entries of one feed, as remembered under its source and address."""

    seen_entries: dict[str, SeenEntry] = field(default_factory=dict)
    current: list[str] = field(default_factory=list)  # keys in the feed's order, as it last was
    texts: dict[str, Entry] | None = None  # None: not yet recalled
    unstable: bool = False  # ids changed on the last visit

    def take_entries(self, entries: Iterable[Entry], now: datetime) -> None:
        """Put the feed's entries of today beside those of earlier visits."""
        keyed = list(_entries_with_keys(entries))
        old_places = {known.place: key for key, known in reversed(self.seen_entries.items()) if known.place}
        arriving = Counter(place for _, place, _ in keyed)
        taken, texts, renamed = {key for key, _, _ in keyed}, dict(self.texts or {}), 0
        self.current = []
        for key, place, entry in keyed:
            known = old_places.get(place) if place and arriving[place] == 1 else None
            if key not in self.seen_entries and known and known not in taken:
                key, renamed = known, renamed + 1  # noqa: PLW2901 - the old name of the same entry
            self._note_entry(key, entry, place, now)
            texts[key] = entry
            self.current.append(key)
        self.unstable = renamed > 1 and renamed >= UNSTABLE_SHARE * len(keyed)
        self.texts = texts

    def new_entries(self, since: datetime | None) -> list[tuple[str, Entry]]:
        """What came or changed after `since`: the feed's own order first, then what has left it; with None all
        that the feed holds.
        """
        fallen = sorted((known.met, key) for key, known in self.seen_entries.items() if key not in set(self.current))
        order = [*self.current, *(key for _, key in fallen)] if since else self.current
        texts = self.texts or {}
        return [
            (key, texts[key])
            for key in order
            if key in texts and (not since or self.seen_entries[key].last_change > since)
        ]

    def has_new_entries(self, since: datetime | None) -> bool:
        return any(not since or known.last_change > since for known in self.seen_entries.values())

    def forget_old_entries(self, now: datetime, since: datetime | None) -> None:
        """Forget what no issue can want any more."""
        current = set(self.current)
        self.seen_entries = {
            key: known
            for key, known in self.seen_entries.items()
            if key in current or now - known.seen <= RECOGNISED_FOR
        }
        floor = since or now - TEXT_KEPT_FOR
        self.texts = {
            key: entry
            for key, entry in (self.texts or {}).items()
            if key in current or (key in self.seen_entries and self.seen_entries[key].last_change > floor)
        }

    def _note_entry(self, key: str, entry: Entry, place: str, now: datetime) -> None:
        known, mark = self.seen_entries.get(key), entry_fingerprint(entry)
        if known is None:
            self.seen_entries[key] = SeenEntry(met=now, edited=now, seen=now, fingerprint=mark, place=place)
            return
        edited = known.edited if known.fingerprint == mark else now
        # A clock that was ahead on an earlier visit must not make an entry new for ever.
        self.seen_entries[key] = SeenEntry(
            met=min(known.met, now), edited=min(edited, now), seen=now, fingerprint=mark, place=place
        )


def load_history(visit: FetchContext, source: str, url: str) -> EntryHistory:
    """The history as it was saved, its texts not yet read."""
    kept = visit.state.recall(source, f"cards {url}")
    if not kept:
        return EntryHistory()
    read = json.loads(kept["cards"])
    return EntryHistory(
        seen_entries={key: _seen_entry_from_fields(fields) for key, fields in read["cards"].items()},
        current=read["current"],
        unstable=read["unstable"],
    )


def with_texts(history: EntryHistory, visit: FetchContext, source: str, url: str) -> EntryHistory:
    """The same history with its texts read."""
    if history.texts is None:
        kept = visit.state.recall(source, f"texts {url}")
        read = json.loads(zlib.decompress(base64.b64decode(kept["texts"]))) if kept else {}
        history.texts = {key: _entry_from_fields(fields) for key, fields in read.items()}
    return history


def save_history(history: EntryHistory, visit: FetchContext, source: str, url: str) -> None:
    """Save the history for the next fetch."""
    wanted = [moment for moment in (visit.since, visit.kept_since) if moment is not None]
    history.forget_old_entries(visit.now, min(wanted, default=None))
    cards = {
        key: [known.met.isoformat(), known.edited.isoformat(), known.seen.isoformat(), known.fingerprint, known.place]
        for key, known in history.seen_entries.items()
    }
    index = json.dumps({"cards": cards, "current": history.current, "unstable": history.unstable})
    visit.state.remember(source, f"cards {url}", {"cards": index})
    texts = json.dumps({key: _entry_as_fields(entry) for key, entry in (history.texts or {}).items()})
    packed = base64.b64encode(zlib.compress(texts.encode(), 1)).decode()
    visit.state.remember(source, f"texts {url}", {"texts": packed})


def _entries_with_keys(entries: Iterable[Entry]) -> Iterator[tuple[str, str, Entry]]:
    """Entries with keys and places, each once; two different ones under the same id are told apart."""
    seen: dict[str, str] = {}
    for entry in entries:
        key, place = key_of(entry), comparable_link(entry.link)
        mark = place or entry.title or ""
        if key in seen:
            if seen[key] == mark:
                continue
            key = f"{key} {sha256(mark.encode('utf-8', 'replace')).hexdigest()[:8]}"
            if key in seen:
                continue
        seen[key] = mark
        yield key, place, entry


def _seen_entry_from_fields(fields: list[str]) -> SeenEntry:
    met, edited, seen = (datetime.fromisoformat(text) for text in fields[:3])
    return SeenEntry(met=met, edited=edited, seen=seen, fingerprint=fields[3], place=fields[4])


def _entry_as_fields(entry: Entry) -> list[Any]:
    published = entry.published.isoformat() if entry.published else None
    return [entry.id, entry.title, entry.link, published, entry.content, entry.html]


def _entry_from_fields(fields: list[Any]) -> Entry:
    identity, title, link, printed, content, html = fields
    published = None
    if printed:
        published = datetime.fromisoformat(printed) if "T" in printed else datetime.fromisoformat(printed).date()
    return Entry(id=identity, title=title, link=link, published=published, content=content, html=html)
