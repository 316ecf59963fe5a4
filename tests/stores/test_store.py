"""The store keeps its promises: one row for each period and copy, leases, intents, memory."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys

import pytest

from digest.delivery.model import DeliveryState, IssueState, Ruling
from digest.errors import AlreadyRunningError, StoreError
from digest.stores.sql import open_store
from tests.delivery.rows import crowd, published, readers, store_at


def test_a_store_opens_again_with_what_it_held(tmp_path):
    with store_at(tmp_path) as store:
        store.remember("feed", "etag", {"etag": "abc"})
    with store_at(tmp_path) as store:
        assert store.recall("feed", "etag") == {"etag": "abc"}
        assert store.recall("feed", "other") is None


@pytest.mark.parametrize("url", ["sqlite:///{}/no/such/folder/x.db", "oracle9:///x", "postgresql+nothing://x"])
def test_a_store_that_cannot_be_opened_says_which(tmp_path, url):
    with pytest.raises(StoreError, match="store"):
        open_store(url.format(tmp_path))


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "digest.db").write_text("This is a text of some length that is certainly not a database." * 100)
    with pytest.raises(StoreError, match=r"digest\.db: file is not a database"):
        store_at(tmp_path)


def test_a_store_of_a_newer_program_is_refused(tmp_path):
    store_at(tmp_path).close()
    with sqlite3.connect(tmp_path / "digest.db") as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    connection.close()
    with pytest.raises(StoreError, match="use a newer digest"):
        store_at(tmp_path)


def test_a_slot_is_taken_once(tmp_path):
    store = store_at(tmp_path)
    first, second = store.runs.sign_on(), store.runs.sign_on()
    assert store.issues.claim_slot("nato", "2026-11-23", 1.0, owner=first, now=1.0, lease=60.0) is not None
    assert store.issues.claim_slot("nato", "2026-11-23", 1.0, owner=second, now=2.0, lease=60.0) is None
    assert store.issues.claim_slot("nato", "2026-11-23", 1.0, owner=second, now=62.0, lease=60.0) is not None


def test_a_slot_of_a_dead_builder_is_taken_over_at_once(tmp_path):
    store = store_at(tmp_path)
    first = store.runs.sign_on()
    issue = store.issues.claim_slot("nato", "2026-11-23", 1.0, owner=first, now=1.0, lease=1e6)
    store.runs.sign_off(first)
    assert store.issues.claim_slot("nato", "2026-11-23", 1.0, owner=store.runs.sign_on(), now=2.0, lease=1.0) == issue


def test_claims_do_not_overlap(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, crowd(30))
    owner = store.runs.sign_on()
    claim = {"owner": owner, "now": 2000.0, "lease": 60.0, "limit": 20}
    first, second = store.outbox.claim(issue, "smtp", **claim), store.outbox.claim(issue, "smtp", **claim)
    assert (len(first), len(second)) == (20, 10)
    assert not {row.id for row in first} & {row.id for row in second}


def test_rows_of_a_dead_sender_are_sorted_into_sure_and_ambiguous(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, crowd(3))
    owner = store.runs.sign_on()
    rows = store.outbox.claim(issue, "smtp", owner=owner, now=2000.0, lease=900.0, limit=3)
    assert store.outbox.commit_and_intend([], rows[0].id, owner=owner)
    assert store.outbox.recover_abandoned({}, now=2001.0) == (0, 0)
    store.runs.sign_off(owner)
    assert store.outbox.recover_abandoned({"smtp": Ruling(state=DeliveryState.PENDING, resent=True)}, now=2001.0) == (
        2,
        1,
    )
    assert [(row.state, row.resent) for row in store.operator.list_deliveries()] == [
        ("pending", 1),
        ("pending", 0),
        ("pending", 0),
    ]
    assert store.operator.list_attempts(rows[0].id)[-1][1] == "recover"


def test_after_a_restart_of_the_machine_claimed_rows_are_ambiguous_too(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, crowd(2))
    owner = store.runs.sign_on()
    store.outbox.claim(issue, "smtp", owner=owner, now=2000.0, lease=900.0, limit=2)
    store.runs.sign_off(owner)
    with store.database.write_transaction() as connection:
        connection.exec_driver_sql("UPDATE outbox SET boot = 'the life before'")
    assert store.outbox.recover_abandoned({}, now=2001.0) == (0, 2)
    assert store.operator.count_by_state() == {"unknown": 2}


def test_a_row_taken_over_cannot_be_sent_by_its_former_owner(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, crowd(1))
    sleeper, heir = store.runs.sign_on(), store.runs.sign_on()
    (row,) = store.outbox.claim(issue, "smtp", owner=sleeper, now=2000.0, lease=60.0, limit=1)
    store.outbox.recover_abandoned({}, now=3000.0)
    (same,) = store.outbox.claim(issue, "smtp", owner=heir, now=3000.0, lease=60.0, limit=1)
    assert same.id == row.id
    assert not store.outbox.commit_and_intend([], row.id, owner=sleeper)
    assert store.outbox.commit_and_intend([], row.id, owner=heir)


def test_dead_and_unknown_rows_can_be_sent_again_with_a_record(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("nobody", "a@x.example"))
    assert store.operator.redrive(DeliveryState.DEAD, who="ann", now=5.0) == 1
    row = store.operator.list_deliveries()[0]
    assert row.state == "pending"
    assert store.operator.list_attempts(row.id) == [(5.0, "redrive", None, "redriven by ann, was dead")]


def test_a_held_issue_leaves_when_an_editor_says_so_or_its_time_has_come(tmp_path):
    store = store_at(tmp_path)
    first = published(store, crowd(1), hold=True)
    second = published(store, crowd(1), period="2026-11-24", hold=True, hold_until=3000.0)
    assert store.issues.issues_to_send() == []
    assert store.issues.approve(first, who="ann", now=2000.0)
    assert not store.issues.approve(first, who="ann", now=2000.0)
    assert [issue.id for issue in store.issues.issues_to_send()] == [first]
    assert store.issues.release_due(now=2999.0) == 0
    assert store.issues.release_due(now=3000.0) == 1
    assert [issue.id for issue in store.issues.issues_to_send()] == [first, second]


def test_a_rejected_issue_never_leaves(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, crowd(1), hold=True)
    assert store.issues.reject(issue, who="ann", now=2000.0)
    found = store.issues.get_issue(issue)
    assert (found.state, found.reason) == (IssueState.SKIPPED, "rejected by ann")


def test_what_was_printed_is_known_to_later_slots_only(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(1), marks=[("000.txt", "aa")])
    published(store, crowd(1), period="2026-11-24", now=2000.0, marks=[("000.txt", "bb")])
    assert store.printed_before("nato") == {"000.txt": "bb"}
    assert store.printed_before("nato", before="2026-11-24") == {"000.txt": "aa"}
    assert store.printed_before("nato", before="2026-11-23") == {}
    assert store.printed_before("other") == {}


def test_a_letter_that_was_changed_is_not_sent(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, crowd(1))
    assert store.issues.frozen_letter(issue, "") is not None
    with store.database.write_transaction() as connection:
        connection.exec_driver_sql("UPDATE letter SET content = content || ' '")
    assert store.issues.frozen_letter(issue, "") is None


def test_a_second_daemon_is_refused_with_the_first_ones_pid(tmp_path):
    store = store_at(tmp_path)
    code = (
        "from digest.stores.sql import open_store\n"
        f"with open_store('sqlite:///{tmp_path}/digest.db').hold_daemon_lock(): print('in', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout.readline() == "in\n"
        with pytest.raises(AlreadyRunningError, match=f"already running, pid {first.pid}"), store.hold_daemon_lock():
            pass
        first.communicate("\n")
    with store.hold_daemon_lock():
        pass


def test_a_lock_that_cannot_be_written_is_one_line(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store = store_at(tmp_path)
    monkeypatch.setattr("digest.stores.sql.lock.os.write", full)
    with pytest.raises(StoreError, match=r"cannot write the lock .*No space left"), store.hold_daemon_lock():
        pass
