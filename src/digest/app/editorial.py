"""What the store says: edits, the calendar, and an editor's word on issues. The store is opened for each question."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.errors import UsageError
from digest.stages.edit import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.config import Config, Edition
    from digest.stores.sql import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A slot that is due."""

    label: str
    when: str  # local time, with the zone's name
    note: str = ""  # what is special: the clock changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An issue that the store knows."""

    id: int
    label: str
    state: str  # IssueState
    reason: str
    when: str  # local time of the last change
    copies: Mapping[str, int]  # state -> number of readers' copies

    @property
    def held(self) -> bool:
        return self.state == "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What comes and what was."""

    lines: tuple[str, ...]  # cron lines; empty: made by hand only
    zone: str
    coming: tuple[Coming, ...]
    gone: tuple[Gone, ...]
    stuck: tuple[str, ...] = ()  # copies that need somebody, a line each
    hold: bool = False  # the next issue waits for an editor


NEXT = 7  # slots shown
LAST = 20  # issues shown
STUCK = 50  # copies shown
WHO = "the preview"


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The store of a configuration, as the preview uses it."""

    config: Config

    def edits(self, edition: str) -> tuple[Edit, ...]:
        """An editor's decisions, in order."""
        from digest.app.newsroom import editor_decisions

        with self._reading() as store:
            return editor_decisions(store, edition) if store else ()

    def decide(self, edition: str, edit: Edit, *, undo: bool, now: datetime) -> None:
        """Keep or take back one."""
        with self._opened() as store:
            if undo:
                store.edits.take_back(edition, edit.verb, edit.story)
            else:
                store.edits.keep(edition, edit.verb, edit.story, edit.value, now=now.timestamp())

    def calendar(self, edition: Edition, now: datetime) -> Calendar:
        """Slots that come, issues that were, copies that need somebody."""
        zone = ZoneInfo(edition.timezone)
        coming = _coming(edition, zone, now)
        lines = edition.schedule.lines if edition.schedule else ()
        with self._reading() as store:
            return Calendar(
                lines=lines,
                zone=edition.timezone,
                coming=coming,
                gone=_gone(store, edition.key, zone) if store else (),
                stuck=_stuck(store, edition.key) if store else (),
                hold=bool(store and store.holds(edition.key)),
            )

    def rule(self, edition: str, verdict: str, issue: int | None, now: datetime) -> None:
        """`hold` or `release` what comes; `approve` or `reject` a held issue. UsageError when that cannot be."""
        if verdict not in {"hold", "release", "approve", "reject"}:
            raise UsageError(f"{verdict!r} is no verdict")
        with self._opened() as store:
            if verdict in {"hold", "release"}:
                store.hold(edition, wanted=verdict == "hold")
                return
            row = store.issues.get(issue) if issue is not None else None
            if row is None or row.edition != edition:
                raise UsageError("there is no such issue")
            act = store.issues.approve if verdict == "approve" else store.issues.reject
            if not act(row.id, who=WHO, now=now.timestamp()):
                raise UsageError(f"{row.name}: is not held (any more)")

    @contextmanager
    def _opened(self) -> Iterator[Store]:
        with closing(self.config.open_store()) as store:
            yield store

    @contextmanager
    def _reading(self) -> Iterator[Store | None]:
        """The store, or None when it does not exist yet: looking must not make one."""
        if self.config.has_store():
            with self._opened() as store:
                yield store
        else:
            yield None


def _coming(edition: Edition, zone: ZoneInfo, now: datetime) -> tuple[Coming, ...]:
    from digest.schedule.slots import next_slots

    slots = next_slots(edition.schedule, zone, now, NEXT) if edition.schedule else []
    return tuple(
        Coming(label=slot.label, when=f"{slot.instant.astimezone(zone):%A %d %B %Y, %H:%M %Z}", note=slot.note)
        for slot in slots
    )


def _gone(store: Store, edition: str, zone: ZoneInfo) -> tuple[Gone, ...]:
    return tuple(
        Gone(
            id=row.id,
            label=row.period,
            state=row.state,
            reason=row.reason,
            when=f"{datetime.fromtimestamp(row.updated, UTC).astimezone(zone):%Y-%m-%d %H:%M}",
            copies=store.desk.counts(row.id),
        )
        for row in store.issues.all(edition, limit=LAST)
    )


def _stuck(store: Store, edition: str) -> tuple[str, ...]:
    from digest.delivery.model import RowState

    rows = store.desk.rows(RowState.DEAD, RowState.UNKNOWN, RowState.DEFERRED, limit=10 * STUCK)
    return tuple(
        f"{row.period}: {row.rcpt} by {row.channel}: {row.state}: {row.last_code or ''} {row.last_text or ''}".strip()
        for row in rows
        if row.edition == edition
    )[:STUCK]
