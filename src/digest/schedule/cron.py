"""Cron lines with cron's own meaning: parsed once into sets, matched against local dates and times.

Source: crontab(5) of Debian's cron. Two extensions, both refused by cron and so never in conflict with it:
`mon#1` is the first Monday of the month (`#L` the last one), and `L` as day of the month is its last day.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date

CRON_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
WEEKDAYS = {name: number for number, name in enumerate(("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}
LAST_WEEK = -1  # the last day of a month, the last such weekday of a month


@dataclass(frozen=True, slots=True, kw_only=True)
class _FieldSpec:
    name: str
    low: int
    high: int
    names: dict[str, int]
    cycle: int  # how many different values there are: what a range of names wraps at


_FIELDS = (
    _FieldSpec(name="minute", low=0, high=59, names={}, cycle=60),
    _FieldSpec(name="hour", low=0, high=23, names={}, cycle=24),
    _FieldSpec(name="day of month", low=1, high=31, names={}, cycle=31),
    _FieldSpec(name="month", low=1, high=12, names=MONTH_NUMBERS, cycle=12),
    _FieldSpec(name="day of week", low=0, high=7, names=WEEKDAYS, cycle=7),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """One line, understood. Weekdays are cron's: 0 is Sunday."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]  # of the month; LAST is its last day
    months: frozenset[int]
    weekdays: frozenset[int]
    nth: frozenset[tuple[int, int]]  # (weekday, which one in its month; LAST)
    either: bool  # day of month and day of week are ORed: neither field begins with a star

    @property
    def is_hourly(self) -> bool:
        """The hour field covers the whole day, so the schedule follows real time, not wall times."""
        return len(self.hours) == 24

    @property
    def times(self) -> tuple[tuple[int, int], ...]:
        """The (hour, minute) pairs of a matching day, ascending."""
        return tuple((hour, minute) for hour in self.hours for minute in self.minutes)

    def names_date(self, day: date) -> bool:
        """Whether the line names this local date."""
        if day.month not in self.months:
            return False
        by_month = day.day in self.days or (LAST_WEEK in self.days and day.day == _days_in_month(day))
        weekday = (day.weekday() + 1) % 7
        by_week = weekday in self.weekdays or self._is_nth_weekday(day, weekday)
        return (by_month or by_week) if self.either else (by_month and by_week)

    def _is_nth_weekday(self, day: date, weekday: int) -> bool:
        if (weekday, (day.day - 1) // 7 + 1) in self.nth:
            return True
        return (weekday, LAST_WEEK) in self.nth and day.day + 7 > _days_in_month(day)


def parse_cron(line: str, *, number: int = 1) -> Cron:
    """The meaning of one cron line; raises ConfigError naming the line (`number`) and the column."""
    text = CRON_MACROS.get(line.strip().lower(), line)
    if text.strip().startswith("@"):
        raise _cron_mistake(number, 1, f"unknown schedule {text.strip()!r}; known: {' '.join(CRON_MACROS)}")
    fields = _split_fields(text)
    if len(fields) != 5:
        raise _cron_mistake(
            number, 1, f"five fields expected (minute hour day month weekday), got {len(fields)}: {line!r}"
        )
    values = [_parse_field(text, column, spec, number) for (text, column), spec in zip(fields, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = (numbers for numbers, _ in values)
    return Cron(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=frozenset(days),
        months=frozenset(months),
        weekdays=frozenset(weekday % 7 for weekday in weekdays),
        nth=frozenset(values[4][1]),
        either=not (fields[2][0].startswith("*") or fields[4][0].startswith("*")),
    )


def _split_fields(text: str) -> list[tuple[str, int]]:
    """The fields with their columns, counted from 1."""
    fields, position = [], 0
    for part in text.split():
        position = text.index(part, position)
        fields.append((part, position + 1))
        position += len(part)
    return fields


def _parse_field(text: str, column: int, spec: _FieldSpec, line: int) -> tuple[set[int], set[tuple[int, int]]]:
    numbers: set[int] = set()
    nth: set[tuple[int, int]] = set()
    for item in text.split(","):
        if spec.cycle == 7 and "#" in item:
            nth.add(_parse_nth_weekday(item, column, spec, line))
        elif spec.cycle == 31 and item.upper() == "L":
            numbers.add(LAST_WEEK)
        else:
            numbers.update(_parse_item(item, column, spec, line))
        column += len(item) + 1
    return numbers, nth


def _parse_nth_weekday(item: str, column: int, spec: _FieldSpec, line: int) -> tuple[int, int]:
    day, _, which = item.partition("#")
    weekday = _parse_number(day, column, spec, line) % 7
    if which.upper() == "L":
        return weekday, LAST_WEEK
    if which not in {"1", "2", "3", "4", "5"}:
        raise _cron_mistake(line, column, f"{item!r}: after # comes 1 to 5, or L for the last one")
    return weekday, int(which)


def _parse_item(item: str, column: int, spec: _FieldSpec, line: int) -> range | list[int]:
    """One element of a list: `*`, `a`, `a-b`, each with an optional `/step`."""
    span, slash, step_text = item.partition("/")
    if slash and not (step_text.isascii() and step_text.isdigit() and int(step_text[:6]) > 0):
        raise _cron_mistake(line, column, f"{item!r}: the step after / must be a positive number")
    step = int(step_text[:6]) if slash else 1
    if span == "*":
        return range(spec.low, spec.low + spec.cycle, step)
    start, dash, end = span.partition("-")
    low = _parse_number(start, column, spec, line)
    if not dash:
        return range(low, spec.low + spec.cycle if slash else low + 1, step)
    high = _parse_number(end, column + len(start) + 1, spec, line)
    if low > high:
        return _parse_wrapping_range(item, (low, high, step), column, spec, line)
    return range(low, high + 1, step)


def _parse_wrapping_range(
    item: str, bounds: tuple[int, int, int], column: int, spec: _FieldSpec, line: int
) -> list[int]:
    """A range of names over the end of the week or year (`fri-mon`); numbers must ascend, as in cron."""
    low, high, step = bounds
    if not any(character.isalpha() for character in item):
        raise _cron_mistake(line, column, f"{item!r}: the range runs backwards")
    return [(value - spec.low) % spec.cycle + spec.low for value in range(low, high + spec.cycle + 1, step)]


def _parse_number(text: str, column: int, spec: _FieldSpec, line: int) -> int:
    named = spec.names.get(text.lower())
    if named is not None:
        return named
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        known = f" or {'/'.join(spec.names)}" if spec.names else ""
        raise _cron_mistake(line, column, f"{spec.name}: {text!r} is not a number{known}")
    if not spec.low <= int(text) <= spec.high:
        raise _cron_mistake(line, column, f"{spec.name}: {text} is not in {spec.low}-{spec.high}")
    return int(text)


def _cron_mistake(line: int, column: int, message: str) -> ConfigError:
    return ConfigError(f"cron line {line}, column {column}: {message}")


def _days_in_month(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]
