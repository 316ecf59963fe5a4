"""An operator is told once of what is wrong, by every way there is, and a way that fails stops no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.app.alarms import Alarm, AlarmSender, alarm_message, current_alarms, new_alarms
from digest.app.tick import ScheduledEdition
from digest.channels.folder import FolderChannel
from digest.config import AlarmRecipients
from digest.delivery.model import IssueState, Outcome, OutgoingMessage, Phase, Verdict
from digest.errors import DeliveryError
from digest.schedule.slots import Schedule
from digest.stores.sql import Store
from tests.delivery.rows import published, readers, send, store_at

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
STAMP = NOW.timestamp()
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ALARMS = [Alarm(key="nato/1: failed", text="nato/1: failed: no route"), Alarm(key="b", text="b: silent")]


def by_hand() -> list[ScheduledEdition]:
    """The edition of the rows, without a schedule."""
    return [ScheduledEdition(edition="nato", schedule=None, zone=ZoneInfo("UTC"), build=lambda _slot: "none")]


def daily() -> list[ScheduledEdition]:
    schedule = Schedule(cron="0 7 * * *")
    return [ScheduledEdition(edition="nato", schedule=schedule, zone=ZoneInfo("UTC"), build=lambda _slot: "none")]


def texts(store: Store, after: timedelta) -> list[str]:
    return [alarm.text for alarm in current_alarms(store, by_hand(), NOW + after)]


def begun(store: Store) -> int:
    issue = store.issues.claim_slot("nato", "2026-11-20", STAMP, owner="me", now=STAMP, lease=60.0)
    assert issue is not None
    return issue


@pytest.mark.parametrize(("after", "told"), [(HOUR, False), (HOUR + SECOND, True)])
def test_an_issue_that_is_ready_for_an_hour_should_have_begun_to_leave(
    tmp_path: Path, after: timedelta, told: bool
) -> None:
    store = store_at(tmp_path)
    published(store, readers("a@x.example"), period="2026-11-20", now=STAMP)
    assert texts(store, after) == ["nato/2026-11-20: published, and not one copy has left"] * told


@pytest.mark.parametrize(("after", "told"), [(2 * HOUR, False), (6 * HOUR, False), (6 * HOUR + SECOND, True)])
def test_copies_that_wait_for_their_readers_hours_are_no_trouble_until_then(
    tmp_path: Path, after: timedelta, told: bool
) -> None:
    store = store_at(tmp_path)
    hours = {"a@x.example": 5, "b@x.example": 8}
    who = readers(*hours)
    published(store, who, period="2026-11-20", now=STAMP, not_before=lambda one: STAMP + 3600 * hours[one.email])
    assert bool(texts(store, after)) is told


def test_an_issue_that_waits_is_no_trouble_beside_one_that_should_have_left(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    later = STAMP + 5 * 3600
    published(store, readers("a@x.example"), period="2026-11-19", now=STAMP)
    published(store, readers("a@x.example"), period="2026-11-20", now=STAMP, not_before=lambda _one: later)
    assert texts(store, 2 * HOUR) == ["nato/2026-11-19: published, and not one copy has left"]


def test_an_issue_approved_before_its_hold_would_end_should_leave_at_once(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    issue = published(
        store, readers("a@x.example"), period="2026-11-20", now=STAMP, hold=True, hold_until=STAMP + 86_400
    )
    assert store.issues.approve(issue, who="me", now=STAMP)
    assert texts(store, HOUR + SECOND) == ["nato/2026-11-20: published, and not one copy has left"]


def test_an_issue_that_is_held_or_gone_is_no_trouble(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    published(store, readers("a@x.example"), period="2026-11-19", now=STAMP, hold=True)
    published(store, readers("a@x.example"), period="2026-11-20", now=STAMP)
    send(store, now=STAMP, smtp=FolderChannel(path=tmp_path / "out"))
    assert texts(store, 9 * HOUR) == []


@pytest.mark.parametrize(
    ("reason", "told"), [("", "no word from its builder"), ("wires: no route to host", "wires: no route to host")]
)
def test_an_issue_that_is_not_made_in_an_hour_is_told_with_what_is_known(
    tmp_path: Path, reason: str, told: str
) -> None:
    store = store_at(tmp_path)
    issue = begun(store)
    if reason:
        store.issues.stop_building(issue, IssueState.BUILDING, reason, now=STAMP, again=STAMP + 60)
    assert texts(store, HOUR) == []
    assert texts(store, HOUR + SECOND) == [f"nato/2026-11-20: still not made: {told}"]


def test_an_issue_that_failed_is_told_at_once(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.issues.stop_building(begun(store), IssueState.FAILED, "no article", now=STAMP)
    assert texts(store, timedelta()) == ["nato/2026-11-20: failed: no article"]


def test_what_was_told_is_told_again_only_after_it_was_right(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    issue = published(store, readers("a@x.example"), period="2026-11-20", now=STAMP)
    told = []
    for state in ("stop", "", "resume", "stop", ""):
        if state == "stop":
            store.issues.stop_issue(issue, "refused", now=STAMP)
        if state == "resume":
            store.issues.resume(issue, who="me", now=STAMP)
        told.append([alarm.text for alarm in new_alarms(store, by_hand(), NOW)])
    failed = ["nato/2026-11-20: failed: refused"]
    assert told == [failed, [], [], failed, []]


def test_a_new_trouble_is_told_beside_one_that_lasts(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    store.issues.stop_building(begun(store), IssueState.FAILED, "no article", now=STAMP)
    assert len(new_alarms(store, daily(), NOW)) == 1
    (alarm,) = new_alarms(store, daily(), NOW + timedelta(days=2))
    assert alarm.text == "nato: no issue and no reason since 2026-11-20 07:00 UTC, 2 slots"


@pytest.mark.parametrize(("later", "told"), [(48 * HOUR - SECOND, 0), (48 * HOUR, 1)])
def test_two_missed_slots_are_silence_and_one_is_not(tmp_path: Path, later: timedelta, told: int) -> None:
    store = store_at(tmp_path)
    store.issues.skip_slots("nato", [("2026-11-20", STAMP, "a holiday")], now=STAMP)
    assert len(current_alarms(store, daily(), NOW + later)) == told


def test_an_edition_that_never_appeared_and_one_without_a_schedule_are_not_silent(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    assert current_alarms(store, daily(), NOW) == []
    store.issues.skip_slots("nato", [("2026-11-20", STAMP, "a holiday")], now=STAMP)
    assert current_alarms(store, by_hand(), NOW + timedelta(days=30)) == []


def test_the_message_names_the_first_trouble_and_lists_all() -> None:
    outgoing = alarm_message("digest@x.example", "ops@y.example", ALARMS, NOW)
    found = message_from_bytes(outgoing.body, policy=policy.default)
    assert found["Subject"] == "digest: nato/1: failed: no route"
    assert found.get_content().splitlines() == ["- nato/1: failed: no route", "- b: silent"]
    assert (found["To"], found["Auto-Submitted"]) == ("ops@y.example", "auto-generated")
    assert found["Message-ID"] == f"<{outgoing.message_id}>"
    assert outgoing.message_id.endswith("@x.example")


def test_the_same_alarms_at_the_same_moment_are_one_message() -> None:
    first = alarm_message("digest@x.example", "ops@y.example", ALARMS, NOW)
    assert alarm_message("digest@x.example", "ops@y.example", ALARMS, NOW) == first
    others = [
        alarm_message("digest@x.example", "you@y.example", ALARMS, NOW),
        alarm_message("digest@x.example", "ops@y.example", ALARMS[:1], NOW),
        alarm_message("digest@x.example", "ops@y.example", ALARMS, NOW + SECOND),
    ]
    assert len({first.message_id, *(other.message_id for other in others)}) == 4


@given(st.text(max_size=300))
def test_no_text_of_an_alarm_breaks_its_message(text: str) -> None:
    outgoing = alarm_message("digest@x.example", "ops@y.example", [Alarm(key=text, text=f"x {text}")], NOW)
    found = message_from_bytes(outgoing.body, policy=policy.default)
    assert found["Subject"].startswith("digest: x")
    assert found.get_all("To") == ["ops@y.example"]


@dataclass
class Lines:
    """A reporter that keeps its warnings."""

    said: list[str] = field(default_factory=list)

    def note(self, message: str) -> None: ...

    def detail(self, message: str) -> None: ...

    def warn(self, message: str) -> None:
        self.said.append(message)


@dataclass
class Refusing:
    """A channel of somebody else's that takes no message."""

    error: Exception | None = None
    connections = 1
    host = "refusing"

    def connect(self) -> Refusing:
        if self.error:
            raise self.error
        return self

    def send(self, _message: OutgoingMessage) -> Outcome:
        return Outcome(verdict=Verdict.ADDRESS, phase=Phase.RCPT, code=550, text="no such user")

    def close(self) -> None: ...


def sent(*channels: Any, to: tuple[str, ...] = ("a@y.example", "b@y.example")) -> list[str]:
    lines = Lines()
    recipients = AlarmRecipients(to=to, sender="digest@x.example", channels=channels)
    AlarmSender(recipients, lines).report_and_send(ALARMS, NOW)
    return lines.said


TOLD = ["alarm: nato/1: failed: no route", "alarm: b: silent"]


def test_every_operator_gets_one_message_by_every_channel(tmp_path: Path) -> None:
    assert sent(FolderChannel(path=tmp_path / "one"), FolderChannel(path=tmp_path / "two")) == TOLD
    assert [len(list((tmp_path / name).rglob("*.eml"))) for name in ("one", "two")] == [2, 2]


def test_a_channel_that_fails_is_reported_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = sent(FolderChannel(path=tmp_path / "file"), Refusing(), FolderChannel(path=tmp_path / "out"))
    assert said[:2] == TOLD
    assert all(line.startswith("the alarm could not be sent: ") for line in said[2:])
    assert [line for line in said if "no such user" in line] == ["the alarm could not be sent: no such user"] * 2
    assert len(list((tmp_path / "out").rglob("*.eml"))) == 2


def test_a_channel_that_is_not_configured_right_is_reported(tmp_path: Path) -> None:
    said = sent(Refusing(DeliveryError("$PASSWORD is not set")), FolderChannel(path=tmp_path), to=("a@y.example",))
    assert said == [*TOLD, "the alarm could not be sent: $PASSWORD is not set"]
    assert len(list(tmp_path.rglob("*.eml"))) == 1


def test_without_recipients_alarms_are_only_reported() -> None:
    lines = Lines()
    AlarmSender(None, lines).report_and_send(ALARMS, NOW)
    assert lines.said == TOLD


def test_no_alarm_is_no_message(tmp_path: Path) -> None:
    recipients = AlarmRecipients(
        to=("a@y.example",), sender="digest@x.example", channels=(FolderChannel(path=tmp_path),)
    )
    AlarmSender(recipients, Lines()).report_and_send([], NOW)
    assert list(tmp_path.rglob("*")) == []
