"""An editor's decisions: at most one of each verb for a story of an edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite

from digest.stores.sql.schema import edit

if TYPE_CHECKING:
    from digest.stores.sql.database import Database

KEY_COLUMNS = ("edition", "story", "verb")


class EditStore:
    """An editor's decisions, one row for each verb and story of an edition."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def edits_of(self, edition: str) -> list[tuple[str, str, str]]:
        """(verb, story, value) of every decision for an edition, in the order in which they were made."""
        statement = select(edit.c.verb, edit.c.story, edit.c.value).where(edit.c.edition == edition)
        with self._db.read_transaction() as connection:
            rows = connection.execute(statement.order_by(edit.c.made, edit.c.story, edit.c.verb))
            return [(row.verb, row.story, row.value) for row in rows]

    def keep_edit(self, edition: str, verb: str, story: str, value: str, *, now: float) -> None:
        """Keep a decision in place of an earlier one of the same verb."""
        insert = sqlite.insert if self._db.is_sqlite else postgresql.insert
        statement = insert(edit).values(edition=edition, verb=verb, story=story, value=value, made=now)
        changed = {"value": value, "made": now}
        with self._db.write_transaction() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=list(KEY_COLUMNS), set_=changed))

    def forget_edit(self, edition: str, verb: str, story: str) -> bool:
        """Forget a decision; False when there is none."""
        where = and_(edit.c.edition == edition, edit.c.verb == verb, edit.c.story == story)
        with self._db.write_transaction() as connection:
            return connection.execute(edit.delete().where(where)).rowcount == 1
