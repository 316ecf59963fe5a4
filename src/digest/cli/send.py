"""`digest send`: publish an issue once, deliver what is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import (
    Console,
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
    from digest.clock import Clock
    from digest.config import Config, Edition


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
    from digest.app.send import publish_and_deliver
    from digest.cli.progress import progress_bar

    console = Console(quiet=quiet, verbose=verbose)
    config = load_config(config_path)
    edition = pick_edition(config, edition_key)
    clock = clock_at(at, edition.timezone)
    if not edition.channels:
        raise UsageError(f"edition {edition.key!r} has no channel: add `deliver:` to {config_path}")
    if to is not None or dry_run:
        return send_test_or_dry_run(config, edition, clock, to, console, dry_run=dry_run)
    with progress_bar(quiet=quiet) as progress:
        result = publish_and_deliver(config, edition, clock, out, reporter=console, progress=progress)
    if result.signal:
        return 128 + result.signal
    if not result.complete:
        return 5
    return 0 if result.report.sent else 4


def send_test_or_dry_run(
    config: Config, edition: Edition, clock: Clock, to: str | None, console: Console, *, dry_run: bool
) -> int:
    """One copy outside the outbox, or a word on what would be sent."""
    from digest.app.build import build_once
    from digest.app.newsroom import channels_of
    from digest.app.send import send_test_copy

    built = build_once(config, edition, clock.start, only_new=to is None)
    if built.is_empty:
        console.note(f"{edition.key}: nothing to send")
        return 4
    channels = ", ".join(channels_of(edition))
    if dry_run:
        readers = 1 if to else sum(1 for _ in edition.readers)
        console.note(f"{built.issue.id}: would go to {readers} reader(s) by {channels}")
        return 0
    assert to is not None
    send_test_copy(edition, built.letter, to)
    console.note(f"{built.issue.id}: a test copy went to {to} by {channels}")
    return 0
