"""`digest run`: the daemon."""

from __future__ import annotations

import logging
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.app.service import prove_templates
from digest.cli.options import (
    Talk,
    at_option,
    clean_line,
    common_clock,
    config_option,
    load_config,
    out_option,
    quiet_option,
)
from digest.cli.send import tell, tell_orphans

if TYPE_CHECKING:
    from datetime import datetime

    from digest.app.daemon import Daemon
    from digest.app.newsroom import Newsroom
    from digest.cli.alarm import Teller
    from digest.clock import Clock
    from digest.config import Config
    from digest.delivery.protocols import Surroundings
    from digest.stores.sql import Store


@click.command("run", short_help="Run the daemon: build and deliver on schedule.")
@config_option
@out_option
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@at_option
@quiet_option
def command(config_path: Path, out: Path, at: str | None, *, once: bool, quiet: bool, verbose: bool) -> int:
    """Build and deliver every edition on its schedule until SIGTERM or Ctrl-C; SIGHUP reads the configuration again.

    A slot is claimed in the store before its issue is made, so a restart or a second ring never makes a second issue.
    --at goes with --once.

    \b
    Example:
      digest run --config config.yaml
    """
    if at is not None and not once:
        raise click.UsageError("--at goes with --once: the daemon lives by the clock")
    talk = Talk(quiet=quiet, verbose=verbose)
    desk = Desk(config_path, out, talk, at)
    log_to_stderr(talk, desk.clock)
    with desk.store.only_one():
        if once:
            return desk.tick(desk.clock.start)
        tell_orphans(desk.room.orphans(), talk)
        number = desk.daemon().run()
    desk.store.close()
    talk.note("ended")
    return 128 + number if number else 0


class Desk:
    """What the daemon works with; a reload replaces the configuration and keeps the store."""

    def __init__(self, config_path: Path, out: Path, talk: Talk, at: str | None = None) -> None:
        self.path = config_path
        self.out = out
        self.talk = talk
        self.stop = threading.Event()
        self.config: Config = load_config(config_path)
        self.clock = common_clock(self.config, at)
        prove_templates(self.config)
        self.store: Store = self.config.open_store()
        self.room = self._room()

    @property
    def tell_alarms(self) -> Teller:
        """Tells the operator."""
        from digest.cli.alarm import Teller

        return Teller(self.config.alarm, self.talk)

    def daemon(self) -> Daemon:
        """The bell and the loop."""
        from digest.app.daemon import Daemon

        return Daemon(
            tick=self.ring,
            next_slot=self.next_slot,
            stop=self.stop,
            reload=self.reload,
            ready=self.ready,
            clock=self.clock,
        )

    def tick(self, now: datetime) -> int:
        """Make what is due, deliver what is open; exit code of a single round."""
        from digest.app.alarms import fresh
        from digest.app.tick import tick
        from digest.delivery.run import deliver

        done = tick(self.store, self.room.papers(now), now)
        for name in done.published:
            self.talk.note(f"{name}: published")
        for name, reason in done.skipped:
            self.talk.note(f"{name}: no issue: {reason}")
        for name, reason in done.failed:
            self.talk.warn(f"{name}: could not be made: {reason}")
        self.tell_alarms(fresh(self.store, self.room.papers(now), now), now)
        for problem in (*self.room.problems, *done.problems):
            self.talk.warn(f"{problem.subject}: {problem.message}")
        report = deliver(self.store, self.room.channels(), self.room.copies(), self._around())
        wrong = bool(done.failed or done.problems or self.room.problems)
        self.room.problems.clear()
        if (
            report.sent
            or report.failures
            or report.halted
            or report.stopped
            or report.unreached
            or report.dead
            or report.deferred
            or report.ambiguous
        ):
            tell(report, self.talk, self.clock)
        trouble = report.failures or report.halted or report.stopped or report.unreached or report.dead
        return 5 if wrong or trouble else 0

    def ready(self) -> None:
        """Say so: from here on signals are heard."""
        self.talk.note(f"running with {self.path}; {self.coming()}")

    def ring(self, now: datetime) -> None:
        """A round of the daemon; what went wrong was told and is tried again."""
        self.tick(now)

    def next_slot(self, now: datetime) -> datetime | None:
        """When the next issue of any edition is due."""
        from digest.schedule.slots import next_slots

        coming = [
            slot.instant
            for edition in self.config.editions.values()
            if edition.schedule is not None
            for slot in next_slots(edition.schedule, ZoneInfo(edition.timezone), now, 1)
        ]
        return min(coming, default=None)

    def coming(self) -> str:
        """A word on the next slot."""
        following = self.next_slot(self.clock.now())
        return "no edition has a schedule" if following is None else f"next issue {following:%Y-%m-%d %H:%M} UTC"

    def reload(self) -> None:
        """Read the configuration again; ConfigError keeps what was."""
        config = load_config(self.path)
        prove_templates(config)
        self.config = config
        self.room = self._room()

    def _room(self) -> Newsroom:
        from digest.app.newsroom import Newsroom

        return Newsroom(config=self.config, store=self.store, out=self.out)

    def _around(self) -> Surroundings:
        from digest.app.daemon import Notify
        from digest.delivery.protocols import Surroundings

        # A long delivery is no silence: the supervisor hears of us between two messages too.
        return Surroundings(clock=self.clock, stop=self.stop, beat=partial(Notify.from_environment(), "WATCHDOG=1"))


def log_to_stderr(talk: Talk, clock: Clock) -> None:
    """Lines with the command's time, in the machine's zone; what comes from outside cannot steer the terminal."""

    class Line(logging.Formatter):
        def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
            return f"{clock.now().astimezone():%Y-%m-%d %H:%M:%S}"

        def format(self, record: logging.LogRecord) -> str:
            text = super().format(record)
            return "\n".join(clean_line(line) for line in text.splitlines())

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("digest")
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.ERROR if talk.quiet else logging.DEBUG if talk.verbose else logging.INFO)
