"""The SQL of a publication: a million copies in one stream, on the driver's own cursor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

from digest.delivery.model import NewDelivery
from digest.stores.sql.database import CompiledStatement
from digest.stores.sql.schema import outbox

if TYPE_CHECKING:
    from sqlalchemy import Table

    from digest.stores.sql.database import Database


class StatementRunner:
    """Runs a statement on a driver's cursor; returns the number of rows it touched."""

    def __init__(self, database: Database, cursor: Any) -> None:
        self._engine = database.engine
        self._cursor = cursor

    def __call__(self, statement: Any) -> int:
        compiled = CompiledStatement(statement, self._engine)
        self._cursor.execute(compiled.sql, compiled.bind_values())
        return int(self._cursor.rowcount)

    def fetch_one(self, statement: Any) -> Any:
        self(statement)
        return self._cursor.fetchone()


def insert_delivery_sql(database: Database) -> str:
    """The insert of a copy, whose parameters are a NewDelivery as it is: a million need no million mappings."""
    compiled = (
        insert_into(database, outbox).on_conflict_do_nothing().compile(database.engine, column_keys=NewDelivery._fields)
    )
    text = str(compiled)
    if database.is_sqlite:
        assert tuple(compiled.positiontup) == NewDelivery._fields
        return text
    return re.sub(r"%\(\w+\)s", "%s", text)


def insert_into(database: Database, table: Table) -> Any:
    return sqlite.insert(table) if database.is_sqlite else postgresql.insert(table)
