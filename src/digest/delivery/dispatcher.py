"""One channel at work: its breaker, its limits, and the rows in hand for its connections."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from digest.delivery.limits import CircuitBreaker, DomainLimiter
from digest.delivery.protocols import as_reconciling, limits_of

if TYPE_CHECKING:
    from digest.delivery.context import DeliveryRun
    from digest.delivery.model import Delivery, Outcome
    from digest.delivery.protocols import Channel

GROUP_SIZE = 20  # rows claimed at once for each connection; with those in hand what a power cut can make ambiguous
LEASE_SECONDS = 900.0  # seconds: longer than any phase of one message may last
NO_QUESTION_TIMES = (0.0, 0.0)


class Dispatcher:
    """One channel's workers: its breaker, its limits, and why it stopped."""

    def __init__(self, name: str, channel: Channel, run_: DeliveryRun, breaker: CircuitBreaker) -> None:
        self.name = name
        self.channel = channel
        self.delivery_run = run_
        self.domain_limiter = DomainLimiter(limits_of(channel))
        self.is_stopped = False
        self.probe_passed = threading.Event()  # set when the host may have all its connections
        self._breaker = breaker
        self._lock = threading.Lock()
        self.prefetcher = Prefetcher(self)
        if not breaker.is_probing:
            self.probe_passed.set()

    @property
    def question_times(self) -> tuple[float, float]:
        asking = as_reconciling(self.channel)
        return NO_QUESTION_TIMES if asking is None else asking.reconcile_window

    def stop_channel(self, reason: str) -> None:
        """Stop this channel for this run."""
        with self._lock:
            if not self.is_stopped:
                self.delivery_run.report.halted[self.name] = reason
            self.is_stopped = True
        self.probe_passed.set()
        self.prefetcher.wake_waiters()

    def note_success(self) -> None:
        """The host took a message."""
        if self._breaker.fails:
            with self._lock:
                self._breaker = CircuitBreaker()
                self.delivery_run.store.operator.set_host_state(self.channel.host, until=0.0, fails=0)
        self.probe_passed.set()

    def note_connection_failure(self, outcome: Outcome) -> None:
        """The connection failed; after a few times in a row the host is left alone."""
        with self._lock:
            self.delivery_run.report.failures[self.name] = outcome.text
            now = self.delivery_run.context.clock.seconds_since_epoch()
            breaker = self._breaker = self._breaker.after_failure(now)
            self.delivery_run.store.operator.set_host_state(self.channel.host, until=breaker.until, fails=breaker.fails)
        if breaker.is_open(now):
            self.stop_channel(f"{self.channel.host} failed {breaker.fails} times in a row: {outcome.text}")

    @property
    def is_over(self) -> bool:
        """Nothing more is to be sent by this channel in this run."""
        return self.is_stopped or self.delivery_run.context.stop.is_set()


class Prefetcher:
    """Claims rows for all connections of a channel, one group ahead: nobody waits for the disk."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._deliveries: deque[Delivery] = deque()
        self._in_progress = 0  # rows taken and not done
        self._is_closed = False
        self._change = threading.Condition()

    def run(self) -> None:
        """Keep the connections in rows until nothing is due; give back what is left."""
        try:
            while not self._dispatcher.is_over and self._refill_queue():
                pass
        except BaseException as error:  # noqa: BLE001 - carried to the thread that called deliver
            self._dispatcher.delivery_run.end_with_error(error)
        with self._change:
            self._is_closed = True
            left = [row.id for row in self._deliveries]
            self._deliveries.clear()
            self._change.notify_all()
        if left and not self._dispatcher.delivery_run.errors:
            self._dispatcher.delivery_run.store.outbox.release(left, owner=self._dispatcher.delivery_run.owner)

    def take_delivery(self, *, wait: bool) -> Delivery | None:
        """The next row; None when there is none now (`wait` false), or none will come."""
        with self._change:
            while wait and not self._deliveries and not self._is_closed:
                self._change.wait()
            if not self._deliveries or self._dispatcher.is_over:
                return None
            self._in_progress += 1
            row = self._deliveries.popleft()
            if len(self._deliveries) == self._refill_threshold():
                self._change.notify_all()
            return row

    def note_settled(self) -> None:
        """A row that was taken is settled or given back."""
        with self._change:
            self._in_progress -= 1
            if not self._in_progress:
                self._change.notify_all()

    def wake_waiters(self) -> None:
        with self._change:
            self._change.notify_all()

    def _refill_threshold(self) -> int:
        return GROUP_SIZE * self._dispatcher.channel.connections // 2

    def _refill_queue(self) -> bool:
        """Claim one group when it is needed; False when nothing will be due."""
        with self._change:
            while len(self._deliveries) > self._refill_threshold() and not self._dispatcher.is_over:
                self._change.wait(0.5)
        rows = self._claim_group()
        with self._change:
            self._deliveries.extend(rows)
            self._change.notify_all()
            if rows:
                return True
            idle = not self._deliveries and not self._in_progress
            while (self._deliveries or self._in_progress) and not self._dispatcher.is_over:
                self._change.wait(0.5)
        return not idle or self._wait_for_next_due()  # a row given back in the meantime is asked for once more

    def _claim_group(self) -> list[Delivery]:
        run_ = self._dispatcher.delivery_run
        limit = GROUP_SIZE * self._dispatcher.channel.connections
        for issue in list(run_.issues):
            rows = run_.store.outbox.claim(
                issue.id,
                self._dispatcher.name,
                owner=run_.owner,
                now=run_.context.clock.seconds_since_epoch(),
                lease=LEASE_SECONDS,
                limit=limit,
            )
            if rows:
                return rows
        return []

    def _wait_for_next_due(self) -> bool:
        """Wait for a row that is due soon; False when there is none."""
        run_ = self._dispatcher.delivery_run
        around = run_.context
        due = run_.store.outbox.next_due(self._dispatcher.name, [issue.id for issue in run_.issues])
        if due is None or due - around.clock.seconds_since_epoch() > around.linger:
            return False
        around.stop.wait(max(0.0, due - around.clock.seconds_since_epoch()) + 0.01)
        return True
