"""Deliver: every reader gets every issue once, or a named row says why not.

`publish` freezes an issue and gives every reader a row, in one transaction. `deliver` sends what is open, as
often as it is called: the intent to send a row is committed before the row is handed over, so that after any
accident at most one message of each connection is in doubt, and its row says so (RFC 1047 leaves no more).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from digest.delivery.context import Round
from digest.delivery.dispatcher import LEASE, Desk
from digest.delivery.limits import Breaker
from digest.delivery.model import STALE, IssueState
from digest.delivery.protocols import Channel, Report, Surroundings
from digest.delivery.reconcile import reconcile, rulings
from digest.delivery.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from digest.delivery.protocols import Copying, Store

BEAT = 0.5  # seconds between two looks at the workers
PATIENCE = 25.0  # seconds after a stop until connections are cut: their messages become ambiguous


def deliver(
    store: Store,
    channels: Mapping[str, Channel],
    copies: Copying,
    around: Surroundings,
    *,
    only: int | None = None,
) -> Report:
    """Send every row that is due, of every issue that may leave (or of the issue `only`).

    First the rows of dead senders are put in order and ambiguous ones asked about. `around.stop` ends it cleanly:
    messages under way are finished, claims given back. Raises StoreError when an outcome cannot be written: its
    row stays `sending` and counts as ambiguous later.
    """
    owner = store.owners.sign_on()
    round_ = Round(store=store, owner=owner, copying=copies, around=around, issues=[])
    try:
        _prepare(round_, channels, only)
        if round_.issues:
            _work(round_, channels)
        return _conclude(round_)
    finally:
        store.owners.sign_off(owner)


def _prepare(round_: Round, channels: Mapping[str, Channel], only: int | None) -> None:
    store, report, now = round_.store, round_.report, round_.around.clock.timestamp()
    store.issues.release(now=now)
    _, report.ambiguous = store.outbox.recover(rulings(channels, now), now=now)
    reconcile(store.outbox, channels, report, now=now)
    expired = store.outbox.expire(now=now)
    if expired:
        report.dead += expired
        report.reasons[STALE] = expired
    round_.issues = [issue for issue in store.issues.to_send() if only in (None, issue.id)]


def _work(round_: Round, channels: Mapping[str, Channel]) -> None:
    now = round_.around.clock.timestamp()
    known = round_.store.desk.limits()
    workers: list[Worker] = []
    runs: list[Callable[[], None]] = []
    for name, channel in channels.items():
        _, until, fails = known.get(channel.host, (None, 0.0, 0))
        breaker = Breaker(fails, until)
        if breaker.open(now):
            round_.report.halted[name] = f"{channel.host} failed {fails} times in a row and is left alone for now"
            continue
        desk = Desk(name, channel, round_, breaker)
        own = [Worker(desk, number) for number in range(channel.connections)]
        workers += own
        runs += [desk.feeder.run, *(worker.run for worker in own)]
    threads = [threading.Thread(target=run, name=f"deliver-{number}", daemon=True) for number, run in enumerate(runs)]
    for thread in threads:
        thread.start()
    _watch(round_, workers, threads)
    if round_.errors:
        raise round_.errors[0]


def _watch(round_: Round, workers: list[Worker], threads: list[threading.Thread]) -> None:
    """Wait for the workers; keep their leases; after a stop give them time, then cut their connections."""
    renewed = round_.around.clock.timestamp()
    patience = PATIENCE
    while any(thread.is_alive() for thread in threads):
        next(thread for thread in threads if thread.is_alive()).join(BEAT)
        round_.around.beat()
        if round_.around.clock.timestamp() - renewed > LEASE / 3:
            renewed = round_.around.clock.timestamp()
            round_.store.outbox.renew(owner=round_.owner, until=renewed + LEASE)
        if round_.around.stop.is_set():
            patience -= BEAT
            if patience < 0:
                for worker in workers:
                    worker.abort()


def _conclude(round_: Round) -> Report:
    report = round_.report
    ended = round_.store.issues.finish(now=round_.around.clock.timestamp())
    report.unreached = {issue.name: issue.reason for issue in ended if issue.state == IssueState.FAILED}
    report.next_due = round_.store.outbox.next_due()
    report.waiting = round_.store.outbox.waiting()
    return report
