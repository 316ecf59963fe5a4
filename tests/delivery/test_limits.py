"""Restraint: domains, failing hosts, a store that is busy."""

from __future__ import annotations

import random
import sqlite3
import threading

from digest.delivery.limits import MAX_HOST_FAILURES, CircuitBreaker, DomainLimiter
from digest.delivery.model import DomainLimits
from digest.delivery.personalise import copier_factory
from digest.delivery.protocols import DeliveryContext
from digest.delivery.retry import BACKOFF, backoff_seconds
from digest.delivery.run import deliver
from tests.delivery.rows import clock_from, crowd, published, readers, send, store_at, token
from tests.delivery.test_run import smtp
from tests.mailserver import Rule, Server


def test_a_domain_takes_so_many_at_once():
    domains = DomainLimiter(DomainLimits(concurrency=2))
    assert [domains.enter_domain("x.example", 0.0) for _ in range(3)] == [0.0, 0.0, 0.25]
    assert domains.enter_domain("y.example", 0.0) == 0.0
    domains.leave_domain("x.example")
    assert domains.enter_domain("x.example", 0.0) == 0.0


def test_a_domain_takes_so_many_a_second():
    domains = DomainLimiter(DomainLimits(concurrency=0, rate=2.0))
    went = [now / 10 for now in range(51) if domains.enter_domain("x.example", now / 10) == 0.0]
    assert 10 <= len(went) <= 13


def test_without_limits_everybody_goes():
    assert not any(DomainLimiter(DomainLimits(concurrency=0)).enter_domain("x.example", 0.0) for _ in range(100))


def test_a_breaker_opens_after_failures_in_a_row_and_longer_each_time():
    breaker = CircuitBreaker()
    for _ in range(MAX_HOST_FAILURES - 1):
        breaker = breaker.after_failure(100.0)
        assert not breaker.is_open(100.0)
    breaker = breaker.after_failure(100.0)
    assert breaker.is_open(159.0)
    assert not breaker.is_open(160.0)
    assert breaker.is_probing
    assert breaker.after_failure(160.0).until == 160.0 + 120.0


def test_the_wait_between_attempts_grows_to_its_limit():
    dice = random.Random(1)
    for attempts in range(1, 20):
        step = BACKOFF[min(attempts, len(BACKOFF)) - 1]
        assert step / 2 <= backoff_seconds(attempts, dice) <= step


def test_a_host_left_alone_is_probed_by_one_connection_and_then_used_by_all(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(40))
    with Server(rules=[Rule(at="greeting", reply="421 busy", times=5)]) as server:
        first = send(store, smtp=smtp(server), now=2000.0)
        assert "in a row" in first.halted["smtp"]
        assert store.operator.count_by_state() == {"pending": 40}
        channel = smtp(server, connections=3)
        again = send(store, smtp=channel, now=2010.0)
        assert "left alone" in again.halted["smtp"]
        assert send(store, smtp=channel, now=2100.0).sent == 40
    assert store.operator.host_states()["127.0.0.1"][2] == 0


def test_one_slow_domain_does_not_hold_up_the_others(tmp_path):
    store = store_at(tmp_path)
    published(store, readers(*(f"r{n}@slow.example" for n in range(8)), *(f"r{n}@quick.example" for n in range(8))))
    with Server(rules=[Rule(at="rcpt", reply="450 later", rcpt="*@slow.example")]) as server:
        deliver(
            store,
            {"smtp": smtp(server, connections=3, per_domain=1)},
            copier_factory(token),
            DeliveryContext(clock=clock_from(2000.0)),
        )
    assert {rcpt.partition("@")[2] for rcpt, _, _ in server.accepted} == {"quick.example"}
    assert len(server.accepted) == 8


def test_a_store_that_somebody_locks_is_waited_for(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(30))
    other = sqlite3.connect(tmp_path / "digest.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.7, other.rollback)
    timer.start()
    with Server() as server:
        report = send(store, smtp=smtp(server, connections=2))
    timer.join()
    other.close()
    assert report.sent == 30


def test_leases_are_renewed_for_those_who_live(tmp_path):
    store = store_at(tmp_path)
    issue = published(store, crowd(1))
    owner = store.runs.sign_on()
    (row,) = store.outbox.claim(issue, "smtp", owner=owner, now=2000.0, lease=60.0, limit=5)
    store.outbox.renew(owner=owner, until=9000.0)
    assert store.outbox.recover_abandoned({}, now=8000.0) == (0, 0)
    assert store.outbox.commit_and_intend([], row.id, owner=owner)


def test_a_stale_issue_is_given_up(tmp_path):
    store = store_at(tmp_path)
    published(store, readers("a@x.example"), give_up=5000.0)
    with Server(rules=[Rule(at="rcpt", reply="450 later")]) as server:
        send(store, smtp=smtp(server), now=2000.0)
        report = send(store, smtp=smtp(server), now=5000.0)
    assert report.dead == 1
    assert store.operator.list_deliveries()[0].last_text == "given up: the issue is stale"
    assert report.reasons == {"given up: the issue is stale": 1}
    (issue,) = store.issues.list_issues()
    assert issue.state == "failed"
    assert issue.reason == "reached nobody: 1 of 1 copies: given up: the issue is stale"
    assert report.unreached == {issue.name: issue.reason}
    assert not report.is_complete
