"""What the commands share: options, the clock, talk on stderr, the configuration."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from digest.clock import Clock
from digest.errors import DigestError, UsageError

if TYPE_CHECKING:
    from digest.config import Config, Edition

Command = TypeVar("Command", bound=Callable[..., Any])

EARLIEST_YEAR, LATEST_YEAR = 1000, 9000  # years beyond which a date cannot be moved between zones, nor meant
DEFAULT_CONFIG = "config.yaml"


def config_option(command: Command) -> Command:
    """`--config FILE`, else $DIGEST_CONFIG, else ./config.yaml."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="DIGEST_CONFIG",
        default=DEFAULT_CONFIG,
        show_default=True,
        help="The configuration file.",
    )(command)


def edition_option(command: Command) -> Command:
    """`--edition KEY`; may be left out when the configuration has one edition."""
    return click.option(
        "--edition",
        "edition_key",
        metavar="KEY",
        help="The edition; needed when there are several.",
        shell_complete=complete_edition,
    )(command)


def complete_edition(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Completions of an edition's key: read from the file alone, so that a shell need not wait."""
    from digest.config.document import read_yaml

    try:
        data = read_yaml(Path(ctx.params.get("config_path") or os.environ.get("DIGEST_CONFIG", DEFAULT_CONFIG))).data
        return [key for key in data["editions"] if key.startswith(incomplete)]
    except (DigestError, KeyError, TypeError):
        return []


def complete_issue(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Completions of a saved issue."""
    folder = Path(ctx.params.get("issues") or "issues")
    found = sorted(path.parent.relative_to(folder).as_posix() for path in folder.glob("*/*/issue.json"))
    return [name for name in found if name.startswith(incomplete)]


def at_option(command: Command) -> Command:
    """`--at ISO`: the clock as an argument."""
    return click.option(
        "--at", metavar="ISO", help="Act as if it were this moment, e.g. 2026-11-23T07:00 (default: now)."
    )(command)


def out_option(command: Command) -> Command:
    """`--out DIR`: the folder of saved issues."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("issues"),
        show_default=True,
        help="The folder of saved issues.",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`: data for programs on stdout."""
    return click.option("--json", "as_json", is_flag=True, help="Print data for programs instead of text.")(command)


def quiet_option(command: Command) -> Command:
    """`-q`: no talk on stderr but errors. `-v`: more of it."""
    command = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")(command)
    return click.option("-v", "--verbose", is_flag=True, help="Say more.")(command)


class Console:
    """Talk on stderr: notes unless quiet, details when verbose; colour only on a terminal that wants it."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.colour = _wants_colour()

    def note(self, message: str) -> None:
        if not self.quiet:
            click.echo(printable_line(message), err=True, color=self.colour)

    def note_detail(self, message: str) -> None:
        if self.verbose and not self.quiet:
            click.echo(printable_line(message), err=True, color=self.colour)

    def warn(self, message: str) -> None:
        click.echo(click.style("digest: ", fg="yellow") + printable_line(message), err=True, color=self.colour)


def _wants_colour() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()


def printable_line(text: str) -> str:
    """One line that cannot steer a terminal: control characters become question marks."""
    return "".join(character if character.isprintable() else "?" for character in text)


def print_json(data: Any, *, indent: int | None = 2) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=indent))


def load_config(path: Path) -> Config:
    """The configuration; ConfigError names every mistake."""
    from digest.config import load

    return load(path)


def pick_edition(config: Config, key: str | None) -> Edition:
    """The edition asked for, or the only one."""
    if key is None and len(config.editions) == 1:
        return next(iter(config.editions.values()))
    known = ", ".join(config.editions)
    if key is None:
        raise UsageError(f"--edition is needed: the configuration has several ({known})")
    if key not in config.editions:
        raise UsageError(f"no edition is called {key!r} (known: {known})")
    return config.editions[key]


def clock_at(at: str | None, zone: str = "UTC", *, option: str = "--at") -> Clock:
    """The command's clock: begun at `--at`, read in `zone` when it names none; the machine's without it."""
    from zoneinfo import ZoneInfo

    if at is None:
        return Clock()
    parsed = _parse_moment(at, option)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=ZoneInfo(zone))
    return Clock(parsed)


def common_clock(config: Config, at: str | None) -> Clock:
    """The clock for all editions together: `--at` is read in their common zone, which must be one when it names none."""
    zones = dict.fromkeys(edition.timezone for edition in config.editions.values())
    if at is not None and len(zones) > 1 and _parse_moment(at).tzinfo is None:
        raise UsageError(
            f"--at: {at!r} needs an offset, e.g. 2026-11-23T07:00+01:00: the editions have different time zones "
            f"({', '.join(zones)})"
        )
    return clock_at(at, next(iter(zones), "UTC"))


def _parse_moment(at: str, option: str = "--at") -> datetime:
    """The moment as written, in years in which schedules and zones can be reckoned with."""
    try:
        parsed = datetime.fromisoformat(at)
    except ValueError as error:
        raise UsageError(f"{option}: {at!r} is not an ISO 8601 date or time, e.g. 2026-11-23T07:00") from error
    if not EARLIEST_YEAR <= parsed.year <= LATEST_YEAR:
        raise UsageError(f"{option}: {at!r} is out of range (the years {EARLIEST_YEAR} to {LATEST_YEAR})")
    return parsed
