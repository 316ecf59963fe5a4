"""Dates as sources print them, in the languages that have a list of function words. No guessing.

`find` keeps exactly what is printed: a day, a day with a time (naive), or a moment where an offset,
UTC or GMT stands beside it. A zone's letters (CET, ET) are never turned into an offset.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache

EARLIEST_YEAR = 1990  # feeds and pages older than the Web are mistakes

# Month names of one language a line; a name may be cut to three letters or more ("Sept.", "févr.").
MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber maerz april mai juni juli august september oktober november dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
)
WEEKDAYS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun montag
    dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lundi mardi mercredi
    jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim lunes martes miércoles jueves viernes sábado
    domingo mié jue vie sáb dom lunedì martedì mercoledì giovedì venerdì sabato domenica gio sab maandag dinsdag
    woensdag donderdag vrijdag zaterdag zondag segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
    segunda terça quarta quinta sexta seg ter qua qui sex понедельник вторник среда четверг пятница суббота
    воскресенье
    """.split()
)
MONTH_WORD = r"[^\W\d_]{3,12}\.?"
DAY = r"(?P<day>[0-3]?\d)"
YEAR = r"(?P<year>(?:19|20)\d\d)"
CLOCK = re.compile(
    r"(?:T|,?\s{0,3}(?:[-–—|•·@/]\s{0,3})?(?:(?:at|um|à|a las?|alle|ore|om|às)\s+)?)"
    r"(?P<hour>[0-2]?\d)(?:[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d{1,9})?)?)?"
    r"(?:\s?(?P<half>[ap]\.?m\b\.?|uhr\b|h\b|hrs\b))?"
    r"(?:\s?(?P<zone>Z\b|(?:UTC|GMT)?\s?[+-]\d\d:?\d\d\b|UTC\b|GMT\b))?(?![\w:])",
    re.IGNORECASE,
)
DATE_FORMS = tuple(
    re.compile(rf"(?<![\w.]){form}(?!\.?\d)", re.IGNORECASE)
    for form in (
        rf"{YEAR}-(?P<number>[01]?\d)-{DAY}",
        rf"{YEAR}[/.](?P<number>[01]?\d)[/.]{DAY}",
        rf"{DAY}(?:st|nd|rd|th|er|º|ª|\.)?\s*(?:of |de |-)?\s*(?P<month>{MONTH_WORD}),?\s*(?:de |del |-)?\s*{YEAR}",
        rf"(?P<month>{MONTH_WORD})\s+{DAY}(?:st|nd|rd|th)?,?\s+{YEAR}",
        rf"(?P<first>[0-3]?\d)(?P<mark>[./-])(?P<second>[0-3]?\d)(?P=mark){YEAR}",
        rf"{YEAR}年(?P<number>[01]?\d)月{DAY}日",
    )
)
_SPAN = r"(?:\d{1,3}|an?|ein\w*|une?|una?|een|um|uma)\s?\w{1,10}\.?"
RELATIVE_TIME = re.compile(
    rf"\b{_SPAN} (?:ago|fa|geleden|atrás)\b|\b(?:vor|il y a|hace|há) {_SPAN}(?!\w)|\b\d{{1,3}}[hmd] ago\b|\bjust now\b",
    re.IGNORECASE,
)
# A cheap look before the patterns: no date without a year.
YEAR_HINT = re.compile(r"(?:19|20)\d\d")
MONTH_FIRST_LANGUAGES = frozenset({"en"})


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """One date as it stands in a line."""

    value: datetime | date
    start: int
    end: int
    open_order: bool = False  # day and month could be exchanged: 05/06/2020


def find_date(line: str, language: str | None = None) -> PrintedDate | None:
    """The first complete date in `line`; `language` decides 05/06/2020 (month first in English only)."""
    if not YEAR_HINT.search(line):
        return None
    line = line[:300]
    hits = [
        hit for form in DATE_FORMS for match in form.finditer(line) if (hit := _date_from_match(match, line, language))
    ]
    return min(hits, key=lambda hit: (hit.start, -hit.end), default=None)


def plausible_date(value: datetime | date | None, now: datetime | None = None) -> datetime | date | None:
    """`value`, or None when no article can be of that day: before 1990, or later than `now` and a day."""
    if value is None or value.year < EARLIEST_YEAR:
        return None
    day = value.date() if isinstance(value, datetime) else value
    return None if now and day > now.date() + timedelta(days=1) else value


def parse_iso_date(text: str | None) -> datetime | date | None:
    """A date of machine-readable markup (ISO 8601, RFC 3339); a midnight without zone is only a day."""
    text = (text or "").strip()[:40]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        found = find_date(text)
        return found.value if found else None
    midnight = moment.tzinfo is None and moment.time() == time.min
    return moment.date() if midnight or len(text) <= 10 else moment


@cache
def _month_numbers() -> dict[str, int]:
    numbers: dict[str, int] = {}
    for names in MONTHS:
        for number, name in enumerate(names.split(), 1):
            for length in range(3, len(name) + 1):
                numbers.setdefault(name[:length], number)
    return {**numbers, "mar": 3, "jun": 6, "jul": 7, "juil": 7, "mai": 5, "mrz": 3, "ago": 8, "aug": 8}


def _date_from_match(match: re.Match[str], line: str, language: str | None) -> PrintedDate | None:
    parts = match.groupdict()
    day, month, unsure = _day_and_month(parts, language)
    try:
        value = date(int(parts["year"]), month, day)
    except ValueError:
        return None
    clock = CLOCK.match(line, match.end())
    moment = clock and _combine_with_time(value, clock)
    if clock and moment:
        return PrintedDate(moment, match.start(), clock.end(), unsure)
    return PrintedDate(value, match.start(), match.end(), unsure)


def _day_and_month(parts: dict[str, str | None], language: str | None) -> tuple[int, int, bool]:
    if parts.get("month"):
        return int(parts["day"] or 0), _month_numbers().get(str(parts["month"]).lower().rstrip("."), 0), False
    if parts.get("number"):
        return int(parts["day"] or 0), int(parts["number"] or 0), False
    first, second = int(parts["first"] or 0), int(parts["second"] or 0)
    if first > 12 or second > 12 or parts["mark"] == ".":
        return (second, first, False) if second > 12 else (first, second, False)
    month_first = (language or "en") in MONTH_FIRST_LANGUAGES
    return (second, first, first != second) if month_first else (first, second, first != second)


def _combine_with_time(day: date, clock: re.Match[str]) -> datetime | None:
    if not (clock["minute"] or clock["half"]):
        return None
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if half[:1] in {"a", "p"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half[0] == "p")
    if hour > 23:
        return None
    of_day = time(hour, int(clock["minute"] or 0), int(clock["second"] or 0), tzinfo=_parse_offset(clock["zone"]))
    return datetime.combine(day, of_day)


def _parse_offset(zone: str | None) -> timezone | None:
    if not zone:
        return None
    match = re.search(r"([+-])(\d\d):?(\d\d)", zone)
    if not match:
        return UTC
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes)) if minutes < 1440 else None


def has_day_without_year(line: str) -> bool:
    """A weekday and a day of a month, but no year: what a site prints for its reader's own today."""
    tokens = [token.strip(".,|:").lower() for token in line[:120].split()]
    weekday = any(token in WEEKDAYS and len(token) > 3 for token in tokens)
    day = any(re.fullmatch(r"[0-3]?\d(?:st|nd|rd|th|er|\.)?", token) for token in tokens)
    return weekday and day and any(_month_numbers().get(token) for token in tokens) and not find_date(line)


def has_relative_time(line: str) -> bool:
    """A time told from the reader's now: "2 hours ago", "vor 3 Stunden", "il y a 5 minutes"."""
    return bool(RELATIVE_TIME.search(line))


def is_calendar_word(word: str) -> bool:
    """The word is a weekday's or a month's name."""
    word = word.lower().strip(".,")
    return word in WEEKDAYS or word in _month_numbers()


def moment_in_utc(published: datetime | date, zone: tzinfo) -> datetime:
    """The moment that a printed date means, in UTC; `zone` is assumed where none was printed."""
    if not isinstance(published, datetime):
        published = datetime(published.year, published.month, published.day)  # noqa: DTZ001 - the zone comes next
    if published.tzinfo is None:
        published = published.replace(tzinfo=zone)
    return published.astimezone(UTC)
