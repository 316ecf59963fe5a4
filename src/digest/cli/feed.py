"""`digest feed parse`: what a feed says, without a configuration and without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli.options import Console, json_option, printable_line
from digest.clock import Clock
from digest.errors import SourceError, UsageError

if TYPE_CHECKING:
    from digest.sources.feed.entry import Entry, Feed


@click.group("feed", short_help="Show what a feed holds.")
def command() -> None:
    """Show what a feed holds.

    \b
    Example:
      digest feed parse feed.xml
    """


@command.command("parse", short_help="The entries of a feed in a file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--url", metavar="URL", help="Where the feed came from: relative links are resolved against it.")
@click.option("--charset", metavar="NAME", help="The charset that the server declared.")
@json_option
def parse_command(file: Path, url: str | None, charset: str | None, *, as_json: bool) -> int:
    """Read the feed in FILE (`-` is standard input): RSS, Atom, RDF, CDF or JSON Feed.

    \b
    Example:
      digest feed parse feed.xml --json
    """
    from digest.sources.feed.entries import drop_future_dates
    from digest.sources.feed.parse import parse_feed

    try:
        feed = parse_feed(_read_feed_file(file), url=url, charset=charset)
    except SourceError as error:
        raise SourceError(f"{file}: {error}") from error
    entries, misdated = drop_future_dates(feed.entries, Clock().start)
    problems = [*feed.problems, *([f"{misdated} entries with impossible dates"] if misdated else [])]
    if as_json:
        click.echo(
            json.dumps(feed_as_data(feed, entries, problems), ensure_ascii=False), color=True
        )  # nothing to strip
        return 0
    for problem in problems:
        Console().warn(f"{file}: {problem}")
    click.echo(
        printable_line(f"{feed.title or 'untitled'} ({feed.format or 'unknown format'}, {len(entries)} entries)")
    )
    for entry in entries:
        day = f"{entry.published:%Y-%m-%d}" if entry.published else "undated   "
        click.echo(printable_line(f"{day}  {entry.title or 'untitled'}  {entry.link or ''}"))
    return 0


def feed_as_data(feed: Feed, entries: tuple[Entry, ...], problems: list[str]) -> dict[str, Any]:
    """A feed for programs: dates in ISO 8601."""
    from digest.sources.feed.sanitise import UNSEEN_CHARACTERS

    return {
        "format": feed.format,
        "title": feed.title,
        "entries": [
            {
                "id": UNSEEN_CHARACTERS.sub(" ", entry.id) if entry.id else None,
                "title": entry.title,
                "link": entry.link,
                "published": entry.published.isoformat() if entry.published else None,
            }
            for entry in entries
        ],
        "problems": problems,
    }


def _read_feed_file(file: Path) -> bytes:
    from digest.sources.feed.parse import MAX_FEED_BYTES

    try:
        with click.open_file(str(file), "rb") as stream:
            return bytes(stream.read(MAX_FEED_BYTES + 1))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
