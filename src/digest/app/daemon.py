"""The daemon: a loop in the main thread, rung by a scheduler, ended by signals, reported to its supervisor.

The loop runs in the main thread. APScheduler, in memory only, rings every few seconds and at each slot; when it
falls silent its thread is dead, and the process ends so that its supervisor starts a new one.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from digest.clock import Clock
from digest.errors import ConfigError, DeliveryError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

LOG = logging.getLogger(__name__)
RING_SECONDS = 20.0  # seconds between two rings
MAX_MISSED_RINGS = 3  # rings that may be missing before the scheduler counts as dead
CLOCK_JUMP_SECONDS = 3600.0  # seconds by which the clock may leave the monotonic one before it is said


@dataclass(slots=True, kw_only=True)
class Daemon:
    """What to do at each ring, and what to do it with."""

    tick: Callable[[datetime], None]  # idempotent: being called means nothing
    next_slot: Callable[[datetime], datetime | None]  # when to wake up besides
    stop: threading.Event  # set by SIGTERM and SIGINT, and shared with what `tick` does
    reload: Callable[[], None] | None = None  # at SIGHUP; raises ConfigError to keep what was
    on_ready: Callable[[], None] | None = None  # called once signals are heard
    interval: float = RING_SECONDS
    patience: float | None = None  # seconds without a ring until the scheduler counts as dead; None: three intervals
    clock: Clock = field(default_factory=Clock)
    _wake: threading.Event = field(default_factory=threading.Event)
    _reload_requested: bool = False
    _signal_number: int | None = None

    def run(self) -> int | None:
        """Tick until a signal; the signal's number, None when `stop` was set otherwise.

        Raises DeliveryError when the scheduler's thread has died. A second signal ends the process at once.
        """
        notify = SupervisorNotifier.from_environment()
        with self._handle_signals(), self._scheduled_rings() as ring_at:
            self._wake.set()
            notify("READY=1")
            if self.on_ready is not None:
                self.on_ready()
            offset = self.clock.seconds_since_epoch() - time.monotonic()
            while not self.stop.is_set():
                if not self._wake.wait(self.patience or self.interval * MAX_MISSED_RINGS):
                    raise DeliveryError("the scheduler's thread has died; ending so that the supervisor starts anew")
                self._wake.clear()
                if self.stop.is_set():
                    break
                notify("WATCHDOG=1")
                offset = self._report_clock_jump(offset)
                self._reload_if_asked(notify)
                self._run_round()
                ring_at(self._next_slot())
            notify("STOPPING=1")
        return self._signal_number

    def _run_round(self) -> None:
        try:
            self.tick(self.clock.now())
        except StoreError:
            LOG.exception("the store failed; trying again at the next ring")

    def _next_slot(self) -> datetime | None:
        return self.next_slot(self.clock.now())

    def _reload_if_asked(self, notify: SupervisorNotifier) -> None:
        if not self._reload_requested or self.reload is None:
            return
        self._reload_requested = False
        notify("RELOADING=1")
        try:
            self.reload()
            LOG.info("configuration read again")
        except ConfigError as error:
            LOG.error("the configuration is wrong, the last good one stays: %s", error)  # noqa: TRY400 - no bug
        notify("READY=1")

    def _report_clock_jump(self, offset: float) -> float:
        """Say when the clock was set by more than an hour; slots never repeat because of it."""
        found = self.clock.seconds_since_epoch() - time.monotonic()
        if abs(found - offset) > CLOCK_JUMP_SECONDS:
            LOG.warning("the clock was set by %+.0f seconds", found - offset)
        return found

    @contextlib.contextmanager
    def _handle_signals(self) -> Iterator[None]:
        def end(number: int, _frame: FrameType | None) -> None:
            if self.stop.is_set():
                os._exit(128 + number)
            self._signal_number = number
            self.stop.set()
            self._wake.set()

        def hang_up(_number: int, _frame: FrameType | None) -> None:
            self._reload_requested = True
            self._wake.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, hang_up)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def _scheduled_rings(self) -> Iterator[Callable[[datetime | None], None]]:
        from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
        from apscheduler.jobstores.memory import MemoryJobStore
        from apscheduler.schedulers.background import BackgroundScheduler

        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()}, job_defaults=defaults, timezone=UTC, daemon=True
        )
        trouble = EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
        scheduler.add_listener(_log_scheduler_trouble, trouble)
        scheduler.add_job(self._wake.set, "interval", seconds=self.interval, id="every")

        machine = Clock()

        def ring_at(when: datetime | None) -> None:
            if when is not None:
                # APScheduler lives by the machine's time. A slot is due from its instant on, so a little later.
                late = machine.now() + (when - self.clock.now()) + timedelta(milliseconds=50)
                scheduler.add_job(self._wake.set, "date", run_date=late, id="slot", replace_existing=True)

        scheduler.start()
        try:
            yield ring_at
        finally:
            scheduler.shutdown(wait=False)


def _log_scheduler_trouble(event: Any) -> None:
    LOG.warning("the scheduler reports: %s", event)


@dataclass(frozen=True, slots=True)
class SupervisorNotifier:
    """sd_notify(3): tells systemd how we are; does nothing elsewhere."""

    path: str | None

    @classmethod
    def from_environment(cls) -> SupervisorNotifier:
        return cls(os.environ.get("NOTIFY_SOCKET"))

    def __call__(self, state: str) -> None:
        if not self.path:
            return
        address = "\0" + self.path[1:] if self.path.startswith("@") else self.path
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(address)
            sender.sendall(state.encode())
