"""The outbox: one row for each reader's copy, moved by the send loop under intents and leases."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select

from digest.delivery.model import (
    STALE_REASON,
    Delivery,
    DeliveryState,
    IssueState,
    Phase,
    ReconcileQuestion,
    Ruling,
    Verdict,
)
from digest.faults import faultpoint
from digest.stores.sql.database import CompiledStatement
from digest.stores.sql.schema import WAITING_STATES, attempt, issue, outbox
from digest.stores.sql.send_statements import DELIVERY_COLUMNS, build_statements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.delivery.model import AttemptResult
    from digest.stores.sql.database import Database
    from digest.stores.sql.runs import SqlRunRegistry


class OutboxStore:
    """The hot half of the store: every method is one short transaction, safe to call from several threads."""

    def __init__(self, database: Database, owners: SqlRunRegistry) -> None:
        self._db = database
        self._owners = owners
        self._statements: dict[str, CompiledStatement] | None = None
        self._boot: str | None = None

    def claim(self, issue_id: int, channel: str, *, owner: str, now: float, lease: float, limit: int) -> list[Delivery]:
        """Take up to `limit` due rows in hand until `now + lease`. On the disk before it returns."""
        statements = self._compiled_statements()
        claim = statements["claim"]
        values = {"owner": owner, "boot": self._boot_mark(), "until": now + lease, "most": limit}
        values |= {"issue": issue_id, "channel": channel, "now": now}
        with self._db.hot_transaction(durable=True) as cursor:
            cursor.execute(claim.sql, claim.bind_values(**values))
            found = cursor.fetchall()
            if found:
                cursor.execute(statements["opened"].sql, {"issue": issue_id, "now": now})
        faultpoint("after_claim")
        return sorted(
            (Delivery(**dict(zip(DELIVERY_COLUMNS, row, strict=True))) for row in found), key=lambda row: row.id
        )

    def commit_and_intend(
        self, settled: Sequence[AttemptResult], intent: int | None, *, owner: str, conn: int = 0
    ) -> bool:
        """Commit outcomes, and with them the intent to send one more row: only after this may it be handed over.

        True when the intent stands. False when the row is not to be sent: its reader is on the suppression list,
        or the row is no longer in this sender's hand.
        """
        statements = self._compiled_statements()
        with self._db.hot_transaction() as cursor:
            for one in settled:
                self._write_result(cursor, one, owner)
            stands = intent is None
            if intent is not None:
                mine = {"row": intent, "owner": owner, "conn": conn}
                cursor.execute(statements["intent"].sql, mine)
                stands = cursor.rowcount == 1
                if not stands:
                    cursor.execute(statements["suppress"].sql, mine)
                faultpoint("before_intent")
        return stands

    def release(self, rows: Sequence[int], *, owner: str, not_before: float = 0.0) -> None:
        """Give back claimed rows that were not touched."""
        with self._db.write_transaction(durable=False) as connection:
            connection.execute(
                outbox.update()
                .where(outbox.c.id.in_(rows), outbox.c.owner == owner, outbox.c.state == DeliveryState.CLAIMED)
                .values(_freed_values(not_before))
            )

    def renew(self, *, owner: str, until: float) -> None:
        """Keep the rows in this sender's hand: a live lease is never taken over."""
        in_hand = outbox.c.state.in_([DeliveryState.CLAIMED, DeliveryState.SENDING])
        with self._db.write_transaction(durable=False) as connection:
            connection.execute(
                outbox.update()
                .where(in_hand, outbox.c.lease_until.is_not(None), outbox.c.owner == owner)
                .values(lease_until=until)
            )

    def recover_abandoned(
        self, rulings: Mapping[str, Ruling], *, now: float, judge_leases: bool = True
    ) -> tuple[int, int]:
        """Put in order the rows of dead senders: (certainly not sent, ambiguous).

        Claimed rows become pending. Rows being sent are ambiguous, and after a restart of the machine claimed ones
        too (their intent may not have reached the disk): `rulings` says per channel what becomes of them, as
        values for the row; those of a channel without a ruling are held. Without `judge_leases` only a sender that
        certainly died loses its rows: `now` is not the machine's time, and leases of others are.
        """
        gone = self._abandoned_rows(now if judge_leases else 0.0)
        if not gone:
            return 0, 0
        held = Ruling(state=DeliveryState.UNKNOWN)
        boot = self._boot_mark()
        sure, ambiguous = 0, 0
        with self._db.write_transaction() as connection:
            for row in gone:
                doubtful = row.state == DeliveryState.SENDING or row.boot != boot
                ruling = rulings.get(row.channel, held)
                values = _ruling_values(ruling) if doubtful else _freed_values(0.0)
                where = and_(outbox.c.id == row.id, outbox.c.owner == row.owner, outbox.c.state == row.state)
                if connection.execute(outbox.update().where(where).values(values)).rowcount != 1:
                    continue
                if not doubtful:
                    sure += 1
                    continue
                ambiguous += 1
                text = f"its sender died with it in hand: {ruling.state}"
                connection.execute(_attempt_note(row.id, row.attempts, Phase.RECOVER, text, now))
        faultpoint("after_recovery")
        return sure, ambiguous

    def due_questions(self, channel: str, *, now: float, limit: int = 500) -> list[ReconcileQuestion]:
        """Ambiguous rows that the other side is to be asked about by now."""
        due = and_(
            outbox.c.state == DeliveryState.UNKNOWN, outbox.c.lease_until.is_not(None), outbox.c.not_before <= now
        )
        statement = select(outbox.c.id, outbox.c.message_id, outbox.c.lease_until).where(
            due, outbox.c.channel == channel
        )
        with self._db.read_transaction() as connection:
            rows = connection.execute(statement.order_by(outbox.c.id).limit(limit))
            return [ReconcileQuestion(row=row.id, message_id=row.message_id, deadline=row.lease_until) for row in rows]

    def apply_ruling(self, rows: Sequence[int], ruling: Ruling, *, text: str, now: float) -> int:
        """Move ambiguous rows after the other side was asked, with a record of it; how many."""
        with self._db.write_transaction() as connection:
            moved = 0
            for row in rows:
                where = and_(outbox.c.id == row, outbox.c.state == DeliveryState.UNKNOWN)
                if connection.execute(outbox.update().where(where).values(_ruling_values(ruling))).rowcount == 1:
                    moved += 1
                    connection.execute(_attempt_note(row, 0, "reconcile", text, now))
        return moved

    def give_up_stale(self, *, now: float) -> int:
        """Give up waiting rows of issues that are stale by now; how many."""
        stale = select(issue.c.id).where(
            issue.c.give_up <= now, issue.c.state.in_([IssueState.READY, IssueState.SENDING])
        )
        waiting = and_(outbox.c.issue_id.in_(stale), WAITING_STATES)
        with self._db.read_transaction() as connection:
            if connection.execute(select(outbox.c.id).where(waiting).limit(1)).first() is None:
                return 0
        with self._db.write_transaction() as connection:
            given = outbox.update().where(waiting).values(state=DeliveryState.DEAD, last_text=STALE_REASON)
            return int(connection.execute(given).rowcount)

    def count_waiting(self) -> int:
        """How many copies wait of issues that may leave, whatever their channel."""
        leaving = select(issue.c.id).where(issue.c.state.in_([IssueState.READY, IssueState.SENDING]))
        with self._db.read_transaction() as connection:
            return int(
                connection.execute(
                    select(func.count()).where(outbox.c.issue_id.in_(leaving), WAITING_STATES)
                ).scalar_one()
            )

    def next_due(self, channel: str | None = None, issues: Sequence[int] | None = None) -> float | None:
        """When the next waiting row of issues in sending is due (by a channel, of these); None when none waits."""
        leaving = select(issue.c.id).where(issue.c.state.in_([IssueState.READY, IssueState.SENDING]))
        statement = select(outbox.c.not_before).where(outbox.c.issue_id.in_(leaving), WAITING_STATES)
        if channel is not None:
            statement = statement.where(outbox.c.channel == channel)
        if issues is not None:
            statement = statement.where(outbox.c.issue_id.in_(issues))
        with self._db.read_transaction() as connection:
            return connection.execute(statement.order_by(outbox.c.not_before).limit(1)).scalar_one_or_none()

    def _abandoned_rows(self, now: float) -> list[Any]:
        in_hand = outbox.c.state.in_([DeliveryState.CLAIMED, DeliveryState.SENDING])
        columns = (
            outbox.c.id,
            outbox.c.state,
            outbox.c.owner,
            outbox.c.boot,
            outbox.c.channel,
            outbox.c.attempts,
        )
        statement = select(*columns, outbox.c.lease_until).where(in_hand, outbox.c.lease_until.is_not(None))
        with self._db.read_transaction() as connection:
            rows = connection.execute(statement.order_by(outbox.c.id)).all()
        gone = {owner: self._owners.is_gone(owner) for owner in {row.owner for row in rows}}
        return [row for row in rows if gone[row.owner] or row.lease_until < now]

    def _write_result(self, cursor: Any, one: AttemptResult, owner: str) -> None:
        statements = self._compiled_statements()
        outcome = one.outcome
        values = {
            "row": one.row,
            "owner": owner,
            "to": one.state,
            "tried": int(one.counted),
            "again": int(one.resent),
            "at": one.not_before,
            "deadline": one.deadline,
            "code": outcome.code,
            "said": outcome.text,
            "in_phase": outcome.phase,
            "number": one.number,
            "started": one.started,
            "ended": one.ended,
        }
        cursor.execute(statements["settle"].sql, values)
        cursor.execute(statements["attempt"].sql, values)
        if outcome.verdict is Verdict.ADDRESS and one.suppress:
            cursor.execute(statements["listed"].sql, {**values, "reason": one.suppress, "source": "refused"})

    def _boot_mark(self) -> str:
        if self._boot is None:
            self._boot = hashlib.sha256(self._db.boot_identity().encode()).hexdigest()[:8]
        return self._boot

    def _compiled_statements(self) -> dict[str, CompiledStatement]:
        if self._statements is None:
            engine = self._db.engine
            built = build_statements(sqlite_store=self._db.is_sqlite)
            self._statements = {name: CompiledStatement(statement, engine) for name, statement in built.items()}
        return self._statements


def _freed_values(not_before: float) -> dict[str, Any]:
    back = case((outbox.c.attempts > 0, DeliveryState.DEFERRED.value), else_=DeliveryState.PENDING.value)
    values = {"state": back, "owner": None, "lease_until": None}
    return {**values, "not_before": not_before} if not_before else values


def _ruling_values(ruling: Ruling) -> dict[str, Any]:
    values = {"state": ruling.state, "not_before": ruling.not_before, "lease_until": ruling.deadline, "owner": None}
    return {**values, "resent": outbox.c.resent + 1} if ruling.resent else values


def _attempt_note(row: int, number: int, phase: str, text: str, now: float) -> Any:
    """A line in the book of attempts that is no attempt of ours."""
    values = {"outbox_id": row, "n": number, "started": now, "ended": now, "phase": phase, "code": None}
    return attempt.insert().prefix_with("OR IGNORE", dialect="sqlite").values(**values, text=text)
