"""The store on SQLite or PostgreSQL: issues, deliveries, the suppression list and the state of sources behind one object.

Promises: a slot of an edition has one row, a reader's copy of an issue by a channel has one row, and each
public method is one transaction (`printed_before` and `publish` together are one as well).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from digest.errors import StoreError
from digest.stores.sql.database import Database
from digest.stores.sql.edits import EditStore
from digest.stores.sql.issues import IssueStore
from digest.stores.sql.lock import hold_daemon_lock
from digest.stores.sql.operator import OperatorStore
from digest.stores.sql.outbox import OutboxStore
from digest.stores.sql.reader_memory import ReaderMemoryStore
from digest.stores.sql.runs import SqlRunRegistry
from digest.stores.sql.schema import upgrade_tables
from digest.stores.sql.source_state import SqlSourceState

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Store:
    """What is true between two runs."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.runs = SqlRunRegistry()
        self.issues = IssueStore(database, self.runs)
        self.outbox = OutboxStore(database, self.runs)
        self.operator = OperatorStore(database)
        self.source_state = SqlSourceState(database)
        self.edits = EditStore(database)
        self.reader_memory = ReaderMemoryStore(database, self.issues)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def printed_before(self, edition: str, *, before: str | None = None) -> dict[str, str]:
        """What readers of an edition had, in issues before the slot `before`: article key -> newest fingerprint."""
        return self.issues.printed_fingerprints(edition, before=before)

    def recall(self, source: str, key: str) -> Any:
        """What a source remembered under a key, a JSON value; None when nothing."""
        return self.source_state.recall(source, key)

    def remember(self, source: str, key: str, value: Any) -> None:
        """Keep a JSON value for a source under a key, in place of the one before."""
        self.source_state.remember(source, key, value)

    def is_held(self, edition: str) -> bool:
        """True when issues of an edition wait for an editor before they leave."""
        return bool(self.source_state.recall("desk", f"hold {edition}"))

    def set_hold(self, edition: str, *, wanted: bool) -> None:
        """Let the issues of an edition wait for an editor, or leave by themselves."""
        self.source_state.remember("desk", f"hold {edition}", wanted)

    def hold_daemon_lock(self) -> AbstractContextManager[None]:
        """Hold the store as its one daemon; raises AlreadyRunningError naming the process that does."""
        return hold_daemon_lock(self.database)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_store(url: str) -> Store:
    """The store at a database URL (`sqlite:///digest.db`), its tables brought up to date.

    Raises StoreError naming the store when it cannot be opened, is no database, or was written by a newer program.
    """
    database = Database(url)
    if database.path is not None and not database.path.parent.is_dir():
        raise StoreError(f"store {database.path}: its folder does not exist")
    with database.write_transaction() as connection:
        upgrade_tables(connection)
    return Store(database)
