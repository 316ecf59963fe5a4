"""What counts as told to readers: facts about copies, not words of state."""

from __future__ import annotations

import pytest

from digest.delivery.model import IssueState
from tests.delivery.rows import published, readers, send, store_at
from tests.schedule.test_catch_up import Wire

DAY = 86_400.0
MARKS = [("one", "text")]


def issue_of(store, number, behaviour="works", **more):
    """An issue of a day with one story, and a run of delivery by a wire that behaves so."""
    period, now = f"2026-11-{number:02}", number * DAY
    issue_id = published(store, readers("a@x.example"), "w", period=period, now=now, **{"marks": MARKS, **more})
    send(store, now=now + 60, w=Wire(behaviour=behaviour))
    return issue_id


def state(store, issue_id):
    found = store.issues.get_issue(issue_id)
    return found.state, found.reason


def test_an_issue_with_a_copy_that_was_sent_is_done_and_its_stories_were_told(tmp_path):
    store = store_at(tmp_path)
    assert state(store, issue_of(store, 1)) == ("done", "")
    assert store.issues.printed_fingerprints("nato") == dict(MARKS)


def test_an_issue_that_reached_nobody_has_failed_and_gives_its_stories_back(tmp_path):
    store = store_at(tmp_path)
    assert state(store, issue_of(store, 1, "refuses")) == ("failed", "reached nobody: 1 of 1 copies: no")
    assert store.issues.printed_fingerprints("nato") == {}
    issue_of(store, 2)
    assert store.issues.printed_fingerprints("nato") == dict(MARKS)


def test_one_copy_that_arrived_is_enough(tmp_path):
    store = store_at(tmp_path)
    store.operator.suppress_address("a@x.example", reason="left", source="test", now=1.0)
    issue_id = published(store, readers("a@x.example", "b@x.example"), "w", now=DAY, marks=MARKS)
    send(store, now=DAY, w=Wire())
    assert state(store, issue_id) == ("done", "")
    assert store.issues.printed_fingerprints("nato") == dict(MARKS)


def test_an_issue_whose_only_reader_left_says_so(tmp_path):
    store = store_at(tmp_path)
    store.operator.suppress_address("a@x.example", reason="left", source="test", now=1.0)
    reason = "reached nobody: 1 of 1 copies: on the suppression list"
    assert state(store, issue_of(store, 1)) == ("failed", reason)


def test_a_copy_in_doubt_may_have_been_read(tmp_path):
    store = store_at(tmp_path)
    issue_id = published(store, readers("a@x.example"), "w", now=DAY, marks=MARKS)
    (row,) = store.outbox.claim(issue_id, "w", owner="somebody", now=DAY, lease=1.0, limit=1)
    assert store.outbox.commit_and_intend([], row.id, owner="somebody")
    store.outbox.recover_abandoned({}, now=3 * DAY)
    assert store.issues.printed_fingerprints("nato") == dict(MARKS)
    assert store.issues.finish_issues(now=3 * DAY) == []


def test_a_rejected_issue_gives_its_stories_back(tmp_path):
    store = store_at(tmp_path)
    issue_id = issue_of(store, 1, hold=True)
    assert store.issues.printed_fingerprints("nato") == dict(MARKS)
    assert store.issues.reject(issue_id, who="an editor", now=DAY)
    assert store.issues.printed_fingerprints("nato") == {}


def test_an_issue_sent_again_by_hand_has_told_its_stories(tmp_path):
    from digest.delivery.model import DeliveryState

    store = store_at(tmp_path)
    issue_of(store, 1, "refuses")
    store.operator.redrive(DeliveryState.DEAD, who="an operator", now=2 * DAY)
    send(store, now=2 * DAY, w=Wire())
    assert store.issues.printed_fingerprints("nato") == dict(MARKS)


@pytest.mark.parametrize(
    ("behaviours", "until"),
    [
        ([], None),
        (["works"], 1),
        (["works", "works"], 2),
        (["later"], None),  # waits for its first reader: the sources are asked for all of it
        (["works", "later"], 1),
        (["works", "later", "works"], 3),  # the second went out with the third
        (["works", "refuses"], 1),
        (["works", "refuses", "works"], 3),  # the third was made after the second had failed, and told its stories
    ],
)
def test_sources_are_asked_for_everything_that_may_have_to_be_told_again(tmp_path, behaviours, until):
    store = store_at(tmp_path)
    for number, behaviour in enumerate(behaviours, 1):
        issue_of(store, number, behaviour)
    expected = None if until is None else until * DAY
    assert store.issues.collected_until("nato", before=30 * DAY) == expected


def test_what_is_skipped_counts_for_nothing(tmp_path):
    store = store_at(tmp_path)
    store.issues.skip_slots("nato", [("2026-11-01", DAY, "empty")], now=DAY)
    assert store.issues.collected_until("nato", before=9 * DAY) is None


@pytest.mark.parametrize("way", ["approve", "release"])
def test_a_held_issue_is_stale_later_by_the_time_it_was_held(tmp_path, way):
    store = store_at(tmp_path)
    issue_id = issue_of(store, 1, hold=True, hold_until=5 * DAY, give_up=3 * DAY)
    if way == "approve":
        assert store.issues.approve(issue_id, who="an editor", now=5 * DAY)
    else:
        assert store.issues.release_due(now=6 * DAY) == 1
    assert store.issues.get_issue(issue_id).give_up == 7 * DAY
    assert send(store, now=6 * DAY, w=Wire()).sent == 1


def test_a_stopped_issue_goes_on_as_fresh_as_it_was(tmp_path):
    store = store_at(tmp_path)
    issue_id = issue_of(store, 1, "later", give_up=3 * DAY)
    assert store.issues.stop_issue(issue_id, "refused", now=2 * DAY)
    assert store.issues.resume(issue_id, who="an operator", now=9 * DAY)
    assert store.issues.get_issue(issue_id).give_up == 10 * DAY
    assert store.issues.get_issue(issue_id).state == IssueState.SENDING


def test_numbers_count_issues_that_somebody_has(tmp_path):
    store = store_at(tmp_path)
    issue_of(store, 1)
    issue_of(store, 2, "refuses")
    assert store.issues.count_published("nato") == 1
    issue_of(store, 3)
    assert store.issues.count_published("nato") == 2
