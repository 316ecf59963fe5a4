from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.feed.dates import parse_loose_date, parse_standard_date

EIGHT = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sat, 21 Nov 2026 08:00:00 GMT", EIGHT),
        ("Sat, 21 Nov 2026 09:00:00 +0100", EIGHT),
        ("21 Nov 26 03:00 EST", EIGHT),
        ("2026-11-21T08:00:00Z", EIGHT),
        ("2026-11-21T08:00Z", EIGHT),
        ("2026-11-21 08:00:00.123+00:00", EIGHT),
        ("2026-11-21", date(2026, 11, 21)),
        ("2026-11-21T24:61:61Z", None),
        ("31 Feb 2026 08:00:00 GMT", None),
        ("Fri, 21 Nov 99999 00:00:00 +9999", None),
        ("1" * 20_000, None),
        ("0000-00-00", None),
        ("1969-01-01", None),
        ("-1", None),
        ("", None),
    ],
)
def test_dates_of_the_standards(text: str, moment: datetime | date | None) -> None:
    assert parse_standard_date(text) == moment


def test_the_printed_offset_is_kept() -> None:
    read = parse_standard_date("Sat, 21 Nov 2026 09:00:00 +0100")
    assert isinstance(read, datetime)
    assert read.tzinfo == timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sa, 21 Nov 2026 09:00:00 +0100", EIGHT),
        ("sam. 21 novembre 2026 08:00", EIGHT),
        ("21/11/2026 08:00", EIGHT),
        ("21.11.2026", date(2026, 11, 21)),
        ("1795248000", EIGHT),
        ("1795248000000", EIGHT),
        ("05/06/2026", None),
        ("05/05/2026", date(2026, 5, 5)),
        ("soon", None),
    ],
)
def test_dates_as_people_write_them(text: str, moment: datetime | date | None) -> None:
    assert parse_loose_date(text) == moment


@given(st.text(alphabet="0123456789 -:/.,TZ+NovSat", max_size=70))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (parse_standard_date(text), parse_loose_date(text)):
        assert read is None or read.year >= 1970
