"""Schedule: which issues appear now, and the daemon that asks.

APScheduler is only a bell: being called means nothing. `publish_due_slots` asks which slots are due and have no row, and
claims them in the store; calling it twice, late, from two daemons or after a crash changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.delivery.model import IssueState
from digest.delivery.publish import Mailing, publish_issue
from digest.errors import DigestError, StoreError
from digest.faults import faultpoint
from digest.schedule.plan import SlotDecision, plan_slots
from digest.schedule.slots import (
    CatchUp,
    Schedule,
    Slot,
    due_slots,
    editor_hold,
    next_slots,
    same_wall_time,
    window_opening,
)

if TYPE_CHECKING:
    from digest.delivery.model import IssueRow
    from digest.delivery.publish import Publication
    from digest.model import Problem, Reader
    from digest.stores.sql import Store

LOG = logging.getLogger(__name__)
BUILD_LEASE = 3600.0  # seconds until a silent builder counts as dead where that cannot be seen
MAX_BUILD_ATTEMPTS = 5  # attempts to build an issue
RETRY_SECONDS = (60.0, 300.0, 900.0, 1800.0)  # seconds between them
STALE_AFTER_NEXT_SLOT = timedelta(days=1)  # after the next slot: then open copies are given up


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledEdition:
    """An edition as the schedule sees it."""

    edition: str
    schedule: Schedule | None  # None: appears only by hand
    zone: ZoneInfo
    build: Callable[[Slot], Mailing | str]  # the issue, or the reason why there is none


@dataclass(slots=True)
class TickReport:
    """What one tick did, for the log and for alarms."""

    published: list[str] = field(default_factory=list)  # issue ids
    skipped: list[tuple[str, str]] = field(default_factory=list)  # (issue id, reason)
    failed: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)  # readers with addresses that cannot be used


def publish_due_slots(store: Store, papers: list[ScheduledEdition], now: datetime) -> TickReport:
    """Give every due slot of every paper its row: published, skipped with a reason, or to be tried again."""
    done = TickReport()
    for paper in papers:
        if paper.schedule is not None:
            _publish_edition(store, paper, paper.schedule, now, done)
    return done


def publish_slot(store: Store, paper: ScheduledEdition, slot: Slot, now: datetime) -> Publication | str | None:
    """Build and publish one slot, once: the publication, the reason why there is no issue, or None.

    None means that the slot is done, or somebody else is at it. Errors of the build go up, after the row has noted
    them; the slot is tried again by later ticks.
    """
    owner = store.runs.sign_on()
    try:
        instant = slot.instant.timestamp()
        began = {"owner": owner, "now": now.timestamp(), "lease": BUILD_LEASE}
        issue_id = store.issues.claim_slot(paper.edition, slot.label, instant, **began)  # type: ignore[arg-type]
        issue = None if issue_id is None else store.issues.get_issue(issue_id)
        return None if issue is None else _build_and_publish(store, paper, slot, issue, now)
    finally:
        store.runs.sign_off(owner)


def slots_due_after(store: Store, paper: ScheduledEdition, now: datetime) -> datetime:
    """From when on slots are due: the newest slot with a row, or the moment the edition was first scheduled."""
    newest = store.issues.newest_slot_instant(paper.edition, until=now.timestamp())
    first = store.source_state.recall("schedule", paper.edition)
    if first is None:
        first = store.source_state.remember_first("schedule", paper.edition, now.timestamp())
    return datetime.fromtimestamp(max(newest or 0.0, float(first)), UTC)


def _publish_edition(
    store: Store, paper: ScheduledEdition, schedule: Schedule, now: datetime, done: TickReport
) -> None:
    due = due_slots(schedule, paper.zone, slots_due_after(store, paper, now), now)
    decisions = plan_slots(schedule, paper.zone, due, now)
    fresh = [decision.slot for decision in decisions if decision.is_to_be_built]
    for row in store.issues.unfinished_issues(paper.edition, now=now.timestamp()):
        slot = Slot(label=row.slot, instant=datetime.fromtimestamp(row.slot_utc, UTC))
        if fresh and schedule.catch_up is not CatchUp.ALL:
            reason = f"merged into {fresh[-1].label}"
            store.issues.stop_building(row.id, IssueState.SKIPPED, reason, now=now.timestamp())
            done.skipped.append((row.name, reason))
        else:
            _publish_and_note(store, paper, slot, now, done)
    _record_skipped(store, paper, [decision for decision in decisions if not decision.is_to_be_built], now, done)
    for slot in fresh:
        _publish_and_note(store, paper, slot, now, done)


def _record_skipped(
    store: Store, paper: ScheduledEdition, decisions: list[SlotDecision], now: datetime, done: TickReport
) -> None:
    slots = [(decision.slot.label, decision.slot.instant.timestamp(), decision.reason) for decision in decisions]
    added = set(store.issues.skip_slots(paper.edition, slots, now=now.timestamp()))
    done.skipped += [(f"{paper.edition}/{label}", reason) for label, _, reason in slots if label in added]


def _publish_and_note(store: Store, paper: ScheduledEdition, slot: Slot, now: datetime, done: TickReport) -> None:
    name = f"{paper.edition}/{slot.label}"
    try:
        appeared = publish_slot(store, paper, slot, now)
    except StoreError:
        raise
    except DigestError as error:
        done.failed.append((name, str(error)))
    except Exception as error:  # a bug in one edition must not silence the others
        LOG.exception("%s: not built", name)
        done.failed.append((name, f"{type(error).__name__}: {error}"))
    else:
        if isinstance(appeared, str):
            done.skipped.append((name, appeared))
        elif appeared is not None and appeared.fresh:
            done.published.append(name)
            done.problems += appeared.problems


def _build_and_publish(
    store: Store, paper: ScheduledEdition, slot: Slot, issue: IssueRow, now: datetime
) -> Publication | str | None:
    stamp = now.timestamp()
    faultpoint("before_build")
    try:
        made = paper.build(slot)
        if isinstance(made, str):
            store.issues.stop_building(issue.id, IssueState.SKIPPED, made, now=stamp)
            return made
        return publish_issue(store, issue, _with_schedule_times(paper, slot, made, now), now=stamp)
    except StoreError:
        raise  # nothing can be noted; the row is taken up again by the next tick
    except Exception as error:
        again = stamp + RETRY_SECONDS[min(issue.attempts, len(RETRY_SECONDS) - 1)]
        tired = issue.attempts + 1 >= MAX_BUILD_ATTEMPTS
        state = IssueState.FAILED if tired else IssueState.BUILDING
        reason = f"{type(error).__name__}: {error}"[:500]
        store.issues.stop_building(issue.id, state, reason, now=stamp, again=None if tired else again)
        raise


def _with_schedule_times(paper: ScheduledEdition, slot: Slot, mailing: Mailing, now: datetime) -> Mailing:
    """The mailing with the schedule's times: window, readers' own hours, editor's hold, when its copies are stale."""
    schedule = paper.schedule
    if schedule is None:
        return mailing
    # Counted from now and not from the slot: an issue that catches up on a slot of last week is as new as any other.
    following = next_slots(schedule, paper.zone, max(slot.instant, now) + timedelta(seconds=1), 1)
    give_up = mailing.give_up
    if give_up is None and following:
        give_up = (following[0].instant + STALE_AFTER_NEXT_SLOT).timestamp()
    held, delay = editor_hold(schedule)
    until = (now + delay).timestamp() if delay is not None else mailing.hold_until
    return replace(
        mailing,
        not_before=_leaving_times(paper, schedule, slot, mailing, now),
        give_up=give_up,
        hold=held or mailing.hold,
        hold_until=until,
    )


def _leaving_times(
    paper: ScheduledEdition, schedule: Schedule, slot: Slot, mailing: Mailing, now: datetime
) -> Callable[[Reader], float]:
    """When a reader's copy may leave."""
    if schedule.window is None and not schedule.reader_time:
        return mailing.not_before

    def not_before(reader: Reader) -> float:
        zone = ZoneInfo(reader.timezone) if reader.timezone else paper.zone
        due = same_wall_time(slot.instant, paper.zone, zone) if schedule.reader_time else now
        return max(window_opening(schedule.window, zone, max(due, now)).timestamp(), mailing.not_before(reader))

    return not_before
