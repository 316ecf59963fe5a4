"""The tables, and the numbered steps from one version of them to the next.

Moments are seconds since 1970 UTC as floats: they are compared in SQL. Labels of slots are text, stored once
and never computed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    text,
)

from digest.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCHEMA_VERSION = 3

metadata = MetaData()

schema = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

issue = Table(
    "issue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition", Text, nullable=False),
    Column("period", Text, nullable=False),  # the label of the slot
    Column("slot_utc", Double, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("content_hash", Text, nullable=False, server_default=""),  # of all letters: what may go out
    Column("artefact", Text, nullable=False, server_default=""),  # where the issue's files are
    Column("created", Double, nullable=False),
    Column("updated", Double, nullable=False),
    Column("owner", Text, nullable=False, server_default=""),  # who builds it
    Column("lease_until", Double, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Double),  # building: the next try; held: when it leaves by itself, NULL never
    Column("give_up", Double),  # from here on open rows are dead: a stale issue is worse than none
    UniqueConstraint("edition", "period"),
)

letter = Table(
    "letter",
    metadata,
    Column("issue_id", ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True),
    Column("variant", Text, primary_key=True),  # "" is the whole issue
    Column("content_hash", Text, nullable=False),
    Column("content", Text, nullable=False),  # JSON: all that a copy is made from
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", ForeignKey("issue.id", ondelete="CASCADE"), nullable=False),
    Column("rcpt_norm", Text, nullable=False),
    Column("rcpt", Text, nullable=False),
    Column("name", Text),
    Column("language", Text),
    Column("variant", Text, nullable=False, server_default=""),
    Column("channel", Text, nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Double, nullable=False, server_default="0"),
    Column("lease_until", Double),  # unknown: until when the other side is asked
    Column("owner", Text),
    Column("boot", Text),  # what the machine called its life when the row was claimed
    Column("conn", Integer),
    Column("last_code", Integer),
    Column("last_text", Text),
    Column("phase", Text),
    Column("resent", Integer, nullable=False, server_default="0"),
    Column("created", Double, nullable=False),
    UniqueConstraint("issue_id", "rcpt_norm", "channel"),
)
WAITING_STATES = text("state IN ('pending', 'deferred')")
IN_HAND_STATES = text("state IN ('claimed', 'sending', 'unknown')")
Index(
    "outbox_waiting",
    outbox.c.issue_id,
    outbox.c.channel,
    outbox.c.not_before,
    sqlite_where=WAITING_STATES,
    postgresql_where=WAITING_STATES,
)
Index("outbox_in_hand", outbox.c.lease_until, sqlite_where=IN_HAND_STATES, postgresql_where=IN_HAND_STATES)

attempt = Table(  # append-only; one tree, in the order of its key, so that a line costs no second index
    "attempt",
    metadata,
    Column("outbox_id", Integer, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("started", Double, primary_key=True),
    Column("ended", Double, primary_key=True),
    Column("phase", Text, primary_key=True),
    Column("code", Integer),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

suppression = Table(
    "suppression",
    metadata,
    Column("rcpt_norm", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("source", Text, nullable=False),
)

domain_state = Table(
    "domain_state",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("concurrency", Integer),
    Column("until", Double, nullable=False, server_default="0"),
    Column("fails", Integer, nullable=False, server_default="0"),
)

printed = Table(
    "printed",
    metadata,
    Column("edition", Text, primary_key=True),
    Column("article", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("issue", Text, nullable=False),  # Issue.id
    Column("printed", Double, nullable=False),
)

memory = Table(
    "memory",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

edit = Table(  # since version 2
    "edit",
    metadata,
    Column("edition", Text, primary_key=True),
    Column("story", Text, primary_key=True),  # key of an article of the story
    Column("verb", Text, primary_key=True),
    Column("value", Text, nullable=False, server_default=""),
    Column("made", Double, nullable=False),
)

issue_memory = Table(  # since version 3
    "issue_memory",
    metadata,
    Column("edition", Text, primary_key=True),
    Column("issue", Text, primary_key=True),  # Issue.id
    Column("made", Double, nullable=False),
    Column("content", LargeBinary, nullable=False),  # what its readers were told: digest.archive.memory
)


def upgrade_tables(connection: Connection) -> None:
    """Bring the tables to VERSION; raises StoreError when a newer program wrote them."""
    if not inspect(connection).has_table(schema.name):
        metadata.create_all(connection)
        connection.execute(schema.insert().values(version=SCHEMA_VERSION))
        return
    found = connection.execute(schema.select()).scalar_one()
    if found > SCHEMA_VERSION:
        raise StoreError(f"the store has schema {found}, this program knows {SCHEMA_VERSION}: use a newer digest")
    if found < SCHEMA_VERSION:  # so far every step only adds tables
        metadata.create_all(connection)
        connection.execute(schema.update().values(version=SCHEMA_VERSION))
