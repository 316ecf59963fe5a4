"""Slots against brute force: every minute of every zone, looked at one by one in numpy.

The clock of a zone is scanned hour by hour, minute by minute where its offset changes, which gives the local wall
time of each minute. From there the rule is applied as it is written, without any arithmetic of ours.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from digest.schedule.slots import Schedule, due_slots

FIRST_YEAR = 2020
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 1440  # minutes
LINES = (
    "0 8 * * *", "30 2 * * *", "0,30 2 * * *", "30 1 * * *", "0 0 * * *", "59 23 * * 1-5",
    "0 8 1 * 1", "0 9 31 * *", "0 0,12 29 2 *", "0 7 * * 5-7", "30 0-23/2 * * *", "0 * * * *",
)  # fmt: skip
Span = tuple[int, int]  # minutes since 1970: first, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How many slots were looked at, and how many differed."""

    zones: int
    clocks: int  # zones that differ within these years
    lines: int
    slots: int
    wrong: int
    examples: tuple[str, ...]


def judge(*, years: int, zones: tuple[str, ...] | None = None, lines: tuple[str, ...] = LINES) -> Judged:
    """Compare `due_slots` with the scan, for every zone of the system."""
    first, end = (_minute(datetime(FIRST_YEAR + add, 1, 1, tzinfo=UTC)) for add in (0, years))
    known: dict[tuple[tuple[int, int], ...], int] = {}  # clock -> slots
    total = wrong = 0
    examples: list[str] = []
    names = zones or tuple(sorted(available_timezones()))
    for name in names:
        zone = ZoneInfo(name)
        clock = offsets(zone, (first - 3 * DAY, end + 3 * DAY))
        if clock in known:  # the same offset at every minute: nothing that could differ
            total += known[clock]
            continue
        local, utc = walls(clock, end + 3 * DAY)
        known[clock] = 0
        for line in lines:
            found, wanted = ours(line, zone, (first, end)), expected(line, local, utc, (first, end), clock)
            differ = set(found) ^ set(wanted)
            known[clock] += len(wanted)
            wrong += len(differ) + len(found) - len(set(found))
            examples += [f"{name} {line!r}: {one}" for one in sorted(differ)[:2]]
        total += known[clock]
    return Judged(
        zones=len(names), clocks=len(known), lines=len(lines), slots=total, wrong=wrong, examples=tuple(examples[:10])
    )


def ours(line: str, zone: ZoneInfo, span: Span) -> list[tuple[int, str]]:
    low, high = (EPOCH + timedelta(minutes=minute) for minute in span)
    second = timedelta(seconds=1)
    slots = due_slots(Schedule(cron=line), zone, low - second, high - second)
    return [(_minute(slot.instant), slot.label) for slot in slots]


def offsets(zone: ZoneInfo, span: Span) -> tuple[tuple[int, int], ...]:
    """(minute from which it holds, offset in minutes), found by looking at the clock."""
    found: list[tuple[int, int]] = []
    for hour in range(span[0], span[1], 60):
        if not found or _offset(zone, hour) != found[-1][1]:
            start = hour - 59 if found else hour
            for minute in range(start, hour + 1):
                offset = _offset(zone, minute)
                if not found or offset != found[-1][1]:
                    found.append((minute, offset))
    return tuple(found)


def walls(clock: tuple[tuple[int, int], ...], end: int) -> tuple[np.ndarray, np.ndarray]:
    """The local wall time and the instant of every minute, both in minutes."""
    starts = [start for start, _ in clock]
    utc = np.arange(starts[0], end, dtype=np.int64)
    lengths = np.diff([*starts, end])
    return utc + np.repeat([offset for _, offset in clock], lengths), utc


def expected(
    line: str, local: np.ndarray, utc: np.ndarray, span: Span, clock: tuple[tuple[int, int], ...]
) -> list[tuple[int, str]]:
    """The slots that the rule asks for, from the scanned minutes."""
    minutes, hours, *_ = fields = [_numbers(text, *limits) for text, limits in zip(line.split(), LIMITS, strict=True)]
    first_day = int(local.min()) // DAY - 1
    days = np.array([_names(line, fields, first_day + at) for at in range(int(local.max()) // DAY - first_day + 2)])
    of_day = np.zeros(DAY, dtype=bool)
    of_day[[hour * 60 + minute for hour in hours for minute in minutes]] = True
    if len(hours) == 24:
        hit = of_day[local % DAY] & days[local // DAY - first_day]
        pairs = zip(utc[hit].tolist(), local[hit].tolist(), strict=True)
        return [(at, _label(wall, wall - at)) for at, wall in pairs if span[0] <= at < span[1]]
    shown, where = np.unique(local, return_index=True)  # the first showing of each wall time
    hit = of_day[shown % DAY] & days[shown // DAY - first_day]
    slots = dict(zip(shown[hit].tolist(), utc[where[hit]].tolist(), strict=True))
    for (_, before), (start, after) in itertools.pairwise(clock):  # wall times that never show
        for wall in range(start + before, start + after):
            swallowed = of_day[wall % DAY] and days[wall // DAY - first_day]
            if swallowed and wall not in slots and np.any(shown // DAY == wall // DAY):
                slots[wall] = start
    bare = len(hours) * len(minutes) == 1
    found = ((at, _label(wall, None)[: 10 if bare else None]) for wall, at in slots.items())
    return sorted((at, label) for at, label in found if span[0] <= at < span[1])


LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def _numbers(field: str, low: int, high: int) -> list[int]:
    found: set[int] = set()
    for item in field.split(","):
        reach, _, step = item.partition("/")
        start, _, stop = reach.partition("-")
        if reach == "*":
            start, stop = str(low), str(high)
        found.update(range(int(start), int(stop or start) + 1, int(step or 1)))
    return sorted(found)


def _names(line: str, fields: list[list[int]], day: int) -> bool:
    when = date(1970, 1, 1) + timedelta(days=day)
    _, _, month_days, months, week_days = fields
    in_month = when.day in month_days
    in_week = when.isoweekday() % 7 in {number % 7 for number in week_days}
    texts = line.split()
    either = not texts[2].startswith("*") and not texts[4].startswith("*")
    return when.month in months and ((in_month or in_week) if either else (in_month and in_week))


def _label(wall: int, offset: int | None) -> str:
    text = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=wall)).strftime("%Y-%m-%dT%H:%M")
    if offset is None:
        return text
    sign, size = "-" if offset < 0 else "+", abs(offset)
    return f"{text}{sign}{size // 60:02d}:{size % 60:02d}"


def _offset(zone: ZoneInfo, minute: int) -> int:
    found = (EPOCH + timedelta(minutes=minute)).astimezone(zone).utcoffset()
    assert found is not None
    return int(found.total_seconds()) // 60


def _minute(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds()) // 60
