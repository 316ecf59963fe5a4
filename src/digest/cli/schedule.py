"""`digest schedule next`: when issues are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.cli.options import (
    clock_at,
    config_option,
    edition_option,
    json_option,
    load_config,
    pick_edition,
    print_json,
)
from digest.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from digest.config import Config
    from digest.schedule.slots import Schedule, Slot


PUBLISHED_NOTE = "is published already: nothing more is made for it"


@click.group("schedule", short_help="Show when the next issues are due.")
def command() -> None:
    """Show when the next issues are due.

    \b
    Example:
      digest schedule next -n 5
    """


@command.command("next", short_help="The next slots, with gaps and folds noted.")
@config_option
@edition_option
@click.option("-n", "count", type=click.IntRange(1, 100_000), default=5, show_default=True, help="How many slots.")
@click.option("--cron", metavar="LINE", help="A cron line instead of the configuration; needs --tz.")
@click.option("--tz", metavar="ZONE", help="An IANA zone, e.g. Europe/Brussels.")
@click.option("--from", "start", metavar="ISO", help="The first moment of interest (default: now).")
@json_option
def next_command(
    config_path: Path,
    edition_key: str | None,
    count: int,
    cron: str | None,
    tz: str | None,
    start: str | None,
    *,
    as_json: bool,
) -> int:
    """Show the next slots of an edition, or of any cron line.

    \b
    Example:
      digest schedule next --cron "30 2 * * *" --tz America/New_York --from 2026-03-07 -n 3
    """
    from digest.schedule.slots import next_slots

    schedule, zone = requested_schedule(config_path, edition_key, cron, tz)
    slots = next_slots(schedule, zone, clock_at(start, zone.key, option="--from").start, count)
    if cron is None:
        slots = note_published_slots(load_config(config_path), edition_key, slots)
    if as_json:
        print_json({"slots": [slot_as_data(slot, zone) for slot in slots]})
        return 0
    for slot in slots:
        local = slot.instant.astimezone(zone)
        click.echo(f"{slot.label}  {local:%a %Y-%m-%d %H:%M %Z}" + (f"  ({slot.note})" if slot.note else ""))
    return 0


def note_published_slots(config: Config, edition_key: str | None, slots: list[Slot]) -> list[Slot]:
    """The slots, those noted that have an issue already: somebody published it by hand."""
    from digest.app.newsroom import open_store
    from digest.delivery.model import PUBLISHED_STATES

    if not config.has_store():
        return slots
    edition = pick_edition(config, edition_key)
    with open_store(config) as store:
        rows = {slot.label: store.issues.find_issue(edition.key, slot.label) for slot in slots}
    had = {label for label, row in rows.items() if row is not None and row.state in PUBLISHED_STATES}
    return [
        replace(slot, note="; ".join(filter(None, (slot.note, PUBLISHED_NOTE)))) if slot.label in had else slot
        for slot in slots
    ]


def requested_schedule(
    config_path: Path, edition_key: str | None, cron: str | None, tz: str | None
) -> tuple[Schedule, ZoneInfo]:
    """The schedule and the zone that the options name."""
    from digest.schedule.slots import Schedule, check_schedule

    if (cron is None) != (tz is None):
        raise click.UsageError("--cron and --tz go together")
    if cron is not None and tz is not None:
        schedule = Schedule(cron=cron)
        check_schedule(schedule)
        return schedule, find_zone(tz)
    edition = pick_edition(load_config(config_path), edition_key)
    if edition.schedule is None:
        raise UsageError(f"edition {edition.key!r} has no schedule")
    return edition.schedule, ZoneInfo(edition.timezone)


def find_zone(name: str) -> ZoneInfo:
    """The zone of that name; UsageError when there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UsageError(f"--tz: unknown time zone {name!r} (an IANA name, e.g. Europe/Brussels)") from error


def slot_as_data(slot: Slot, zone: ZoneInfo) -> dict[str, str]:
    """A slot as data; `note` only where something is unusual."""
    utc = slot.instant.astimezone(UTC)
    told = {
        "period": slot.label,
        "utc": iso_minutes(utc).replace("+00:00", "Z"),
        "local": iso_minutes(utc.astimezone(zone)),
    }
    return {**told, **({"note": slot.note} if slot.note else {})}


def iso_minutes(moment: datetime) -> str:
    """ISO 8601 to the minute."""
    return moment.isoformat(timespec="minutes")
