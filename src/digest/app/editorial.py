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
class UpcomingSlot:
    """A slot that is due."""

    label: str
    when: str  # local time, with the zone's name
    note: str = ""  # what is special: the clock changes


@dataclass(frozen=True, slots=True, kw_only=True)
class PastIssue:
    """An issue that the store knows."""

    id: int
    label: str
    state: str  # IssueState
    reason: str
    when: str  # local time of the last change
    copies: Mapping[str, int]  # state -> number of readers' copies

    @property
    def is_held(self) -> bool:
        return self.state == "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionCalendar:
    """What comes and what was."""

    lines: tuple[str, ...]  # cron lines; empty: made by hand only
    zone: str
    coming: tuple[UpcomingSlot, ...]
    gone: tuple[PastIssue, ...]
    stuck: tuple[str, ...] = ()  # copies that need somebody, a line each
    hold: bool = False  # the next issue waits for an editor


UPCOMING_SLOTS_SHOWN = 7  # slots shown
PAST_ISSUES_SHOWN = 20  # issues shown
STUCK_DELIVERIES_SHOWN = 50  # copies shown
OPERATOR = "the preview"


@dataclass(frozen=True, kw_only=True)
class EditorialStore:
    """The store of a configuration, as the preview uses it."""

    config: Config

    def editor_decisions(self, edition: str) -> tuple[Edit, ...]:
        """An editor's decisions, in order."""
        from digest.app.newsroom import editor_decisions

        with self._open_existing_store() as store:
            return editor_decisions(store, edition) if store else ()

    def record_decision(self, edition: str, edit: Edit, *, undo: bool, now: datetime) -> None:
        """Keep or take back one."""
        with self._open_store() as store:
            if undo:
                store.edits.forget_edit(edition, edit.verb, edit.story)
            else:
                store.edits.keep_edit(edition, edit.verb, edit.story, edit.value, now=now.timestamp())

    def edition_calendar(self, edition: Edition, now: datetime) -> EditionCalendar:
        """Slots that come, issues that were, copies that need somebody."""
        zone = ZoneInfo(edition.timezone)
        coming = _upcoming_slots(edition, zone, now)
        lines = edition.schedule.cron_lines if edition.schedule else ()
        with self._open_existing_store() as store:
            return EditionCalendar(
                lines=lines,
                zone=edition.timezone,
                coming=coming,
                gone=_past_issues(store, edition.key, zone) if store else (),
                stuck=_stuck_deliveries(store, edition.key) if store else (),
                hold=bool(store and store.is_held(edition.key)),
            )

    def apply_ruling(self, edition: str, verdict: str, issue: int | None, now: datetime) -> None:
        """`hold` or `release` what comes; `approve` or `reject` a held issue. UsageError when that cannot be."""
        if verdict not in {"hold", "release", "approve", "reject"}:
            raise UsageError(f"{verdict!r} is no verdict")
        with self._open_store() as store:
            if verdict in {"hold", "release"}:
                store.set_hold(edition, wanted=verdict == "hold")
                return
            row = store.issues.get_issue(issue) if issue is not None else None
            if row is None or row.edition != edition:
                raise UsageError("there is no such issue")
            act = store.issues.approve if verdict == "approve" else store.issues.reject
            if not act(row.id, who=OPERATOR, now=now.timestamp()):
                raise UsageError(f"{row.name}: is not held (any more)")

    @contextmanager
    def _open_store(self) -> Iterator[Store]:
        with closing(self.config.open_store()) as store:
            yield store

    @contextmanager
    def _open_existing_store(self) -> Iterator[Store | None]:
        """The store, or None when it does not exist yet: looking must not make one."""
        if self.config.has_store():
            with self._open_store() as store:
                yield store
        else:
            yield None


def _upcoming_slots(edition: Edition, zone: ZoneInfo, now: datetime) -> tuple[UpcomingSlot, ...]:
    from digest.schedule.slots import next_slots

    slots = next_slots(edition.schedule, zone, now, UPCOMING_SLOTS_SHOWN) if edition.schedule else []
    return tuple(
        UpcomingSlot(label=slot.label, when=f"{slot.instant.astimezone(zone):%A %d %B %Y, %H:%M %Z}", note=slot.note)
        for slot in slots
    )


def _past_issues(store: Store, edition: str, zone: ZoneInfo) -> tuple[PastIssue, ...]:
    return tuple(
        PastIssue(
            id=row.id,
            label=row.slot,
            state=row.state,
            reason=row.reason,
            when=f"{datetime.fromtimestamp(row.updated, UTC).astimezone(zone):%Y-%m-%d %H:%M}",
            copies=store.operator.count_by_state(row.id),
        )
        for row in store.issues.list_issues(edition, limit=PAST_ISSUES_SHOWN)
    )


def _stuck_deliveries(store: Store, edition: str) -> tuple[str, ...]:
    from digest.delivery.model import DeliveryState

    rows = store.operator.list_deliveries(
        DeliveryState.DEAD, DeliveryState.UNKNOWN, DeliveryState.DEFERRED, limit=10 * STUCK_DELIVERIES_SHOWN
    )
    return tuple(
        f"{row.slot}: {row.rcpt} by {row.channel}: {row.state}: {row.last_code or ''} {row.last_text or ''}".strip()
        for row in rows
        if row.edition == edition
    )[:STUCK_DELIVERIES_SHOWN]
