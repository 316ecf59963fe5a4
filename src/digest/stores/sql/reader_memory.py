"""What readers were told, a row for each issue: opaque bytes, made and read by `digest.archive.memory`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from digest.stores.sql.publish_statements import StatementRunner, insert_into
from digest.stores.sql.schema import issue_memory

if TYPE_CHECKING:
    from digest.delivery.model import IssueMemory
    from digest.stores.sql.database import Database
    from digest.stores.sql.issues import IssueStore


class ReaderMemoryStore:
    """The memory of every edition."""

    def __init__(self, database: Database, issues: IssueStore) -> None:
        self._db = database
        self._issues = issues

    def load(self, edition: str, *, since: float = 0.0) -> list[tuple[str, bytes]]:
        """Name and memory of every issue that readers had since a moment, the oldest first.

        An issue that ended without reaching anybody was not had.
        """
        lost = self._issues.unread_issues(edition)
        statement = select(issue_memory.c.issue, issue_memory.c.content).where(
            issue_memory.c.edition == edition, issue_memory.c.made >= since
        )
        with self._db.read_transaction() as connection:
            rows = connection.execute(statement.order_by(issue_memory.c.made, issue_memory.c.issue)).all()
        return [(row.issue, bytes(row.content)) for row in rows if row.issue not in lost]


def write_memory(
    database: Database, run: StatementRunner, *, edition: str, name: str, memory: IssueMemory | None, now: float
) -> None:
    """Keep the memory of an issue, if it has one, and forget what is older than the edition remembers."""
    if memory is None:
        return
    row = {"edition": edition, "issue": name, "made": now, "content": memory.content}
    run(insert_into(database, issue_memory).values(**row).on_conflict_do_nothing())
    old = and_(issue_memory.c.edition == edition, issue_memory.c.made < memory.forget_before)
    run(issue_memory.delete().where(old))
