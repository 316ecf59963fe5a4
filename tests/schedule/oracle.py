"""The brute way: look at every minute there is. Shares no code with what it judges, and only the words of the rule.

Local minutes are scanned through the zone's own clock. A fixed line's wall time that never shows is served by the
first minute after the jump that swallowed it; a wall time that shows twice is served by the first showing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
NAMES = {name: at for at, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}


def numbers(field: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for item in field.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        start = low if span == "*" else NAMES.get(first, int(first) if first.isdigit() else 0)
        end = high if span == "*" else (NAMES.get(last, int(last) if last.isdigit() else 0) if last else start)
        found.update(range(start, end + 1, int(step or 1)))
    return found


def names_day(line: str, day: date) -> bool:
    _, _, dom, month, dow = line.split()
    if day.month not in numbers(month, 1, 12):
        return False
    in_month = day.day in numbers(dom, 1, 31)
    in_week = day.isoweekday() % 7 in {number % 7 for number in numbers(dow, 0, 6)}
    both_named = not dom.startswith("*") and not dow.startswith("*")
    return (in_month or in_week) if both_named else (in_month and in_week)


def expected(line: str, zone: ZoneInfo, low: datetime, high: datetime) -> list[tuple[datetime, str]]:
    """(instant, label) of every slot in [low, high), from a scan that begins three days before."""
    fields = line.split()
    minutes, hours = numbers(fields[0], 0, 59), numbers(fields[1], 0, 23)
    hourly = len(hours) == 24
    bare = len(minutes) * len(hours) == 1
    slots: list[tuple[datetime, str]] = []
    now = low - timedelta(days=3)
    shown = now.astimezone(zone).replace(tzinfo=None) - MINUTE
    seen: set[datetime] = set()
    dates: set[date] = set()
    wanted: dict[date, bool] = {}

    def matches(wall: datetime) -> bool:
        if wall.minute not in minutes or wall.hour not in hours:
            return False
        if wall.date() not in wanted:
            wanted[wall.date()] = names_day(line, wall.date())
        return wanted[wall.date()]

    waiting: list[datetime] = []  # swallowed wall times, until it is known whether their date shows at all
    while now < high + timedelta(days=1):
        aware = now.astimezone(zone)
        wall = aware.replace(tzinfo=None)
        dates.add(wall.date())
        if hourly:
            if matches(wall):
                slots.append((now, aware.isoformat(timespec="minutes")))
        else:
            skipped = shown + MINUTE
            while skipped < wall:
                if matches(skipped) and skipped not in seen:
                    seen.add(skipped)
                    waiting.append(skipped)
                    slots.append((now, label(skipped, bare=bare)))
                skipped += MINUTE
            if matches(wall) and wall not in seen:
                seen.add(wall)
                slots.append((now, label(wall, bare=bare)))
        shown = wall
        now += MINUTE
    never = {label(wall, bare=bare) for wall in waiting if wall.date() not in dates}
    return sorted((at, name) for at, name in slots if low <= at < high and name not in never)


def label(wall: datetime, *, bare: bool) -> str:
    return wall.date().isoformat() if bare else wall.isoformat(timespec="minutes")
