"""What an operator asks and does: deliveries by state, sending stuck ones again, the suppression list, states of hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select
from sqlalchemy.dialects import postgresql, sqlite

from digest.delivery.model import OPEN_STATES, DeliveryRecord, DeliveryState, IssueState
from digest.stores.sql.schema import attempt, domain_state, issue, outbox, suppression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from digest.stores.sql.database import Database


class OperatorStore:
    """Queries over the whole outbox and changes made by hand; none of them is on the path of sending."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def count_by_state(self, issue_id: int | None = None) -> dict[str, int]:
        """Rows per state, of one issue or of all."""
        statement = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        if issue_id is not None:
            statement = statement.where(outbox.c.issue_id == issue_id)
        with self._db.read_transaction() as connection:
            return {str(state): int(count) for state, count in connection.execute(statement.order_by(outbox.c.state))}

    def awaited_channels(self) -> list[str]:
        """Names of the channels that open rows name, in order."""
        open_rows = (
            select(outbox.c.channel).where(outbox.c.state.in_(OPEN_STATES)).distinct().order_by(outbox.c.channel)
        )
        with self._db.read_transaction() as connection:
            return [str(name) for name in connection.execute(open_rows).scalars()]

    def list_deliveries(
        self, *states: DeliveryState, issue_id: int | None = None, limit: int = 1000
    ) -> list[DeliveryRecord]:
        """Rows in any of these states (all when none is given), oldest first."""
        elsewhere = {"edition": issue.c.edition, "slot": issue.c.period.label("slot")}
        columns = [elsewhere[name] if name in elsewhere else outbox.c[name] for name in DeliveryRecord.__slots__]
        statement = select(*columns).join_from(outbox, issue).where(_delivery_condition(states, issue_id))
        with self._db.read_transaction() as connection:
            rows = connection.execute(statement.order_by(outbox.c.id).limit(limit)).mappings()
            return [DeliveryRecord(**row) for row in rows]

    def list_attempts(self, row: int) -> list[tuple[float, str, int | None, str]]:
        """What was tried with a row: (when, phase, code, text), in order."""
        columns = (attempt.c.ended, attempt.c.phase, attempt.c.code, attempt.c.text)
        statement = select(*columns).where(attempt.c.outbox_id == row).order_by(attempt.c.ended, attempt.c.n)
        with self._db.read_transaction() as connection:
            return [tuple(found) for found in connection.execute(statement)]

    def redrive(self, *states: DeliveryState, who: str, now: float, issue_id: int | None = None) -> int:
        """Send dead or unknown rows again, with a record of who said so; how many.

        Unknown rows count as resent: they may have been accepted before. Issues that were done open again.
        """
        chosen = _delivery_condition(states, issue_id)
        with self._db.write_transaction() as connection:
            found = connection.execute(select(outbox.c.id, outbox.c.state, outbox.c.issue_id).where(chosen)).all()
            for row in found:
                again = outbox.c.resent + int(row.state == DeliveryState.UNKNOWN)
                values = {"state": DeliveryState.PENDING, "not_before": 0.0, "lease_until": None, "resent": again}
                connection.execute(outbox.update().where(outbox.c.id == row.id).values(**values, attempts=0))
                note = {"outbox_id": row.id, "n": 0, "started": now, "ended": now, "phase": "redrive", "code": None}
                connection.execute(attempt.insert().values(**note, text=f"redriven by {who}, was {row.state}"))
            for touched in sorted({row.issue_id for row in found}):
                done = and_(issue.c.id == touched, issue.c.state.in_([IssueState.DONE, IssueState.FAILED]))
                reopened = {"state": IssueState.SENDING, "give_up": None, "updated": now}
                connection.execute(issue.update().where(done).values(**reopened))
        return len(found)

    def suppress_address(self, rcpt_norm: str, *, reason: str, source: str, now: float) -> bool:
        """Put an address on the suppression list; False when it is there already."""
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        values = {"rcpt_norm": rcpt_norm, "reason": reason, "since": now, "source": source}
        with self._db.write_transaction() as connection:
            return connection.execute(insert(suppression).values(**values).on_conflict_do_nothing()).rowcount == 1

    def unsuppress_address(self, rcpt_norm: str) -> bool:
        """Take an address off the suppression list; False when it was not on it."""
        with self._db.write_transaction() as connection:
            statement = suppression.delete().where(suppression.c.rcpt_norm == rcpt_norm)
            return connection.execute(statement).rowcount == 1

    def suppression_list(self) -> list[tuple[str, str, float, str]]:
        """The suppression list: (address, reason, since, source)."""
        with self._db.read_transaction() as connection:
            return [tuple(row) for row in connection.execute(suppression.select().order_by(suppression.c.rcpt_norm))]

    def host_states(self) -> dict[str, tuple[int | None, float, int]]:
        """What is known of hosts and domains: name -> (concurrency, closed until, failures in a row)."""
        with self._db.read_transaction() as connection:
            rows = connection.execute(domain_state.select().order_by(domain_state.c.domain))
            return {row.domain: (row.concurrency, row.until, row.fails) for row in rows}

    def set_host_state(self, domain: str, *, until: float, fails: int) -> None:
        """Remember how often a host failed in a row, and until when it is left alone."""
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        values = {"until": until, "fails": fails}
        statement = insert(domain_state).values(domain=domain, **values)
        with self._db.write_transaction(durable=False) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["domain"], set_=values))


def _delivery_condition(states: Sequence[DeliveryState], issue_id: int | None) -> ColumnElement[bool]:
    chosen = outbox.c.state.in_(states) if states else outbox.c.id.is_not(None)
    return chosen if issue_id is None else and_(chosen, outbox.c.issue_id == issue_id)
