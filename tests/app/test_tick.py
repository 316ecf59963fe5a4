"""A tick may come twice, late or never: each slot has one row, and its reader one copy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from digest.app.alarms import new_alarms
from digest.app.tick import ScheduledEdition, publish_due_slots, publish_slot
from digest.delivery.publish import Mailing
from digest.errors import ConfigError, SourceError
from digest.model import Reader
from digest.schedule.slots import CatchUp, Schedule, Slot, check_schedule
from tests.delivery.rows import ENVELOPE, letter, readers, store_at

ZONE = ZoneInfo("Europe/Brussels")
FIRST = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday, after the slot of that day


class Desk:
    """Makes issues, and remembers which."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.answer: object = None
        self.readers: object = readers("a@x.example")

    def __call__(self, slot: Slot) -> Mailing | str:
        self.built.append(slot.label)
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, str):
            return self.answer
        return Mailing(letters={"": letter(slot.label)}, envelope=ENVELOPE, readers=self.readers, channels=("smtp",))


def paper(desk: Desk, **options) -> ScheduledEdition:
    return ScheduledEdition(edition="nato", schedule=Schedule(cron="0 7 * * *", **options), zone=ZONE, build=desk)


def rows(store):
    return {issue.slot: (issue.state, issue.reason) for issue in store.issues.list_issues()}


def test_nothing_is_due_before_the_first_slot_after_the_start(tmp_path):
    desk = Desk()
    publish_due_slots(store_at(tmp_path), [paper(desk)], FIRST)
    assert desk.built == []


def test_a_due_slot_is_published_once_however_often_the_bell_rings(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    publish_due_slots(store, [paper(desk)], FIRST)
    for minutes in (0, 0, 1, 30):
        publish_due_slots(store, [paper(desk)], datetime(2026, 11, 21, 6, minutes, tzinfo=UTC))
    assert desk.built == ["2026-11-21"]
    assert rows(store) == {"2026-11-21": ("ready", "")}


@pytest.mark.parametrize(
    ("rule", "built", "reason"),
    [
        (CatchUp.LATEST, ["2026-11-25"], "merged into 2026-11-25"),
        (CatchUp.ALL, ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"], None),
        (CatchUp.SKIP, [], "missed while down"),
    ],
)
def test_slots_missed_while_down_each_have_a_row(tmp_path, rule, built, reason):
    store, desk = store_at(tmp_path), Desk()
    publish_due_slots(store, [paper(desk, catch_up=rule)], FIRST)
    publish_due_slots(store, [paper(desk, catch_up=rule)], datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert desk.built == built
    found = rows(store)
    assert sorted(found) == [f"2026-11-{day}" for day in range(21, 26)]
    assert {why for state, why in found.values() if state == "skipped"} == ({reason} if reason else set())


def test_catching_up_on_all_has_a_limit(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    for now in (FIRST, FIRST + timedelta(days=5)):
        publish_due_slots(store, [paper(desk, catch_up=CatchUp.ALL, max_catch_up=2)], now)
    assert desk.built == ["2026-11-24", "2026-11-25"]
    assert rows(store)["2026-11-21"] == ("skipped", "more than 2 missed")


def test_a_holiday_is_a_row(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    for now in (FIRST, FIRST + timedelta(days=1)):
        publish_due_slots(store, [paper(desk, holidays=(date(2026, 11, 21),))], now)
    assert desk.built == []
    assert rows(store) == {"2026-11-21": ("skipped", "holiday")}


def test_nothing_new_is_a_row_too(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    desk.answer = "empty"
    for now in (FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=1)):
        publish_due_slots(store, [paper(desk)], now)
    assert desk.built == ["2026-11-21"]
    assert rows(store) == {"2026-11-21": ("skipped", "empty")}


def test_a_build_that_fails_is_tried_again_and_given_up_in_the_end(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    publish_due_slots(store, [paper(desk)], FIRST)
    desk.answer = SourceError("wires: no route to host")
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    for _ in range(10):
        done = publish_due_slots(store, [paper(desk)], now)
        now += timedelta(hours=1)
    assert done.failed == []
    assert len(desk.built) == 5
    assert rows(store) == {"2026-11-21": ("failed", "SourceError: wires: no route to host")}


def test_a_build_that_fails_once_appears_late(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    publish_due_slots(store, [paper(desk)], FIRST)
    desk.answer = SourceError("wires: no route to host")
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    assert publish_due_slots(store, [paper(desk)], now).failed == [("nato/2026-11-21", "wires: no route to host")]
    desk.answer = None
    assert publish_due_slots(store, [paper(desk)], now).published == []
    assert publish_due_slots(store, [paper(desk)], now + timedelta(minutes=2)).published == ["nato/2026-11-21"]


def test_one_broken_edition_does_not_silence_another(tmp_path):
    store, bad, good = store_at(tmp_path), Desk(), Desk()
    bad.answer = ZeroDivisionError("bug")
    papers = [paper(bad), ScheduledEdition(edition="other", schedule=Schedule(cron="0 7 * * *"), zone=ZONE, build=good)]
    publish_due_slots(store, papers, FIRST)
    done = publish_due_slots(store, papers, FIRST + timedelta(days=1))
    assert done.published == ["other/2026-11-21"]
    assert done.failed == [("nato/2026-11-21", "ZeroDivisionError: bug")]


def test_a_clock_set_back_repeats_nothing(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    for hours in (0, 24, 48, 3, 20, 30, 48):
        publish_due_slots(store, [paper(desk)], FIRST + timedelta(hours=hours))
    assert desk.built == ["2026-11-21", "2026-11-22"]


def test_another_zone_in_the_configuration_leaves_old_rows_alone(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    publish_due_slots(store, [paper(desk)], FIRST)
    publish_due_slots(store, [paper(desk)], datetime(2026, 11, 21, 6, 30, tzinfo=UTC))
    moved = ScheduledEdition(
        edition="nato", schedule=Schedule(cron="0 7 * * *"), zone=ZoneInfo("America/New_York"), build=desk
    )
    publish_due_slots(store, [moved], datetime(2026, 11, 21, 13, tzinfo=UTC))
    assert desk.built == ["2026-11-21"]


def test_an_issue_by_hand_and_the_schedule_share_the_slot(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    publish_due_slots(store, [paper(desk)], FIRST)
    slot = Slot(label="2026-11-21", instant=datetime(2026, 11, 21, 6, tzinfo=UTC))
    assert publish_slot(store, paper(desk), slot, datetime(2026, 11, 21, 6, tzinfo=UTC)) is not None
    publish_due_slots(store, [paper(desk)], datetime(2026, 11, 21, 6, 1, tzinfo=UTC))
    assert desk.built == ["2026-11-21"]


def test_copies_wait_for_the_window_of_sending(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    options = {"window": "09:00-17:00"}
    publish_due_slots(store, [paper(desk, **options)], FIRST)
    publish_due_slots(store, [paper(desk, **options)], datetime(2026, 11, 21, 6, tzinfo=UTC))
    assert store.operator.list_deliveries()[0].not_before == datetime(2026, 11, 21, 8, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(("rule", "until"), [("manual", None), ("after 30m", 1800.0), ("after 2h", 7200.0)])
def test_an_issue_waits_for_its_editor(tmp_path, rule, until):
    store, desk = store_at(tmp_path), Desk()
    publish_due_slots(store, [paper(desk, approve=rule)], FIRST)
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    publish_due_slots(store, [paper(desk, approve=rule)], now)
    (issue,) = store.issues.list_issues()
    assert issue.state == "held"
    assert issue.not_before == (now.timestamp() + until if until else None)


def test_a_hold_that_nobody_understands_is_a_mistake():
    with pytest.raises(ConfigError, match="approve"):
        check_schedule(Schedule(cron="0 7 * * *", approve="later"))


def test_readers_get_it_at_their_own_hour_when_asked(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    desk.readers = [
        Reader(email="here@x.example"),
        Reader(email="west@x.example", timezone="America/New_York"),
        Reader(email="east@x.example", timezone="Asia/Tokyo"),
    ]
    for now in (FIRST, datetime(2026, 11, 21, 6, tzinfo=UTC)):
        publish_due_slots(store, [paper(desk, reader_time=True)], now)
    hours = {row.rcpt[:4]: datetime.fromtimestamp(row.not_before, UTC).hour for row in store.operator.list_deliveries()}
    assert hours == {"here": 6, "west": 12, "east": 6}


def test_a_list_of_readers_that_breaks_is_tried_again(tmp_path):
    store, desk = store_at(tmp_path), Desk()

    def broken():
        yield Reader(email="a@x.example")
        raise ConfigError("readers.csv:2: has 3 columns")

    publish_due_slots(store, [paper(desk)], FIRST)
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    desk.readers = broken()
    assert publish_due_slots(store, [paper(desk)], now).failed == [("nato/2026-11-21", "readers.csv:2: has 3 columns")]
    assert store.operator.list_deliveries() == []
    desk.readers = readers("a@x.example")
    assert publish_due_slots(store, [paper(desk)], now + timedelta(minutes=2)).published == ["nato/2026-11-21"]


def test_an_empty_list_of_readers_is_an_issue_for_nobody(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    desk.readers = []
    for now in (FIRST, datetime(2026, 11, 21, 6, tzinfo=UTC)):
        publish_due_slots(store, [paper(desk)], now)
    assert [issue.name for issue in store.issues.finish_issues(now=1.0)] == ["nato/2026-11-21"]
    assert rows(store) == {"2026-11-21": ("failed", "reached nobody: it has no reader")}


def test_trouble_is_told_once(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    desk.answer = SourceError("wires: no route to host")
    papers = [paper(desk)]
    publish_due_slots(store, papers, FIRST)
    now = datetime(2026, 11, 21, 6, tzinfo=UTC)
    for _ in range(5):
        publish_due_slots(store, papers, now)
        now += timedelta(hours=1)
    told = [alarm.text for alarm in new_alarms(store, papers, now)]
    assert told == ["nato/2026-11-21: failed: SourceError: wires: no route to host"]
    assert new_alarms(store, papers, now) == []


def test_silence_is_told_after_two_periods(tmp_path):
    store, desk = store_at(tmp_path), Desk()
    papers = [paper(desk)]
    publish_due_slots(store, papers, FIRST)
    assert new_alarms(store, papers, FIRST + timedelta(days=1)) == []
    (alarm,) = new_alarms(store, papers, FIRST + timedelta(days=2))
    assert "no issue and no reason since 2026-11-20" in alarm.text
