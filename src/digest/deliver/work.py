"""The send loop: one worker for each connection, one row at a time under a committed intent."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digest.deliver.doors import Report, limits_of, reconciling
from digest.deliver.judge import settle
from digest.deliver.limits import Breaker, Domains
from digest.errors import DigestError
from digest.faults import faultpoint
from digest.outbox import ChannelError, Outcome, Parcel, Phase, RowState, Settled, Verdict

if TYPE_CHECKING:
    from digest.deliver.doors import Channel, Copier, Copying, Line, Store, Surroundings
    from digest.outbox import IssueRow, Row

GROUP = 20  # rows claimed at once by a connection: what a power cut can make ambiguous
LEASE = 900.0  # seconds: longer than any phase of one message may last
REFUSALS = 5  # of the issue itself in a row: then it is stopped
NO_ASKS = (0.0, 0.0)


@dataclass(slots=True, kw_only=True)
class Round:
    """What the workers of one run share."""

    store: Store
    owner: str
    copying: Copying
    around: Surroundings
    issues: list[IssueRow]
    report: Report = field(default_factory=Report)
    errors: list[BaseException] = field(default_factory=list)
    refusals: dict[int, int] = field(default_factory=dict)
    copiers: dict[tuple[int, str], Copier] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def copier(self, row: Row) -> Copier:
        """The maker of copies of this row's letter; raises DigestError when the letter is gone or was changed."""
        key = (row.issue_id, row.variant)
        with self.lock:
            found = self.copiers.get(key)
            if found is None:
                content = self.store.issues.letter(*key)
                if content is None:
                    raise DigestError(f"the frozen letter {row.variant or 'of the issue'} is missing or was changed")
                found = self.copiers[key] = self.copying(content)
        return found

    def refused(self, row: Row, outcome: Outcome) -> None:
        """Count refusals of the issue itself in a row, and stop it when they are too many."""
        with self.lock:
            if outcome.verdict is not Verdict.ISSUE:
                self.refusals[row.issue_id] = 0
                return
            count = self.refusals[row.issue_id] = self.refusals.get(row.issue_id, 0) + 1
            if count < REFUSALS:
                return
        reason = f"refused {count} times in a row: {outcome.code} {outcome.text}"
        if self.store.issues.stop(row.issue_id, reason, now=self.around.clock()):
            with self.lock:
                names = [issue.name for issue in self.issues if issue.id == row.issue_id]
                self.report.stopped.update((name, reason) for name in names)
                self.issues = [issue for issue in self.issues if issue.id != row.issue_id]


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
            now = self.round.around.clock()
            breaker = self._breaker = self._breaker.failed(now)
            self.round.store.desk.limit(self.channel.host, until=breaker.until, fails=breaker.fails)
        if breaker.open(now):
            self.halt(f"{self.channel.host} failed {breaker.fails} times in a row: {outcome.text}")


class Worker:
    """One connection."""

    def __init__(self, desk: Desk, number: int) -> None:
        self.desk = desk
        self.round = desk.round
        self.number = number
        self.line: Line | None = None
        self._used = False  # the line has taken a message
        self._settled: list[Settled] = []

    def run(self) -> None:
        """Send until nothing is due; an unexpected error ends the whole run."""
        try:
            if self.number > 0:
                self.desk.probe.wait()
            while not self._over() and self._group():
                pass
        except BaseException as error:  # noqa: BLE001 - carried to the thread that called deliver
            self.round.errors.append(error)
            self.round.around.stop.set()
        finally:
            if self.number == 0:
                self.desk.probe.set()
            if self.line is not None:
                self.line.close()

    def abort(self) -> None:
        line = self.line
        if line is not None:
            line.abort()

    def _over(self, row: Row | None = None) -> bool:
        """Nothing more is to be sent: by this run, on this channel, or of the row's issue."""
        if self.round.around.stop.is_set() or self.desk.halted:
            return True
        return row is not None and all(issue.id != row.issue_id for issue in self.round.issues)

    def _group(self) -> bool:
        """Send one group of one issue; False when there is nothing left to do for this worker."""
        for issue in list(self.round.issues):
            rows = self.round.store.outbox.claim(
                issue.id,
                self.desk.name,
                owner=self.round.owner,
                conn=self.number,
                now=self.round.around.clock(),
                lease=LEASE,
                limit=GROUP,
            )
            if rows:
                self._send_all(rows)
                return True
        return self._wait()

    def _wait(self) -> bool:
        """Wait for a row that is due soon; False when there is none."""
        due = self.round.store.outbox.next_due()
        left = None if due is None else due - self.round.around.clock()
        if left is None or not 0.0 < left <= self.round.around.linger:
            return False
        self.round.around.stop.wait(left + 0.01)
        return True

    def _send_all(self, rows: list[Row]) -> None:
        for position, row in enumerate(rows):
            if self._over(row):
                self._give_back([row.id for row in rows[position:]])
                break
            domain = row.rcpt_norm.rpartition("@")[2]
            pause = self.desk.domains.enter(domain, self.round.around.clock())
            if pause:
                self._give_back([row.id], not_before=self.round.around.clock() + pause)
                continue
            try:
                self._send(row)
            finally:
                self.desk.domains.leave(domain)
        self._flush()

    def _send(self, row: Row) -> None:
        """One row: its copy, a line, the intent, the dialogue, the outcome."""
        started = self.round.around.clock()
        try:
            printed = self.round.copier(row)(row)
        except DigestError as error:
            self._conclude(row, Outcome(verdict=Verdict.MAILBOX, phase=Phase.RENDER, text=str(error)), started)
            return
        try:
            line = self._connected()
        except ChannelError as error:
            self._give_back([row.id], not_before=0.0)
            self._trouble(error.outcome)
            return
        if not self._intend(row):
            return
        parcel = Parcel(
            issue=next((issue.name for issue in self.round.issues if issue.id == row.issue_id), str(row.issue_id)),
            message_id=row.message_id,
            sender=printed.sender,
            recipient=printed.recipient,
            body=printed.body,
            dotted=printed.dotted,
        )
        outcome = self._dialogue(line, parcel)
        self._conclude(row, outcome, started)

    def _dialogue(self, line: Line, parcel: Parcel) -> Outcome:
        """Send; once more on a new line when a line that had worked turned out to be closed."""
        used = self._used
        outcome = line.send(parcel)
        if outcome.verdict is Verdict.CONNECTION and used and outcome.phase is Phase.MAIL and not self._over():
            try:
                outcome = self._connected().send(parcel)
            except ChannelError as error:
                return error.outcome
        self._used = outcome.verdict is Verdict.SENT or self._used
        return outcome

    def _connected(self) -> Line:
        if self.line is None or not self.line.alive:
            if self.line is not None:
                self.line.close()
            self._used = False
            self.line = None
            self.line = self.desk.channel.connect()
        return self.line

    def _intend(self, row: Row) -> bool:
        """Commit what is known and the intent to send this row; False when it must not be sent."""
        round_ = self.round
        settled, self._settled = self._settled, []
        stands = round_.store.outbox.step(
            settled, row.id, owner=round_.owner, lease_until=round_.around.clock() + LEASE
        )
        faultpoint("after_intent")
        if not stands:
            with round_.lock:
                round_.report.suppressed += 1
        return stands

    def _conclude(self, row: Row, outcome: Outcome, started: float) -> None:
        """Note the outcome; a plain success is committed together with the next intent."""
        round_ = self.round
        one = settle(
            row,
            outcome,
            policy=self.desk.channel.ambiguous,
            random=round_.around.random,
            started=started,
            ended=round_.around.clock(),
            asks=self.desk.asks,
        )
        self._settled.append(one)
        if outcome.verdict is Verdict.SENT:
            self.desk.worked()
        else:
            self._flush()
            self._trouble(outcome)
        round_.refused(row, outcome)
        _count(round_, one)
        if round_.around.told is not None:
            round_.around.told(row, outcome)

    def _trouble(self, outcome: Outcome) -> None:
        if outcome.verdict is Verdict.CONNECTION:
            self.desk.failed(outcome)
        elif outcome.verdict is Verdict.CONFIGURATION:
            self.desk.halt(outcome.text)

    def _flush(self) -> None:
        if self._settled:
            settled, self._settled = self._settled, []
            self.round.store.outbox.step(settled, None, owner=self.round.owner, lease_until=0.0)
            faultpoint("after_outcome")

    def _give_back(self, rows: list[int], *, not_before: float = 0.0) -> None:
        self.round.store.outbox.release(rows, owner=self.round.owner, not_before=not_before)


def _count(round_: Round, one: Settled) -> None:
    report = round_.report
    with round_.lock:
        if one.outcome.verdict is Verdict.AMBIGUOUS:
            report.ambiguous += 1
        elif one.state is RowState.SENT:
            report.sent += 1
        elif one.state is RowState.DEAD:
            report.dead += 1
        else:
            report.deferred += 1
