"""Dates as sources print them: read where they are complete, refused where they would be a guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.dates import (
    MONTHS,
    find_date,
    has_day_without_year,
    has_relative_time,
    is_calendar_word,
    moment_in_utc,
    parse_iso_date,
    plausible_date,
)

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
DAY = date(2026, 3, 5)


def value_of(line: str, language: str | None = "en") -> date | datetime | None:
    found = find_date(line, language)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("March 5, 2026", "en"),
        ("5 March 2026", "en"),
        ("Mar. 5, 2026", "en"),
        ("Thursday, March 5th, 2026", "en"),
        ("Published on 5 March 2026 by Ann Hay", "en"),
        ("2026-03-05", "en"),
        ("5. März 2026", "de"),
        ("Donnerstag, 5. März 2026", "de"),
        ("05.03.2026", "de"),
        ("5 mars 2026", "fr"),
        ("le jeudi 5 mars 2026", "fr"),
        ("5 de marzo de 2026", "es"),
        ("5 marzo 2026", "it"),
        ("5 maart 2026", "nl"),
        ("5 de março de 2026", "pt"),
        ("5 марта 2026", "ru"),
        ("5 marca 2026", "pl"),
    ],
)
def test_a_day_is_read_in_the_words_of_its_language(line: str, language: str):
    assert value_of(line, language) == DAY


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-03-05T07:30:00Z", datetime(2026, 3, 5, 7, 30, tzinfo=UTC)),
        ("March 5, 2026 07:30 UTC", datetime(2026, 3, 5, 7, 30, tzinfo=UTC)),
        ("March 5, 2026 7:30 pm UTC", datetime(2026, 3, 5, 19, 30, tzinfo=UTC)),
        ("5 March 2026, 07:30 +01:00", datetime(2026, 3, 5, 7, 30, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_a_time_of_day_is_read_with_its_zone(line: str, expected: datetime):
    assert value_of(line) == expected


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("03/05/2026", "en", date(2026, 3, 5)),  # month first in English
        ("03/05/2026", "fr", date(2026, 5, 3)),
        ("25/12/2026", "en", date(2026, 12, 25)),  # only one reading is a date
        ("12/25/2026", "fr", date(2026, 12, 25)),
    ],
)
def test_day_and_month_in_numbers_are_told_apart_by_language_and_reason(line: str, language: str, expected: date):
    assert value_of(line, language) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no date at all",
        "March 2026",
        "5 March",
        "2026",
        "March 32, 2026",
        "30 February 2026",
        "13/13/2026",
        "5 Smarch 2026",
        "version 3.5.2026.1 of the program",
        "call 05 03 2026 77",
    ],
)
def test_what_is_no_complete_date_is_none(line: str):
    assert value_of(line) is None


@pytest.mark.parametrize(
    ("line", "text"), [("Oslo, 5 March 2026 – The town", "5 March 2026"), ("(2026-03-05)", "2026-03-05")]
)
def test_the_place_of_a_date_is_known(line: str, text: str):
    found = find_date(line, "en")
    assert found is not None
    assert text in line[found.start : found.end]


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["{0:%d} {1} {0:%Y}", "{1} {0.day}, {0:%Y}"]))
def test_every_english_date_comes_back(day: date, form: str):
    month = MONTHS[0].split()[day.month - 1].title()
    assert value_of(form.format(day, month)) == day


@given(st.text(max_size=120), st.sampled_from(["en", "de", "fr", None]))
def test_no_line_breaks_it_and_what_it_finds_stands_in_the_line(line: str, language: str | None):
    found = find_date(line, language)
    assert found is None or 0 <= found.start < found.end <= len(line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-05", DAY),
        ("2026-03-05T00:00:00", DAY),  # a midnight without a zone is only a day
        ("2026-03-05T00:00:00Z", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05T07:30:00+0100", datetime(2026, 3, 5, 7, 30, tzinfo=timezone(timedelta(hours=1)))),
        ("2026-03-05T07:30", datetime(2026, 3, 5, 7, 30)),
        (" 2026-03-05 ", DAY),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("2026-13-05", None),
    ],
)
def test_machine_readable_dates(text: str | None, expected: date | datetime | None):
    assert parse_iso_date(text) == expected


@pytest.mark.parametrize(
    ("value", "plausible"),
    [
        (date(1989, 12, 31), False),
        (date(1990, 1, 1), True),
        (NOW, True),
        (NOW + timedelta(hours=23), True),
        (NOW + timedelta(days=2), False),
        (date(2026, 11, 21), True),
        (date(2026, 11, 22), False),
        (None, False),
    ],
)
def test_no_article_is_of_a_day_to_come_or_of_before_the_web(value: date | None, plausible: bool):
    assert (plausible_date(value, NOW) is not None) is plausible


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("2 hours ago", True),
        ("vor 3 Stunden", True),
        ("il y a 5 minutes", True),
        ("hace 2 horas", True),
        ("Updated 14 minutes ago", True),
        ("three mountains away", False),
        ("The vote was two years in the making.", False),
        ("", False),
    ],
)
def test_times_told_from_the_readers_now(line: str, is_one: bool):
    assert has_relative_time(line) is is_one


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Thursday, March 5", True),
        ("Donnerstag, 5. März", True),
        ("Thursday, March 5, 2026", False),
        ("Thursday", False),
        ("March", False),
        ("The fifth of them came on Thursday", False),
    ],
)
def test_a_day_that_a_site_prints_for_its_readers_own_today(line: str, is_one: bool):
    assert has_day_without_year(line) is is_one


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("Monday", True), ("März", True), ("lundi", True), ("sábado", True), ("Mayor", False), ("harbour", False)],
)
def test_words_of_the_calendar(word: str, is_one: bool):
    assert is_calendar_word(word) is is_one


@pytest.mark.parametrize(
    ("published", "zone", "expected"),
    [
        (DAY, "Europe/Brussels", datetime(2026, 3, 4, 23, tzinfo=UTC)),
        (datetime(2026, 3, 5, 7), "Asia/Tokyo", datetime(2026, 3, 4, 22, tzinfo=UTC)),
        (datetime(2026, 3, 5, 7, tzinfo=ZoneInfo("Asia/Tokyo")), "UTC", datetime(2026, 3, 4, 22, tzinfo=UTC)),
    ],
)
def test_a_zone_is_assumed_only_where_none_was_printed(published: date, zone: str, expected: datetime):
    assert moment_in_utc(published, ZoneInfo(zone)) == expected
