"""`digest run`: the daemon."""

from __future__ import annotations

import logging
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import (
    Console,
    at_option,
    common_clock,
    config_option,
    load_config,
    out_option,
    printable_line,
    quiet_option,
)

if TYPE_CHECKING:
    from digest.app.service import DaemonService
    from digest.clock import Clock


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
    from digest.app.delivery_report import report_orphans
    from digest.app.service import DaemonService

    console = Console(quiet=quiet, verbose=verbose)
    clock = common_clock(load_config(config_path), at)
    log_to_stderr(console, clock)
    service = DaemonService(partial(load_config, config_path), out, clock=clock, reporter=console)
    with service.store.hold_daemon_lock():
        if once:
            return 0 if service.run_once(clock.start) else 5
        report_orphans(service.newsroom.orphaned_channels(), console)
        number = service.create_daemon(
            ready=lambda: console.note(f"running with {config_path}; {describe_next_issue(service)}")
        ).run()
    service.store.close()
    console.note("ended")
    return 128 + number if number else 0


def describe_next_issue(service: DaemonService) -> str:
    """A word on the next slot."""
    following = service.next_slot(service.clock.now())
    return "no edition has a schedule" if following is None else f"next issue {following:%Y-%m-%d %H:%M} UTC"


def log_to_stderr(console: Console, clock: Clock) -> None:
    """Lines with the command's time, in the machine's zone; what comes from outside cannot steer the terminal."""

    class Line(logging.Formatter):
        def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
            return f"{clock.now().astimezone():%Y-%m-%d %H:%M:%S}"

        def format(self, record: logging.LogRecord) -> str:
            text = super().format(record)
            return "\n".join(printable_line(line) for line in text.splitlines())

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("digest")
    logger.handlers[:] = [handler]
    logger.propagate = False
    logger.setLevel(logging.ERROR if console.quiet else logging.DEBUG if console.verbose else logging.INFO)
