"""Slots: which issues are due, as pure arithmetic over cron lines, zones and instants.

    due_slots(schedule, zone, after, now) -> [Slot(label, instant, note)]

A *fixed* line (its hours do not cover the day) means wall times: each matching local time is one slot, at
the first existing instant at or after it, once. An *hourly* line means real time: each existing matching
minute is one slot, labelled with its UTC offset, 25 in the long day of autumn and 23 in the short one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.errors import ConfigError
from digest.schedule.cron import Cron, parse_cron

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

SEARCH_HORIZON = timedelta(days=366 * 41)  # 29 February on a given weekday recurs within 40 years
CALENDAR_CYCLE = date(2000, 1, 1), date(2028, 1, 1)  # in it, every date of the year falls on every day of the week
SEARCH_STRIDE = timedelta(days=32)  # how far `next_slots` looks at a time
HOLD_DURATION = re.compile(r"after (\d{1,4}) ?([mhd])")
HOLD_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class CatchUp(StrEnum):
    """What becomes of slots that passed while nothing ran."""

    LATEST = "latest"  # one issue for all of them, under the newest label
    ALL = "all"  # an issue for each, oldest first, up to `max_catch_up`
    SKIP = "skip"  # none: each is recorded as missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an edition appears. The zone is the edition's."""

    cron: str | tuple[str, ...]  # one line or several: minute hour day month weekday
    catch_up: CatchUp = CatchUp.LATEST  # latest, all or skip: what becomes of missed slots
    max_catch_up: int = 10  # with catch_up all: at most so many issues at once, the newest
    grace: int = 15  # minutes: a slot met later than this was missed, not merely rung late
    holidays: tuple[date, ...] = ()  # local dates without an issue
    window: str | None = None  # local hours of sending, "06:00-20:00"; None is any time
    approve: str | None = None  # "manual", or "after 30m": wait for an editor between making and sending
    reader_time: bool = False  # readers with a time zone get the issue at the same hour of their own clock
    minimum: int = 1  # stories an issue must have; fewer are skipped, with a record

    @property
    def cron_lines(self) -> tuple[str, ...]:
        """The cron lines, blank ones and comments left out."""
        given = self.cron.splitlines() if isinstance(self.cron, str) else self.cron
        return tuple(line for line in given if line.strip() and not line.lstrip().startswith("#"))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slot:
    """One period of an edition."""

    instant: datetime  # UTC: when it is due
    label: str  # 2026-11-23, 2026-11-23T08:00, or 2026-11-23T08:00+01:00 on an hourly schedule
    note: str = ""  # "gap": the local time does not exist; "fold": it exists twice, this is the first


def check_schedule(schedule: Schedule) -> None:
    """Raise ConfigError unless every cron line, the window and the editor's hold can be understood."""
    if not schedule.cron_lines:
        raise ConfigError("cron: no line")
    for number, cron in enumerate(_parsed_crons(schedule.cron_lines), 1):
        if not _names_any_date(cron):
            raise ConfigError(f"cron line {number}: names a day that never comes")
    if schedule.window is not None:
        _parse_window(schedule.window)
    editor_hold(schedule)


def _names_any_date(cron: Cron) -> bool:
    """Whether the line names any date: 30 February is none."""
    first, end = CALENDAR_CYCLE
    return any(cron.names_date(first + timedelta(days=number)) for number in range((end - first).days))


def due_slots(schedule: Schedule, zone: ZoneInfo, after: datetime, now: datetime) -> list[Slot]:
    """The slots with after < instant <= now, ascending. `after` and `now` are aware."""
    return [slot for slot in _slots_between(schedule, zone, after, now) if slot.instant > after]


def next_slots(schedule: Schedule, zone: ZoneInfo, start: datetime, count: int) -> list[Slot]:
    """The first `count` slots with instant >= start; fewer when the lines name no more dates in 40 years."""
    found: list[Slot] = []
    low = start
    while len(found) < count and low.year < 9990 and low - start < SEARCH_HORIZON:
        high = low + SEARCH_STRIDE
        found += [slot for slot in _slots_between(schedule, zone, low, high) if slot.instant < high]
        low = high
    return found[:count]


def slot_at(schedule: Schedule | None, zone: ZoneInfo, at: datetime) -> Slot:
    """The slot that an issue made by hand at `at` belongs to.

    The latest slot of the same local day that is not after `at`; the local date itself, due at `at`, when the day
    has none (yet) or there is no schedule.
    """
    today = at.astimezone(zone).date()
    midnight = datetime.combine(today, time.min, zone).astimezone(UTC) - timedelta(days=1)
    slots = due_slots(schedule, zone, midnight, at) if schedule else []
    for slot in reversed(slots):
        if slot.label.startswith(today.isoformat()):
            return slot
    return Slot(label=today.isoformat(), instant=at.astimezone(UTC))


def window_opening(window: str | None, zone: ZoneInfo, at: datetime) -> datetime:
    """The first instant not before `at` that lies in the window of local hours, in UTC."""
    if window is None:
        return at
    start, end = _parse_window(window)
    local = at.astimezone(zone)
    wall = local.time().replace(tzinfo=None)
    inside = start <= wall < end if start < end else (wall >= start or wall < end)
    if inside:
        return at
    day = local.date() if wall < start else local.date() + timedelta(days=1)
    return _resolve_wall_time(datetime.combine(day, start), zone)[0]


def editor_hold(schedule: Schedule) -> tuple[bool, timedelta | None]:
    """Whether issues wait for an editor, and after how long they leave by themselves; None is never."""
    if schedule.approve is None:
        return False, None
    if schedule.approve.strip() == "manual":
        return True, None
    found = HOLD_DURATION.fullmatch(schedule.approve.strip())
    if not found:
        raise ConfigError(f'approve: {schedule.approve!r} is neither "manual" nor like "after 30m" (m, h or d)')
    return True, timedelta(**{HOLD_UNITS[found[2]]: int(found[1])})


def same_wall_time(instant: datetime, zone: ZoneInfo, other: ZoneInfo) -> datetime:
    """When a clock in `other` shows what the one in `zone` shows at `instant`, in UTC."""
    return _resolve_wall_time(instant.astimezone(zone).replace(tzinfo=None), other)[0]


def _slots_between(schedule: Schedule, zone: ZoneInfo, low: datetime, high: datetime) -> list[Slot]:
    """The slots with low <= instant <= high, ascending by instant and label."""
    if high < low:
        return []
    crons = _parsed_crons(schedule.cron_lines)
    bare = len({time for cron in crons if not cron.is_hourly for time in cron.times}) == 1
    slots: dict[str, Slot] = {}
    taken: set[datetime] = set()
    for cron in sorted(crons, key=lambda cron: not cron.is_hourly):
        found = (
            _hourly_slots(cron, zone, low, high)
            if cron.is_hourly
            else _wall_time_slots(cron, zone, low, high, bare=bare)
        )
        inside = [slot for slot in found if low <= slot.instant <= high and slot.instant not in taken]
        slots.update((slot.label, slot) for slot in inside)
        if cron.is_hourly:
            taken.update(slot.instant for slot in inside)
    return sorted(slots.values())


def _matching_days(cron: Cron, zone: ZoneInfo, low: datetime, high: datetime) -> Iterator[date]:
    """The matching local dates around [low, high]: two days more on each side, for gaps as long as a day."""
    day = low.astimezone(zone).date() - timedelta(days=2)
    last = high.astimezone(zone).date() + timedelta(days=2)
    while day <= last:
        if cron.names_date(day):
            yield day
        day += timedelta(days=1)


def _wall_time_slots(cron: Cron, zone: ZoneInfo, low: datetime, high: datetime, *, bare: bool) -> Iterator[Slot]:
    for day in _matching_days(cron, zone, low, high):
        if not _date_exists(day, zone):
            continue
        for hour, minute in cron.times:
            nominal = datetime.combine(day, time(hour, minute))
            instant, note = _resolve_wall_time(nominal, zone)
            label = day.isoformat() if bare else nominal.isoformat(timespec="minutes")
            yield Slot(label=label, instant=instant, note=note)


def _hourly_slots(cron: Cron, zone: ZoneInfo, low: datetime, high: datetime) -> Iterator[Slot]:
    for day in _matching_days(cron, zone, low, high):
        for hour, minute in cron.times:
            nominal = datetime.combine(day, time(hour, minute))
            for fold in (0, 1):
                local = nominal.replace(tzinfo=zone, fold=fold)
                if fold and local.utcoffset() == nominal.replace(tzinfo=zone).utcoffset():
                    continue
                instant = local.astimezone(UTC)
                back = instant.astimezone(zone)
                if back.replace(tzinfo=None) == nominal and back.fold == fold:
                    yield Slot(label=local.isoformat(timespec="minutes"), instant=instant)


def _date_exists(day: date, zone: ZoneInfo) -> bool:
    """Whether any instant has this local date; Apia had no 2011-12-30."""
    first, note = _resolve_wall_time(datetime.combine(day, time.min), zone)
    return not note or first.astimezone(zone).date() == day


def _resolve_wall_time(nominal: datetime, zone: ZoneInfo) -> tuple[datetime, str]:
    """The first existing instant at or after a naive local time, in UTC, and what is unusual about it."""
    early = nominal.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = nominal.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if early == late:
        return early, ""
    if early < late:  # the local time comes twice
        return early, "fold"
    return _find_transition(late, early, zone), "gap"


def _find_transition(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first instant in (low, high] with the offset that holds at `high`, to the second."""
    after = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=256)
def _parsed_crons(lines: tuple[str, ...]) -> tuple[Cron, ...]:
    return tuple(parse_cron(line, number=number) for number, line in enumerate(lines, 1))


@lru_cache(maxsize=64)
def _parse_window(text: str) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError as error:
        raise ConfigError(f'window: {text!r} is not like "06:00-20:00"') from error
    if start == end:
        raise ConfigError(f"window: {text!r} is empty")
    return start, end
