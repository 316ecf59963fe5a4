"""What the daemon does at each ring: make what is due, deliver what is open, alarm; and read its configuration again."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.app.alarms import AlarmSender, new_alarms
from digest.app.daemon import Daemon, SupervisorNotifier
from digest.app.delivery_report import report_delivery
from digest.app.newsroom import Newsroom
from digest.app.tick import publish_due_slots
from digest.delivery.protocols import DeliveryContext
from digest.delivery.run import deliver
from digest.errors import ConfigError, TemplateError
from digest.schedule.slots import next_slots

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from digest.app.reporter import Reporter
    from digest.app.tick import TickReport
    from digest.clock import Clock
    from digest.config import Config
    from digest.delivery.protocols import DeliveryReport


class DaemonService:
    """The daemon's work on one store; a reload replaces the configuration and keeps the store."""

    def __init__(self, load: Callable[[], Config], out: Path, *, clock: Clock, reporter: Reporter) -> None:
        self.clock = clock
        self.stop = threading.Event()  # set: finish what is under way, then end
        self._load = load
        self._out = out
        self._reporter = reporter
        self.config = self._load_complete()
        self.store = self.config.open_store()
        self.newsroom = self._open_newsroom()

    def create_daemon(self, ready: Callable[[], None]) -> Daemon:
        """The loop that rings this service; `ready` is called once signals are heard."""
        return Daemon(
            tick=self.run_round,
            next_slot=self.next_slot,
            stop=self.stop,
            reload=self.reload,
            on_ready=ready,
            clock=self.clock,
        )

    def run_round(self, now: datetime) -> None:
        """A round of the daemon; what went wrong was reported and is tried again."""
        self.run_once(now)

    def run_once(self, now: datetime) -> bool:
        """Make what is due and deliver what is open; False when something went wrong."""
        ticked = publish_due_slots(self.store, self.newsroom.scheduled_editions(now), now)
        self._report_issues(ticked)
        AlarmSender(self.config.alarm, self._reporter).report_and_send(
            new_alarms(self.store, self.newsroom.scheduled_editions(now), now), now
        )
        problems = (*self.newsroom.problems, *ticked.problems)
        for problem in problems:
            self._reporter.warn(f"{problem.subject}: {problem.message}")
        self.newsroom.problems.clear()
        report = deliver(self.store, self.newsroom.channels_by_name(), self.newsroom.message_factory(), self._context())
        if _is_worth_reporting(report):
            report_delivery(report, self._reporter, self.clock)
        trouble = report.failures or report.halted or report.stopped or report.unreached or report.dead
        return not (ticked.failed or problems or trouble)

    def next_slot(self, now: datetime) -> datetime | None:
        """When the next issue of any edition is due."""
        coming = [
            slot.instant
            for edition in self.config.editions.values()
            if edition.schedule is not None
            for slot in next_slots(edition.schedule, ZoneInfo(edition.timezone), now, 1)
        ]
        return min(coming, default=None)

    def reload(self) -> None:
        """Read the configuration again; ConfigError keeps what was."""
        self.config = self._load_complete()
        self.newsroom = self._open_newsroom()

    def _load_complete(self) -> Config:
        """The configuration with every edition's template loaded, to keep it until the next reload."""
        config = self._load()
        for edition in config.editions.values():
            try:
                assert edition.renderer
            except TemplateError as error:
                raise ConfigError(f"editions.{edition.key}: {error}") from error
        return config

    def _open_newsroom(self) -> Newsroom:
        return Newsroom(config=self.config, store=self.store, out=self._out)

    def _context(self) -> DeliveryContext:
        # A long delivery is no silence: the supervisor hears of us between two messages too.
        beat = partial(SupervisorNotifier.from_environment(), "WATCHDOG=1")
        return DeliveryContext(clock=self.clock, stop=self.stop, on_beat=beat)

    def _report_issues(self, ticked: TickReport) -> None:
        for name in ticked.published:
            self._reporter.note(f"{name}: published")
        for name, reason in ticked.skipped:
            self._reporter.note(f"{name}: no issue: {reason}")
        for name, reason in ticked.failed:
            self._reporter.warn(f"{name}: could not be made: {reason}")


def _is_worth_reporting(report: DeliveryReport) -> bool:
    """Whether the run did anything that an operator wants to read in the log."""
    trouble = report.failures or report.halted or report.stopped or report.unreached
    return bool(trouble or report.sent or report.dead or report.deferred or report.ambiguous)
