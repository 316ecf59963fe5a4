"""Deliver: every reader gets every issue once, or a named row says why not.

`publish` freezes an issue and gives every reader a row, in one transaction. `deliver` sends what is open, as
often as it is called: the intent to send a row is committed before the row is handed over, so that after any
accident at most one message of each connection is in doubt, and its row says so (RFC 1047 leaves no more).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from digest.delivery.context import DeliveryRun
from digest.delivery.dispatcher import LEASE_SECONDS, Dispatcher
from digest.delivery.limits import CircuitBreaker
from digest.delivery.model import STALE_REASON, IssueState
from digest.delivery.protocols import Channel, DeliveryContext, DeliveryReport
from digest.delivery.reconcile import reconcile_ambiguous, rulings_by_channel
from digest.delivery.worker import SendWorker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from digest.delivery.protocols import Copying, DeliveryStore

BEAT_SECONDS = 0.5  # seconds between two looks at the workers
STOP_PATIENCE_SECONDS = 25.0  # seconds after a stop until connections are cut: their messages become ambiguous


def deliver(
    store: DeliveryStore,
    channels: Mapping[str, Channel],
    copies: Copying,
    around: DeliveryContext,
    *,
    only: int | None = None,
) -> DeliveryReport:
    """Send every row that is due, of every issue that may leave (or of the issue `only`).

    First the rows of dead senders are put in order and ambiguous ones asked about. `around.stop` ends it cleanly:
    messages under way are finished, claims given back. Raises StoreError when an outcome cannot be written: its
    row stays `sending` and counts as ambiguous later.
    """
    owner = store.runs.sign_on()
    run_ = DeliveryRun(store=store, owner=owner, copying=copies, context=around, issues=[])
    try:
        _prepare_run(run_, channels, only)
        if run_.issues:
            _run_workers(run_, channels)
        return _conclude_run(run_)
    finally:
        store.runs.sign_off(owner)


def _prepare_run(run_: DeliveryRun, channels: Mapping[str, Channel], only: int | None) -> None:
    store, report, now = run_.store, run_.report, run_.context.clock.seconds_since_epoch()
    store.issues.release_due(now=now)
    _, report.ambiguous = store.outbox.recover_abandoned(
        rulings_by_channel(channels, now), now=now, judge_leases=run_.context.clock.is_machine_time
    )
    reconcile_ambiguous(store.outbox, channels, report, now=now)
    expired = store.outbox.give_up_stale(now=now)
    if expired:
        report.dead += expired
        report.reasons[STALE_REASON] = expired
    run_.issues = [issue for issue in store.issues.issues_to_send() if only in (None, issue.id)]


def _run_workers(run_: DeliveryRun, channels: Mapping[str, Channel]) -> None:
    now = run_.context.clock.seconds_since_epoch()
    known = run_.store.operator.host_states()
    workers: list[SendWorker] = []
    runs: list[Callable[[], None]] = []
    for name, channel in channels.items():
        _, until, fails = known.get(channel.host, (None, 0.0, 0))
        breaker = CircuitBreaker(fails, until)
        if breaker.is_open(now):
            run_.report.halted[name] = f"{channel.host} failed {fails} times in a row and is left alone for now"
            continue
        dispatcher = Dispatcher(name, channel, run_, breaker)
        own = [SendWorker(dispatcher, number) for number in range(channel.connections)]
        workers += own
        runs += [dispatcher.prefetcher.run, *(worker.send_until_done for worker in own)]
    threads = [threading.Thread(target=run, name=f"deliver-{number}", daemon=True) for number, run in enumerate(runs)]
    for thread in threads:
        thread.start()
    _watch_workers(run_, workers, threads)
    if run_.errors:
        raise run_.errors[0]


def _watch_workers(run_: DeliveryRun, workers: list[SendWorker], threads: list[threading.Thread]) -> None:
    """Wait for the workers; keep their leases; after a stop give them time, then cut their connections."""
    renewed = run_.context.clock.seconds_since_epoch()
    patience = STOP_PATIENCE_SECONDS
    while alive := [thread for thread in threads if thread.is_alive()]:  # asked once: one may end at any moment
        alive[0].join(BEAT_SECONDS)
        run_.context.on_beat()
        if run_.context.clock.seconds_since_epoch() - renewed > LEASE_SECONDS / 3:
            renewed = run_.context.clock.seconds_since_epoch()
            run_.store.outbox.renew(owner=run_.owner, until=renewed + LEASE_SECONDS)
        if run_.context.stop.is_set():
            patience -= BEAT_SECONDS
            if patience < 0:
                for worker in workers:
                    worker.abort_connection()


def _conclude_run(run_: DeliveryRun) -> DeliveryReport:
    report = run_.report
    ended = run_.store.issues.finish_issues(now=run_.context.clock.seconds_since_epoch())
    report.unreached = {issue.name: issue.reason for issue in ended if issue.state == IssueState.FAILED}
    report.next_due = run_.store.outbox.next_due()
    report.waiting = run_.store.outbox.count_waiting()
    return report
