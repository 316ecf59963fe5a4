"""The send loop: one worker for each connection, one row at a time under a committed intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.delivery.model import ChannelError, Outcome, OutgoingMessage, Phase, Verdict
from digest.delivery.retry import next_state
from digest.errors import ConfigError, DigestError
from digest.faults import faultpoint

if TYPE_CHECKING:
    from digest.delivery.dispatcher import Dispatcher
    from digest.delivery.model import AttemptResult, Delivery
    from digest.delivery.protocols import Connection, Copier


class SendWorker:
    """One connection."""

    def __init__(self, dispatcher: Dispatcher, number: int) -> None:
        self.dispatcher = dispatcher
        self.delivery_run = dispatcher.delivery_run
        self.number = number
        self.connection: Connection | None = None
        self._has_sent = False  # the line has taken a message
        self._results: list[AttemptResult] = []
        self._last_copier: tuple[tuple[int, str], Copier] | None = None

    def send_until_done(self) -> None:
        """Send until nothing is due; an unexpected error ends the whole run."""
        try:
            if self.number > 0:
                self.dispatcher.probe_passed.wait()
            while (row := self._next_delivery()) is not None:
                try:
                    self._send_or_give_back(row)
                finally:
                    self.dispatcher.prefetcher.note_settled()
            self._commit_results()
        except BaseException as error:  # noqa: BLE001 - carried to the thread that called deliver
            self.delivery_run.end_with_error(error)
        finally:
            if self.number == 0:
                self.dispatcher.probe_passed.set()
            if self.connection is not None:
                self.connection.close()

    def abort_connection(self) -> None:
        line = self.connection
        if line is not None:
            line.abort()

    def _next_delivery(self) -> Delivery | None:
        """The next row; what is known is committed before waiting for one."""
        feeder = self.dispatcher.prefetcher
        row = feeder.take_delivery(wait=False)
        if row is None:
            self._commit_results()
            row = feeder.take_delivery(wait=True)
        return row

    def _send_or_give_back(self, row: Delivery) -> None:
        """Send a row, or give it back because its time is not now."""
        if not self.delivery_run.is_being_sent(row):
            self._give_back(row)
            return
        domain = row.rcpt_norm.rpartition("@")[2]
        pause = self.dispatcher.domain_limiter.enter_domain(
            domain, self.delivery_run.context.clock.seconds_since_epoch()
        )
        if pause:
            self._give_back(row, not_before=self.delivery_run.context.clock.seconds_since_epoch() + pause)
            return
        try:
            self._send_delivery(row)
        finally:
            self.dispatcher.domain_limiter.leave_domain(domain)

    def _send_delivery(self, row: Delivery) -> None:
        """One row: its message, a connection, the intent, the dialogue, the outcome."""
        started = self.delivery_run.context.clock.seconds_since_epoch()
        try:
            message = self._copier_for(row)(row)
        except (DigestError, ValueError) as error:
            # One poisoned reader must not stop the others; a mistake of ours must not cost a reader the issue.
            ours = isinstance(error, ConfigError)
            verdict = Verdict.CONFIGURATION if ours else Verdict.MAILBOX
            self._note_outcome(row, Outcome(verdict=verdict, phase=Phase.RENDER, text=str(error)), started)
            return
        try:
            line = self._open_connection()
        except ChannelError as error:
            self._give_back(row)
            self._note_trouble(error.outcome)
            return
        if not self._commit_intent(row):
            return
        outcome = self._send_with_reconnect(line, message)
        self._note_outcome(row, outcome, started)

    def _copier_for(self, row: Delivery) -> Copier:
        """The maker of copies of the row's letter; the last one is at hand."""
        key = (row.issue_id, row.variant)
        if self._last_copier is None or self._last_copier[0] != key:
            self._last_copier = key, self.delivery_run.copier_for(row)
        return self._last_copier[1]

    def _send_with_reconnect(self, line: Connection, outgoing: OutgoingMessage) -> Outcome:
        """Send; once more on a new connection when one that had worked turned out to be closed."""
        used = self._has_sent
        outcome = line.send(outgoing)
        if (
            outcome.verdict is Verdict.CONNECTION
            and used
            and outcome.phase is Phase.MAIL
            and not self.dispatcher.is_over
        ):
            try:
                outcome = self._open_connection().send(outgoing)
            except ChannelError as error:
                return error.outcome
        self._has_sent = outcome.verdict is Verdict.SENT or self._has_sent
        return outcome

    def _open_connection(self) -> Connection:
        if self.connection is None or not self.connection.is_alive:
            if self.connection is not None:
                self.connection.close()
            self._has_sent = False
            self.connection = None
            try:
                self.connection = self.dispatcher.channel.connect()
            except DigestError as error:  # a password that is not where it should be
                outcome = Outcome(verdict=Verdict.CONFIGURATION, phase=Phase.CONNECT, text=str(error))
                raise ChannelError(outcome) from error
        return self.connection

    def _commit_intent(self, row: Delivery) -> bool:
        """Commit what is known and the intent to send this row; False when it must not be sent."""
        run_ = self.delivery_run
        settled, self._results = self._results, []
        stands = run_.store.outbox.commit_and_intend(settled, row.id, owner=run_.owner, conn=self.number)
        faultpoint("after_intent")
        if not stands:
            with run_.lock:
                run_.report.suppressed += 1
        return stands

    def _note_outcome(self, row: Delivery, outcome: Outcome, started: float) -> None:
        """Note the outcome; a plain success is committed together with the next intent."""
        run_ = self.delivery_run
        one = next_state(
            row,
            outcome,
            policy=self.dispatcher.channel.ambiguous,
            random=run_.context.random,
            started=started,
            ended=run_.context.clock.seconds_since_epoch(),
            asks=self.dispatcher.question_times,
        )
        self._results.append(one)
        if outcome.verdict is Verdict.SENT:
            self.dispatcher.note_success()
        else:
            self._commit_results()
            self._note_trouble(outcome)
        run_.count_refusal(row, outcome)
        run_.count_result(one)
        if run_.context.on_outcome is not None:
            run_.context.on_outcome(row, outcome)

    def _note_trouble(self, outcome: Outcome) -> None:
        if outcome.verdict is Verdict.CONNECTION:
            self.dispatcher.note_connection_failure(outcome)
        elif outcome.verdict is Verdict.CONFIGURATION:
            self.dispatcher.stop_channel(outcome.text)

    def _commit_results(self) -> None:
        if self._results:
            settled, self._results = self._results, []
            self.delivery_run.store.outbox.commit_and_intend(settled, None, owner=self.delivery_run.owner)
            faultpoint("after_outcome")

    def _give_back(self, row: Delivery, *, not_before: float = 0.0) -> None:
        self.delivery_run.store.outbox.release([row.id], owner=self.delivery_run.owner, not_before=not_before)
