"""`digest send`: publish an issue once, deliver what is open."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parseaddr
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.app.send import send_one
from digest.cli.options import (
    Talk,
    at_option,
    clock_at,
    config_option,
    edition_option,
    load_config,
    out_option,
    pick_edition,
    quiet_option,
)
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.app.newsroom import Newsroom
    from digest.clock import Clock
    from digest.config import Config, Edition
    from digest.delivery.protocols import Report

REASONS_SHOWN = 3


@click.command("send", short_help="Publish an issue once and deliver what is open.")
@config_option
@edition_option
@at_option
@click.option("--to", metavar="A@B", help="Send a test copy to this address only; nothing is published or remembered.")
@out_option
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@quiet_option
def command(  # noqa: PLR0913 - one parameter for each option
    config_path: Path,
    edition_key: str | None,
    at: str | None,
    to: str | None,
    out: Path,
    *,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Publish the issue of the present slot once, with what is new, and deliver every open copy.

    Safe to repeat: a published issue is not made again, and no reader gets a second copy.

    \b
    Example:
      digest send --at 2026-11-23T07:00
      digest send --to me@example.org
    """
    talk = Talk(quiet=quiet, verbose=verbose)
    config = load_config(config_path)
    edition = pick_edition(config, edition_key)
    clock = clock_at(at, edition.timezone)
    if not edition.channels:
        raise UsageError(f"edition {edition.key!r} has no channel: add `deliver:` to {config_path}")
    if to is not None or dry_run:
        return test_copy(config, edition, clock.start, to, talk, dry_run=dry_run)
    return publish_and_deliver(config, edition, clock, out, talk)


def publish_and_deliver(config: Config, edition: Edition, clock: Clock, out: Path, talk: Talk) -> int:
    """The whole of `send`: exit code 0, 4 when there was nothing, 5 when something is left or went wrong."""
    from digest.app.newsroom import Newsroom, opened
    from digest.cli.progress import progress_bar
    from digest.delivery.protocols import Surroundings
    from digest.delivery.run import deliver

    with opened(config) as store, stoppable() as stop, progress_bar(quiet=talk.quiet) as draw:
        room = Newsroom(config=config, store=store, out=out, progress=draw)
        issue = published(room, edition, clock.start, talk)
        done, of = count(1), store.outbox.waiting()
        told = lambda _row, _outcome: draw("send", min(next(done), of), of)  # noqa: E731
        around = Surroundings(clock=clock, stop=stop.event, told=told)
        report = deliver(store, room.channels(), room.copies(), around, only=issue)
        orphans = room.orphans()
    tell_orphans(orphans, talk)
    tell(report, talk, clock)
    if stop.number:
        return 128 + stop.number
    if not report.complete or room.problems or orphans:
        return 5
    return 0 if report.sent else 4


def published(room: Newsroom, edition: Edition, when: datetime, talk: Talk) -> int | None:
    """Publish the issue of the present slot, unless it was; the row to deliver, None when there is none.

    Nothing new leaves no trace: an article that comes before the hour of the schedule still finds its slot open.
    """
    from digest.app.tick import appear
    from digest.delivery.model import IssueState
    from digest.schedule.slots import slot_at

    zone = ZoneInfo(edition.timezone)
    slot = slot_at(edition.schedule, zone, when)
    row = room.store.issues.find(edition.key, slot.label)
    if row is not None and row.state in {IssueState.SKIPPED, IssueState.FAILED}:
        slot = replace(slot, label=f"{when.astimezone(zone):%Y-%m-%dT%H:%M}", instant=when)
        row = room.store.issues.find(edition.key, slot.label)
    if row is None or row.state == IssueState.BUILDING:
        mailing = room.mailing(edition, slot, now=when)
        for problem in room.problems:
            talk.warn(f"{problem.subject}: {problem.message}")
        if isinstance(mailing, str):
            talk.note(f"{edition.key}/{slot.label}: no issue: {mailing}")
            return None
        appeared = appear(room.store, replace(room.paper(edition, when), build=lambda _slot: mailing), slot, when)
        if appeared is not None and not isinstance(appeared, str):
            room.problems.extend(appeared.problems)
            for problem in appeared.problems:
                talk.warn(f"{problem.subject}: {problem.message}")
        row = room.store.issues.find(edition.key, slot.label)
    return row.id if row else None


class Stop:
    """Set by the first SIGTERM or Ctrl-C; the second ends the process at once."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.number: int | None = None

    def __call__(self, number: int, _frame: object) -> None:
        if self.event.is_set():
            os._exit(128 + number)
        self.number = number
        self.event.set()


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Messages under way are finished and claims given back, instead of being left in doubt."""
    stop = Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def tell_orphans(names: list[str], talk: Talk) -> None:
    """Copies that wait for a channel that nobody will ever open."""
    for name in names:
        talk.warn(
            f"copies wait for {name}, which is not configured any more: name it so again, or `digest outbox list`"
        )


def tell(report: Report, talk: Talk, clock: Clock) -> None:
    """What is wrong, each in a line of its own, and last what a run of delivery did, with why copies are dead."""
    for name, reason in {**report.failures, **report.halted, **report.stopped}.items():
        talk.warn(f"{name}: {reason}")
    for name, reason in report.unreached.items():
        talk.warn(f"{name}: failed: {reason}; its stories come with the next issue")
    due = datetime.fromtimestamp(report.next_due, UTC) if report.next_due else None
    if due is not None and due > clock.now():
        talk.note(f"next attempt: {due:%Y-%m-%d %H:%M:%S} UTC")
    counts = {
        "sent": report.sent,
        "deferred": report.deferred,
        "dead": report.dead,
        "suppressed": report.suppressed,
        "in doubt": report.ambiguous,
        "waiting": report.waiting,
    }
    said = ", ".join(f"{number} {word}" for word, number in counts.items() if number)
    say = talk.warn if report.dead else talk.note
    say(f"delivered: {said or 'nothing was open'}{why_dead(report)}")


def why_dead(report: Report) -> str:
    """Why copies are dead, the most frequent reason first; "" when none is."""
    if not report.reasons:
        return ""
    common = sorted(report.reasons.items(), key=lambda item: (-item[1], item[0]))
    if len(common) == 1:
        return f"; dead: {common[0][0]}"
    shown = [f"{reason} ({count})" for reason, count in common[:REASONS_SHOWN]]
    rest = sum(count for _, count in common[REASONS_SHOWN:])
    return f"; dead: {'; '.join(shown)}{f'; and {rest} more' if rest else ''}"


def test_copy(config: Config, edition: Edition, when: datetime, to: str | None, talk: Talk, *, dry_run: bool) -> int:
    """One copy outside the outbox, or a word on what would be sent."""
    from digest.app.newsroom import channels_of, made
    from digest.model import Reader

    pressed = made(config, edition, when, only_new=to is None)
    if pressed.empty:
        talk.note(f"{edition.key}: nothing to send")
        return 4
    readers = [Reader(email=to)] if to else list(edition.readers)
    channels = channels_of(edition)
    if dry_run:
        talk.note(f"{pressed.issue.id}: would go to {len(readers)} reader(s) by {', '.join(channels)}")
        return 0
    assert to is not None
    if not parseaddr(to)[1]:
        raise UsageError(f"--to: {to!r} is not an address")
    send_one(edition, pressed.letter, readers[0], channels)
    talk.note(f"{pressed.issue.id}: a test copy went to {to} by {', '.join(channels)}")
    return 0
