"""The same code on PostgreSQL. Set DIGEST_TEST_POSTGRESQL to the URL of an empty database (its tables are dropped)."""

from __future__ import annotations

import os

import pytest

from digest.delivery.model import DeliveryState
from digest.errors import AlreadyRunningError
from digest.stores.sql import open_store
from digest.stores.sql.schema import metadata
from tests.delivery.rows import crowd, published, readers, send
from tests.delivery.test_run import smtp
from tests.mailserver import Rule, Server

URL = os.environ.get("DIGEST_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(not URL, reason="DIGEST_TEST_POSTGRESQL names no database")


@pytest.fixture
def store():
    with open_store(URL) as opened:
        metadata.drop_all(opened.database.engine)
    with open_store(URL) as opened:
        yield opened


def test_copies_go_out_once_and_refused_ones_are_dead(store):
    published(store, [*crowd(100), *readers("gone@x.example", "nobody")])
    with Server(rules=[Rule(at="rcpt", reply="550 5.1.1 no", rcpt="gone@*")]) as server:
        report = send(store, smtp=smtp(server, connections=3))
        assert send(store, smtp=smtp(server)).sent == 0
    assert (report.sent, report.dead) == (100, 1)
    assert store.operator.count_by_state() == {"dead": 2, "sent": 100}
    assert [row[0] for row in store.operator.suppression_list()] == ["gone@x.example"]
    assert store.operator.redrive(DeliveryState.DEAD, who="ann", now=1.0) == 2


def test_a_slot_is_taken_once_and_skipped_once(store):
    owner = store.runs.sign_on()
    assert store.issues.claim_slot("nato", "2026-11-23", 1.0, owner=owner, now=1.0, lease=60.0) is not None
    assert store.issues.claim_slot("nato", "2026-11-23", 1.0, owner=owner, now=1.0, lease=60.0) is None
    slots = [("2026-11-24", 1.0, "holiday"), ("2026-11-25", 2.0, "holiday")]
    assert store.issues.skip_slots("nato", slots[:1], now=1.0) == ["2026-11-24"]
    assert store.issues.skip_slots("nato", slots, now=1.0) == ["2026-11-25"]


def test_rows_of_a_dead_sender_are_taken_over(store):
    issue = published(store, crowd(3))
    owner = store.runs.sign_on()
    rows = store.outbox.claim(issue, "smtp", owner=owner, now=2000.0, lease=60.0, limit=3)
    assert store.outbox.commit_and_intend([], rows[0].id, owner=owner)
    store.runs.sign_off(owner)
    assert store.outbox.recover_abandoned({}, now=2001.0) == (2, 1)
    assert store.operator.count_by_state() == {"pending": 2, "unknown": 1}


def test_there_is_one_daemon_and_after_it_another(store):
    with open_store(URL) as other:
        with store.hold_daemon_lock(), pytest.raises(AlreadyRunningError), other.hold_daemon_lock():
            pass
        with other.hold_daemon_lock():
            pass
