"""What an editor sees of an edition and decides about it: the store is asked anew each time, and looking makes none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.app.editorial import PAST_ISSUES_SHOWN, UPCOMING_SLOTS_SHOWN, EditionCalendar, EditorialStore
from digest.channels.folder import FolderChannel
from digest.config import Config, Edition
from digest.delivery.model import DeliveryState
from digest.errors import UsageError
from digest.schedule.slots import Schedule
from digest.stages.edit import Edit, EditVerb
from digest.stores.sql import Store
from tests.delivery.rows import published, readers, send, states, store_at

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
STAMP = NOW.timestamp()
DAILY = Edition(
    title="NATO", key="nato", timezone="Europe/Brussels", schedule=Schedule(cron=("0 7 * * mon-fri", "30 18 * * sun"))
)
BY_HAND = Edition(title="NATO", key="nato")


def desk(folder: Path) -> EditorialStore:
    config = Config(
        path=folder / "config.yaml",
        editions={"nato": DAILY},
        alarm=None,
        store=f"sqlite:///{folder}/digest.db",
        warnings=(),
        data={},
    )
    return EditorialStore(config=config)


def calendar(folder: Path, edition: Edition = BY_HAND) -> EditionCalendar:
    return desk(folder).edition_calendar(edition, NOW)


def held(store: Store, period: str = "2026-11-20") -> int:
    return published(store, readers("a@x.example", "b@x.example"), period=period, now=STAMP, hold=True)


def state_of(store: Store, issue: int) -> tuple[str, str]:
    row = store.issues.get_issue(issue)
    assert row is not None
    return row.state, row.reason


def test_who_only_looks_makes_no_store(tmp_path: Path) -> None:
    found = calendar(tmp_path)
    assert (found.gone, found.stuck, found.hold) == ((), (), False)
    assert desk(tmp_path).editor_decisions("nato") == ()
    assert list(tmp_path.iterdir()) == []


def test_the_slots_that_come_are_told_in_local_time(tmp_path: Path) -> None:
    found = calendar(tmp_path, DAILY)
    assert found.lines == ("0 7 * * mon-fri", "30 18 * * sun")
    assert found.zone == "Europe/Brussels"
    assert len(found.coming) == UPCOMING_SLOTS_SHOWN
    assert found.coming[0].when == "Sunday 22 November 2026, 18:30 CET"
    assert found.coming[1].when == "Monday 23 November 2026, 07:00 CET"


def test_an_edition_without_a_schedule_has_no_slots(tmp_path: Path) -> None:
    found = calendar(tmp_path)
    assert (found.lines, found.coming) == ((), ())


def test_the_issues_that_were_are_told_newest_first_with_their_copies(tmp_path: Path) -> None:
    with store_at(tmp_path) as store:
        published(store, readers("a@x.example"), period="2026-11-19", now=STAMP - 86_400)
        send(store, now=STAMP - 86_400, smtp=FolderChannel(path=tmp_path / "out"))
        held(store)
    newest, oldest = calendar(tmp_path, DAILY).gone
    assert (newest.label, newest.state, newest.copies) == ("2026-11-20", "held", {"pending": 2})
    assert (newest.is_held, oldest.is_held) == (True, False)
    assert newest.when == "2026-11-20 08:00"  # in the zone of the edition
    assert (oldest.label, oldest.state, oldest.copies) == ("2026-11-19", "done", {"sent": 1})


def test_only_so_many_issues_are_told(tmp_path: Path) -> None:
    slots = [(f"slot {n}", STAMP + n, "a holiday") for n in range(PAST_ISSUES_SHOWN + 5)]
    with store_at(tmp_path) as store:
        store.issues.skip_slots("nato", slots, now=STAMP)
        store.issues.skip_slots("other", slots, now=STAMP)
    gone = calendar(tmp_path).gone
    assert [past.label for past in gone] == [f"slot {n}" for n in range(24, 4, -1)]
    assert {(past.state, past.reason) for past in gone} == {("skipped", "a holiday")}


def test_copies_that_need_somebody_are_told_each_in_a_line(tmp_path: Path) -> None:
    with store_at(tmp_path) as store:
        published(store, readers("not an address", "b@x.example"), period="2026-11-20", now=STAMP)
        assert states(store)["not an address"] == DeliveryState.DEAD
    (line,) = calendar(tmp_path).stuck
    assert line.startswith("2026-11-20: not an address by smtp: dead: ")
    assert desk(tmp_path).edition_calendar(Edition(title="Other", key="other"), NOW).stuck == ()


@pytest.mark.parametrize(
    ("verdict", "state", "reason"),
    [("approve", "ready", "approved by the preview"), ("reject", "skipped", "rejected by the preview")],
)
def test_a_held_issue_is_ruled_on_once(tmp_path: Path, verdict: str, state: str, reason: str) -> None:
    with store_at(tmp_path) as store:
        issue = held(store)
        desk(tmp_path).apply_ruling("nato", verdict, issue, NOW)
        assert state_of(store, issue) == (state, reason)
        for again in ("approve", "reject"):
            with pytest.raises(UsageError, match=r"nato/2026-11-20: is not held \(any more\)"):
                desk(tmp_path).apply_ruling("nato", again, issue, NOW)
        assert state_of(store, issue) == (state, reason)


def test_an_issue_of_another_edition_is_not_ruled_on(tmp_path: Path) -> None:
    with store_at(tmp_path) as store:
        issue = held(store)
        for edition, number in (("other", issue), ("nato", issue + 1), ("nato", None)):
            with pytest.raises(UsageError, match="there is no such issue"):
                desk(tmp_path).apply_ruling(edition, "approve", number, NOW)
        assert state_of(store, issue)[0] == "held"


@pytest.mark.parametrize("verdict", ["", "Approve", "delete", "hold "])
def test_a_verdict_that_is_none_is_refused_before_a_store_is_made(tmp_path: Path, verdict: str) -> None:
    with pytest.raises(UsageError, match="is no verdict"):
        desk(tmp_path).apply_ruling("nato", verdict, 1, NOW)
    assert list(tmp_path.iterdir()) == []


def test_what_comes_is_held_until_it_is_released(tmp_path: Path) -> None:
    for verdict, wanted in (("hold", True), ("hold", True), ("release", False), ("release", False)):
        desk(tmp_path).apply_ruling("nato", verdict, None, NOW)
        assert calendar(tmp_path).hold is wanted
        assert not desk(tmp_path).edition_calendar(Edition(title="Other", key="other"), NOW).hold


def test_a_decision_is_kept_for_its_edition_until_it_is_taken_back(tmp_path: Path) -> None:
    drop = Edit(verb=EditVerb.DROP, story="a.txt")
    title = Edit(verb=EditVerb.RETITLE, story="a.txt", value="Better")
    for number, edit in enumerate((drop, title)):
        desk(tmp_path).record_decision("nato", edit, undo=False, now=NOW + timedelta(seconds=number))
    assert desk(tmp_path).editor_decisions("nato") == (drop, title)
    assert desk(tmp_path).editor_decisions("other") == ()
    desk(tmp_path).record_decision("nato", drop, undo=True, now=NOW)
    assert desk(tmp_path).editor_decisions("nato") == (title,)


def test_a_second_title_for_a_story_takes_the_place_of_the_first(tmp_path: Path) -> None:
    for number, value in enumerate(("Good", "Better")):
        edit = Edit(verb=EditVerb.RETITLE, story="a.txt", value=value)
        desk(tmp_path).record_decision("nato", edit, undo=False, now=NOW + timedelta(seconds=number))
    assert [edit.value for edit in desk(tmp_path).editor_decisions("nato")] == ["Better"]


@given(st.integers(0, 400))
def test_the_slots_that_come_lie_ahead_whenever_one_looks(days: int) -> None:
    now = NOW + timedelta(days=days)
    found = desk(Path("/nowhere")).edition_calendar(DAILY, now)
    assert len({slot.label for slot in found.coming}) == UPCOMING_SLOTS_SHOWN
    assert all(slot.label[:10] >= f"{now:%Y-%m-%d}" for slot in found.coming)
    assert [slot.label for slot in found.coming] == sorted(slot.label for slot in found.coming)
