"""One channel at work: its breaker, its limits, and the rows in hand for its connections."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from digest.delivery.limits import Breaker, Domains
from digest.delivery.protocols import limits_of, reconciling

if TYPE_CHECKING:
    from digest.delivery.context import Round
    from digest.delivery.model import Outcome, Row
    from digest.delivery.protocols import Channel

GROUP = 20  # rows claimed at once for each connection; with those in hand what a power cut can make ambiguous
LEASE = 900.0  # seconds: longer than any phase of one message may last
NO_ASKS = (0.0, 0.0)


class Desk:
    """One channel's workers: its breaker, its limits, and why it stopped."""

    def __init__(self, name: str, channel: Channel, round_: Round, breaker: Breaker) -> None:
        self.name = name
        self.channel = channel
        self.round = round_
        self.domains = Domains(limits_of(channel))
        self.halted = False
        self.probe = threading.Event()  # set when the host may have all its connections
        self._breaker = breaker
        self._lock = threading.Lock()
        self.feeder = Feeder(self)
        if not breaker.probing:
            self.probe.set()

    @property
    def asks(self) -> tuple[float, float]:
        asking = reconciling(self.channel)
        return NO_ASKS if asking is None else asking.asks

    def halt(self, reason: str) -> None:
        """Stop this channel for this run."""
        with self._lock:
            if not self.halted:
                self.round.report.halted[self.name] = reason
            self.halted = True
        self.probe.set()
        self.feeder.wake()

    def worked(self) -> None:
        """The host took a message."""
        if self._breaker.fails:
            with self._lock:
                self._breaker = Breaker()
                self.round.store.desk.limit(self.channel.host, until=0.0, fails=0)
        self.probe.set()

    def failed(self, outcome: Outcome) -> None:
        """The connection failed; after a few times in a row the host is left alone."""
        with self._lock:
            self.round.report.failures[self.name] = outcome.text
            now = self.round.around.clock.timestamp()
            breaker = self._breaker = self._breaker.failed(now)
            self.round.store.desk.limit(self.channel.host, until=breaker.until, fails=breaker.fails)
        if breaker.open(now):
            self.halt(f"{self.channel.host} failed {breaker.fails} times in a row: {outcome.text}")

    @property
    def over(self) -> bool:
        """Nothing more is to be sent by this channel in this run."""
        return self.halted or self.round.around.stop.is_set()


class Feeder:
    """Claims rows for all connections of a channel, one group ahead: nobody waits for the disk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rows: deque[Row] = deque()
        self._busy = 0  # rows taken and not done
        self._closed = False
        self._change = threading.Condition()

    def run(self) -> None:
        """Keep the connections in rows until nothing is due; give back what is left."""
        try:
            while not self._desk.over and self._refill():
                pass
        except BaseException as error:  # noqa: BLE001 - carried to the thread that called deliver
            self._desk.round.fail(error)
        with self._change:
            self._closed = True
            left = [row.id for row in self._rows]
            self._rows.clear()
            self._change.notify_all()
        if left and not self._desk.round.errors:
            self._desk.round.store.outbox.release(left, owner=self._desk.round.owner)

    def take(self, *, wait: bool) -> Row | None:
        """The next row; None when there is none now (`wait` false), or none will come."""
        with self._change:
            while wait and not self._rows and not self._closed:
                self._change.wait()
            if not self._rows or self._desk.over:
                return None
            self._busy += 1
            row = self._rows.popleft()
            if len(self._rows) == self._threshold():
                self._change.notify_all()
            return row

    def done(self) -> None:
        """A row that was taken is settled or given back."""
        with self._change:
            self._busy -= 1
            if not self._busy:
                self._change.notify_all()

    def wake(self) -> None:
        with self._change:
            self._change.notify_all()

    def _threshold(self) -> int:
        return GROUP * self._desk.channel.connections // 2

    def _refill(self) -> bool:
        """Claim one group when it is needed; False when nothing will be due."""
        with self._change:
            while len(self._rows) > self._threshold() and not self._desk.over:
                self._change.wait(0.5)
        rows = self._claim()
        with self._change:
            self._rows.extend(rows)
            self._change.notify_all()
            if rows:
                return True
            idle = not self._rows and not self._busy
            while (self._rows or self._busy) and not self._desk.over:
                self._change.wait(0.5)
        return not idle or self._linger()  # a row given back in the meantime is asked for once more

    def _claim(self) -> list[Row]:
        round_ = self._desk.round
        limit = GROUP * self._desk.channel.connections
        for issue in list(round_.issues):
            rows = round_.store.outbox.claim(
                issue.id,
                self._desk.name,
                owner=round_.owner,
                now=round_.around.clock.timestamp(),
                lease=LEASE,
                limit=limit,
            )
            if rows:
                return rows
        return []

    def _linger(self) -> bool:
        """Wait for a row that is due soon; False when there is none."""
        round_ = self._desk.round
        around = round_.around
        due = round_.store.outbox.next_due(self._desk.name, [issue.id for issue in round_.issues])
        if due is None or due - around.clock.timestamp() > around.linger:
            return False
        around.stop.wait(max(0.0, due - around.clock.timestamp()) + 0.01)
        return True
