"""`digest fetch`: visit the sources now, and keep what is new for the next issue."""

from __future__ import annotations

from dataclasses import asdict
from itertools import count
from typing import TYPE_CHECKING

import click

from digest.cli.options import (
    Console,
    at_option,
    clock_at,
    config_option,
    edition_option,
    json_option,
    load_config,
    pick_edition,
    print_json,
    printable_line,
    quiet_option,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from digest.config import Config, Edition
    from digest.stages.collect import CollectedDocuments


@click.command("fetch", short_help="Visit the sources now and keep what is new.")
@config_option
@edition_option
@at_option
@click.option("--force", is_flag=True, help="Ask even where the last answer is still good.")
@json_option
@quiet_option
def command(
    config_path: Path,
    edition_key: str | None,
    at: str | None,
    *,
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Visit every source and remember what is new; the next issue takes it, even when it has left its feed by then.

    One line for each source on stdout. Exit code 5 when a source could not be read.

    \b
    Example:
      digest fetch
    """
    config = load_config(config_path)
    editions = [pick_edition(config, edition_key)] if edition_key else list(config.editions.values())
    console = Console(quiet=quiet, verbose=verbose)
    failed = False
    for edition in editions:
        collected = fetch_edition(
            config, edition, clock_at(at, edition.timezone).start, force=force, quiet=quiet or as_json
        )
        failed = failed or bool(collected.problems)
        print_source_reports(edition, collected, as_json=as_json)
        for problem in collected.problems:
            console.note(f"digest: {problem.subject}: {problem.message}")
    return 5 if failed else 0


def fetch_edition(config: Config, edition: Edition, now: datetime, *, force: bool, quiet: bool) -> CollectedDocuments:
    """One visit to every source of an edition, remembered in the store."""
    from digest.app.newsroom import Newsroom, open_store
    from digest.cli.progress import progress_bar
    from digest.stages.collect import collect

    with open_store(config) as store, progress_bar(quiet=quiet) as draw:
        newsroom = Newsroom(config=config, store=store, out=config.path.parent)
        visit = newsroom.fetch_context(edition, now, afresh=force)
        done, of = count(1), len(edition.sources)
        return collect(edition.sources, visit, progress=lambda _: draw("fetch", next(done), of))


def print_source_reports(edition: Edition, collected: CollectedDocuments, *, as_json: bool) -> None:
    """A line for each source; with `as_json` an object for each."""
    for summary in collected.sources:
        if as_json:
            row = asdict(summary) | {"edition": edition.key}
            row["last_success"] = summary.last_success.isoformat() if summary.last_success else None
            print_json(row, indent=None)
        else:
            click.echo(printable_line(f"{edition.key}/{summary}"))
