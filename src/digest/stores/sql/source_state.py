"""What sources and the schedule remember between runs: small JSON values under (source, key)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from digest.stores.sql.schema import memory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.stores.sql.database import Database


class SqlSourceState:
    """Small JSON values under a source and a key."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def recall(self, source: str, key: str) -> Any:
        """The value remembered; None when there is none."""
        statement = select(memory.c.value).where(memory.c.source == source, memory.c.key == key)
        with self._db.read_transaction() as connection:
            value = connection.execute(statement).scalar_one_or_none()
        return None if value is None else json.loads(value)

    def remember(self, source: str, key: str, value: Any) -> None:
        """Keep a JSON value in place of the one before."""
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        statement = insert(memory).values(source=source, key=key, value=text)
        with self._db.write_transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["source", "key"], set_={"value": text}))

    def remember_all(self, notes: Mapping[tuple[str, str], Any]) -> None:
        """Keep many JSON values, each in place of the one before, in one transaction."""
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        rows = [
            {"source": source, "key": key, "value": json.dumps(value, ensure_ascii=False, sort_keys=True)}
            for (source, key), value in notes.items()
        ]
        statement = insert(memory)
        replacing = statement.on_conflict_do_update(
            index_elements=["source", "key"], set_={"value": statement.excluded.value}
        )
        if rows:
            with self._db.write_transaction() as connection:
                connection.execute(replacing, rows)

    def remember_first(self, source: str, key: str, value: Any) -> Any:
        """Keep a value unless there is one; the value that stands."""
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        with self._db.write_transaction() as connection:
            connection.execute(insert(memory).values(source=source, key=key, value=text).on_conflict_do_nothing())
        return self.recall(source, key)
