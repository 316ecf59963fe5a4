"""Slots are what cron means, in every zone, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import ConfigError
from digest.schedule.cron import parse_cron
from digest.schedule.slots import Schedule, check_schedule, due_slots, next_slots, slot_at, window_opening
from tests.schedule.oracle import expected

BRUSSELS = ZoneInfo("Europe/Brussels")
NEW_YORK = ZoneInfo("America/New_York")


def labels(cron, zone, start, count=3):
    return [slot.label for slot in next_slots(Schedule(cron=cron), ZoneInfo(zone), start, count)]


def test_a_gap_is_served_at_its_end_under_the_label_of_its_day():
    found = next_slots(Schedule(cron="30 2 * * *"), NEW_YORK, datetime(2026, 3, 8, tzinfo=UTC), 2)
    assert [(slot.label, slot.instant.isoformat(), slot.note) for slot in found] == [
        ("2026-03-08", "2026-03-08T07:00:00+00:00", "gap"),
        ("2026-03-09", "2026-03-09T06:30:00+00:00", ""),
    ]


@pytest.mark.parametrize(("zone", "day"), [("America/Santiago", date(2026, 9, 6)), ("Africa/Cairo", date(2026, 4, 24))])
def test_a_day_without_midnight_has_its_issue(zone, day):
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1, hours=-12)
    assert labels("0 0 * * *", zone, start, 1) == [day.isoformat()]


def test_a_repeated_hour_has_one_issue():
    found = due_slots(
        Schedule(cron="30 1 * * *"), NEW_YORK, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    )
    assert [(slot.label, slot.instant.hour) for slot in found] == [("2026-11-01", 5)]


@pytest.mark.parametrize(("day", "hours"), [("2026-11-01", 25), ("2026-03-08", 23), ("2026-06-01", 24)])
def test_an_hourly_schedule_follows_real_time(day, hours):
    start = datetime.fromisoformat(day).replace(tzinfo=NEW_YORK).astimezone(UTC)
    end = (datetime.fromisoformat(day) + timedelta(days=1)).replace(tzinfo=NEW_YORK).astimezone(UTC)
    found = due_slots(Schedule(cron="0 * * * *"), NEW_YORK, start - timedelta(seconds=1), end - timedelta(seconds=1))
    assert len(found) == len({slot.label for slot in found}) == hours


def test_a_date_that_never_was_has_no_slot():
    assert labels("0 8 * * *", "Pacific/Apia", datetime(2011, 12, 29, 12, tzinfo=UTC), 3) == [
        "2011-12-29", "2011-12-31", "2012-01-01",
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["0", "7", "sun", "SUN"])
def test_sunday_has_its_names(day):
    assert labels(f"0 8 * * {day}", "UTC", datetime(2026, 11, 20, tzinfo=UTC), 1) == ["2026-11-22"]


def test_both_day_fields_are_alternatives_unless_one_begins_with_a_star():
    start = datetime(2026, 11, 1, tzinfo=UTC)
    assert labels("0 8 13 * fri", "UTC", start) == ["2026-11-06", "2026-11-13", "2026-11-20"]
    assert labels("0 8 */13 * fri", "UTC", start, 2) == ["2026-11-27", "2027-01-01"]


def test_the_first_monday_and_the_last_friday():
    start = datetime(2026, 11, 1, tzinfo=UTC)
    assert labels("0 8 * * mon#1", "UTC", start) == ["2026-11-02", "2026-12-07", "2027-01-04"]
    assert labels("0 8 * * fri#L", "UTC", start) == ["2026-11-27", "2026-12-25", "2027-01-29"]
    assert labels("0 8 L * *", "UTC", start) == ["2026-11-30", "2026-12-31", "2027-01-31"]


def test_a_range_of_names_may_pass_the_end_of_the_week():
    assert parse_cron("0 8 * * fri-mon").weekdays == {5, 6, 0, 1}
    assert parse_cron("0 8 * * 5-7").weekdays == {5, 6, 0}
    assert parse_cron("0 8 * nov-feb *").months == {11, 12, 1, 2}


def test_several_lines_are_one_schedule():
    cron = ("0 7 * * mon-fri", "0 9 * * sat")
    assert labels(cron, "Europe/Brussels", datetime(2026, 11, 20, 7, tzinfo=UTC)) == [
        "2026-11-21T09:00", "2026-11-23T07:00", "2026-11-24T07:00",
    ]  # fmt: skip


def test_the_29th_of_february_comes_when_it_comes():
    assert labels("0 8 29 2 *", "UTC", datetime(2026, 1, 1, tzinfo=UTC), 2) == ["2028-02-29", "2032-02-29"]
    assert labels("0 8 30 2 *", "UTC", datetime(2026, 1, 1, tzinfo=UTC), 2) == []


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("0 8 * *", 1, "five fields"),
        ("61 8 * * *", 1, "minute: 61 is not in 0-59"),
        ("0 8 * * mon-xyz", 13, "'xyz' is not a number"),
        ("0 8 * * 5-1", 9, "runs backwards"),
        ("0 8,25 * * *", 5, "hour: 25"),
        ("0 8 * * */0", 9, "step"),
        ("0 8 ? * *", 5, "'?' is not a number"),
        ("@reboot", 1, "unknown schedule"),
        ("0 8 * * mon#6", 9, "1 to 5"),
        ("0 ٣ * * *", 3, "not a number"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(line, column, words):
    with pytest.raises(ConfigError, match=f"cron line 1, column {column}: ") as caught:
        check_schedule(Schedule(cron=line))
    assert words in str(caught.value)


def test_an_issue_by_hand_belongs_to_the_latest_slot_of_its_day():
    schedule = Schedule(cron="0 7,12 * * *")
    assert slot_at(schedule, BRUSSELS, datetime(2026, 11, 23, 11, 30, tzinfo=UTC)).label == "2026-11-23T12:00"
    assert slot_at(schedule, BRUSSELS, datetime(2026, 11, 23, 10, tzinfo=UTC)).label == "2026-11-23T07:00"
    assert slot_at(schedule, BRUSSELS, datetime(2026, 11, 23, 5, tzinfo=UTC)).label == "2026-11-23"
    assert slot_at(None, BRUSSELS, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)).label == "2026-11-24"


def test_a_window_opens_at_its_local_hour():
    at = datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert window_opening("06:00-20:00", BRUSSELS, at) == datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert window_opening("20:00-06:00", BRUSSELS, at) == at
    assert window_opening(None, BRUSSELS, at) == at


ZONES = (
    "America/New_York",
    "Europe/London",
    "America/Santiago",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
LINES = (
    "0 8 * * *", "30 2 * * *", "0,30 2 * * *", "30 1 * * *", "0 0 * * *", "*/15 * * * *", "0 * * * *", "0 */6 * * *",
    "59 23 * * mon-fri", "0 8 1 * mon", "0 9 31 * *", "5 0,12 29 2 *", "0 7 * * 5-7", "30 0-23/2 * * *",
)  # fmt: skip


@given(st.sampled_from(ZONES), st.sampled_from(LINES), st.integers(0, 3650))
def test_slots_are_those_of_a_scan_of_every_minute(zone, line, day):
    low = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=day)
    high = low + timedelta(days=3)
    found = due_slots(Schedule(cron=line), ZoneInfo(zone), low - timedelta(seconds=1), high - timedelta(seconds=1))
    assert [(slot.instant, slot.label) for slot in found] == expected(line, ZoneInfo(zone), low, high)


@given(st.sampled_from(ZONES), st.sampled_from(LINES), st.integers(0, 87600), st.integers(0, 100))
def test_two_questions_find_what_one_finds(zone, line, hour, part):
    schedule, where = Schedule(cron=line), ZoneInfo(zone)
    low = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    high = low + timedelta(hours=100)
    middle = low + timedelta(hours=part)
    both = due_slots(schedule, where, low, middle) + due_slots(schedule, where, middle, high)
    assert both == due_slots(schedule, where, low, high)
