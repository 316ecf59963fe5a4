"""Dates as feeds print them: RFC 822, W3C, and what people write instead."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

EARLIEST_MOMENT = datetime(1970, 1, 2, tzinfo=UTC)

RFC822_DATE = re.compile(
    r"(?:[a-z]{3,9}\.?,?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{4}|\d{2})"
    r"\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+(?:([+-])(\d{2}):?(\d{2})|(?:etc/)?([a-z]{1,5}))",
    re.IGNORECASE,
)
W3C_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s?([Zz]|[+-]\d{2}:\d{2})")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Day and month in figures are taken only where the order is certain: a year first, or a day above 12.
LOOSE_DATE = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{1,2})[\s./-]+(\d{1,2}|[^\W\d_]{3,10})\.?[\s./,-]+(\d{4})"
    r"(?:,?\s+(?:[^\W\d_]{1,3}\s+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?\s*(?:([+-])(\d{2}):?(\d{2})|z|gmt|utc)?",
    re.IGNORECASE,
)
EPOCH_SECONDS = re.compile(r"\d{9,10}(\d{3})?")

MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio januari janeiro jän ene gen",
            "feb february februar février fevrier febrero febbraio februari fevereiro fév fev",
            "mar march märz mars marzo maart março marco mär mrt",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio mei maio mag",
            "jun june juni juin junio giugno junho giu",
            "jul july juli juillet julio luglio julho juil lug",
            "aug august août aout agosto augustus aoû ago",
            "sep sept september septembre septiembre settembre setembro set",
            "oct october oktober octobre octubre ottobre outubro okt ott out",
            "nov november novembre noviembre novembro",
            "dec december dezember décembre decembre diciembre dicembre dezembro dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
# Hours from UTC, RFC 822 section 5.1; letters as the RFC prints them.
ZONE_HOURS = {
    "ut": 0, "gmt": 0, "utc": 0, "z": 0, "adt": -3, "ast": -4, "at": -4, "edt": -4, "est": -5, "et": -5,
    "cdt": -5, "cst": -6, "ct": -6, "mdt": -6, "mst": -7, "mt": -7, "pdt": -7, "pst": -8, "pt": -8,
    "a": -1, "n": 1, "m": -12, "y": 12, "met": 1, "mest": 2, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "bst": 1,
}  # fmt: skip


def parse_standard_date(text: str) -> datetime | date | None:
    """A date in one of the two forms that the standards ask for; None for every other."""
    text = text.strip()
    if len(text) > 60:
        return None
    try:
        if text[:4].isdigit() and (match := W3C_DATE.fullmatch(text)):
            day, clock, zone = match.groups()
            return _plausible_date(datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'zZ' else zone}"))
        if match := RFC822_DATE.fullmatch(text):
            return _plausible_date(_date_from_rfc822(match))
        return _plausible_date(date.fromisoformat(text)) if ISO_DAY.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def parse_loose_date(text: str) -> datetime | date | None:
    """A date in one of many forms; None where day and month could be exchanged."""
    text = text.strip()
    if len(text) > 60:
        return None
    try:
        if EPOCH_SECONDS.fullmatch(text):
            return _plausible_date(datetime.fromtimestamp(int(text[:10]) if len(text) != 12 else int(text[:9]), UTC))
        match = LOOSE_DATE.fullmatch(text)
        return _plausible_date(_date_from_loose(match)) if match else parse_standard_date(text)
    except (ValueError, OverflowError, KeyError):
        return None


def _date_from_rfc822(match: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes, name = match.groups()
    number = MONTH_NUMBERS.get(month.lower())
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 90 else 1900)
    if name:
        if name.lower() not in ZONE_HOURS:
            return None
        zone = _utc_offset("+", str(ZONE_HOURS[name.lower()]), "0")
    else:
        zone = _utc_offset(sign, zone_hours, zone_minutes)
    if number is None:
        return None
    return datetime(full_year, number, int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)


def _date_from_loose(match: re.Match[str]) -> datetime | date | None:
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    number = int(month) if month.isdigit() else MONTH_NUMBERS[month.lower()]
    if month.isdigit() and int(day) <= 12 and day != month:
        return None
    if hour is None:
        return date(int(year), number, int(day))
    zone = _utc_offset(sign, zone_hours, zone_minutes) if sign else UTC
    return datetime(int(year), number, int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)


@lru_cache(maxsize=200)
def _utc_offset(sign: str, hours: str, minutes: str) -> timezone:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def _plausible_date(moment: datetime | date | None) -> datetime | date | None:
    """The moment, when the world had feeds or at least computers."""
    if isinstance(moment, datetime):
        return moment if moment >= EARLIEST_MOMENT and moment.year < 9990 else None
    return moment if moment and EARLIEST_MOMENT.date() <= moment else None
