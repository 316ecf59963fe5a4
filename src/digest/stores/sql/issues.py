"""Issues: one row for each period of an edition, whatever became of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from digest.delivery.model import PUBLISHED_STATES, DeliveryState, IssueMemory, IssueRow, IssueState, NewDelivery
from digest.faults import faultpoint
from digest.model import slot_path_name
from digest.stores.sql.publish_statements import StatementRunner, insert_delivery_sql, insert_into
from digest.stores.sql.reader_memory import write_memory
from digest.stores.sql.schema import issue, letter, outbox, printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from digest.stores.sql.database import Database
    from digest.stores.sql.runs import SqlRunRegistry

IS_WAITING = outbox.c.state.in_([DeliveryState.PENDING, DeliveryState.DEFERRED])


_ISSUE_COLUMNS = [issue.c.period.label(name) if name == "slot" else issue.c[name] for name in IssueRow.__slots__]
_DELIVERY_IDS = select(outbox.c.id).where(outbox.c.issue_id == issue.c.id)
# A reader has a copy of the issue, or may have one.
_REACHED_READER = _DELIVERY_IDS.where(
    outbox.c.state.in_([DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN])
).exists()
_WAS_BUILT = issue.c.content_hash != ""
_HAS_ENDED = issue.c.state.in_([IssueState.DONE, IssueState.FAILED, IssueState.SKIPPED])


class IssueStore:
    """Everything about issues but their readers' copies."""

    def __init__(self, database: Database, owners: SqlRunRegistry) -> None:
        self._db = database
        self._owners = owners

    def find_issue(self, edition: str, slot: str) -> IssueRow | None:
        found = self._select_rows(and_(issue.c.edition == edition, issue.c.period == slot))
        return found[0] if found else None

    def get_issue(self, issue_id: int) -> IssueRow | None:
        found = self._select_rows(issue.c.id == issue_id)
        return found[0] if found else None

    def list_issues(self, edition: str | None = None, *, limit: int = 50) -> list[IssueRow]:
        """The newest issues first."""
        condition = issue.c.edition == edition if edition else issue.c.id.is_not(None)
        return self._select_rows(condition, newest=True, limit=limit)

    def issues_to_send(self) -> list[IssueRow]:
        """The issues that may leave, oldest first."""
        return self._select_rows(issue.c.state.in_([IssueState.READY, IssueState.SENDING]))

    def unfinished_issues(self, edition: str, *, now: float) -> list[IssueRow]:
        """Issues that were begun and not published, and may be tried again by now."""
        begun = and_(issue.c.edition == edition, issue.c.state == IssueState.BUILDING)
        return self._select_rows(and_(begun, func.coalesce(issue.c.not_before, 0.0) <= now))

    def newest_slot_instant(self, edition: str, *, until: float) -> float | None:
        """The instant of the newest slot of an edition, not after `until`, that has a row.

        A row of the future, made by hand, must not silence the schedule until then.
        """
        with self._db.read_transaction() as connection:
            statement = select(func.max(issue.c.slot_utc)).where(issue.c.edition == edition, issue.c.slot_utc <= until)
            newest: float | None = connection.execute(statement).scalar_one()
        return newest

    def claim_slot(
        self, edition: str, slot: str, instant: float, *, owner: str, now: float, lease: float
    ) -> int | None:
        """Take a slot for building; None when it is taken, done, or not to be tried again yet.

        A slot whose builder died is taken over, also before its lease ends when it certainly died.
        """
        values = {"state": IssueState.BUILDING, "owner": owner, "lease_until": now + lease, "updated": now}
        with self._db.write_transaction() as connection:
            added = connection.execute(
                insert_into(self._db, issue)
                .values(edition=edition, period=slot, slot_utc=instant, created=now, **values)
                .on_conflict_do_nothing()
                .returning(issue.c.id)
            ).scalar_one_or_none()
            if added is not None:
                return int(added)
            where = and_(issue.c.edition == edition, issue.c.period == slot)
            row = connection.execute(select(issue).where(where)).one()
            mine = row.state == IssueState.BUILDING and (row.not_before or 0.0) <= now
            if not mine or (row.owner and row.lease_until > now and not self._owners.is_gone(row.owner)):
                return None
            connection.execute(issue.update().where(issue.c.id == row.id).values(**values))
            return int(row.id)

    def skip_slots(self, edition: str, slots: Sequence[tuple[str, float, str]], *, now: float) -> list[str]:
        """Record that slots (label, instant, reason) have deliberately no issue; the labels that had no row yet."""
        row = {"edition": edition, "state": IssueState.SKIPPED, "created": now, "updated": now}
        rows = [{**row, "period": label, "slot_utc": instant, "reason": reason} for label, instant, reason in slots]
        statement = insert_into(self._db, issue).on_conflict_do_nothing().returning(issue.c.period)
        if not rows:
            return []
        with self._db.write_transaction() as connection:
            return list(connection.execute(statement, rows).scalars())

    def stop_building(self, issue_id: int, state: str, reason: str, *, now: float, again: float | None = None) -> None:
        """End an attempt to build: skipped, failed, or building again from the instant `again`."""
        values: dict[str, Any] = {"state": state, "reason": reason, "updated": now, "not_before": again}
        with self._db.write_transaction() as connection:
            connection.execute(
                issue.update()
                .where(issue.c.id == issue_id, issue.c.state == IssueState.BUILDING)
                .values(owner="", lease_until=0.0, attempts=issue.c.attempts + 1, **values)
            )

    def publish(
        self,
        issue_id: int,
        letters: Mapping[str, str],
        copies: Iterable[NewDelivery],
        *,
        marks: Sequence[tuple[str, str]],
        now: float,
        values: Mapping[str, Any],
        memory: IssueMemory | None = None,
    ) -> int | None:
        """Letters, a row for each copy and the new state of the issue, in one transaction: how many copies there are.

        None when the issue was published before: then nothing changes.
        """
        total = hashlib.sha256("\0".join(f"{key}\0{letters[key]}" for key in sorted(letters)).encode()).hexdigest()
        with self._db.hot_transaction(durable=True) as cursor:
            run = StatementRunner(self._db, cursor)
            changed = run(
                issue.update()
                .where(issue.c.id == issue_id, issue.c.state == IssueState.BUILDING)
                .values(owner="", lease_until=0.0, content_hash=total, updated=now, reason="", **values)
            )
            if changed != 1:
                return None
            for variant, content in letters.items():
                digest = hashlib.sha256(content.encode()).hexdigest()
                run(letter.insert().values(issue_id=issue_id, variant=variant, content=content, content_hash=digest))
            cursor.executemany(insert_delivery_sql(self._db), copies)
            row = run.fetch_one(select(issue.c.edition, issue.c.period).where(issue.c.id == issue_id))
            name = f"{row[0]}/{slot_path_name(row[1])}"
            for article, fingerprint in marks:
                key = {"edition": row[0], "article": article, "fingerprint": fingerprint}
                newest = {"issue": name, "printed": now}
                mark = insert_into(self._db, printed).values(**key, **newest)
                run(mark.on_conflict_do_update(index_elements=list(key), set_=newest))
            write_memory(self._db, run, edition=row[0], name=name, memory=memory, now=now)
            count = run.fetch_one(select(func.count()).select_from(outbox).where(outbox.c.issue_id == issue_id))[0]
            faultpoint("in_publish")
        return int(count)

    def frozen_letter(self, issue_id: int, variant: str) -> str | None:
        """The frozen content of a variant, proven by its hash; None when there is none or it was changed."""
        statement = select(letter.c.content, letter.c.content_hash)
        with self._db.read_transaction() as connection:
            row = connection.execute(
                statement.where(letter.c.issue_id == issue_id, letter.c.variant == variant)
            ).one_or_none()
        if row is None or hashlib.sha256(row.content.encode()).hexdigest() != row.content_hash:
            return None
        return str(row.content)

    def release_due(self, *, now: float) -> int:
        """Let held issues go whose time has come; how many. They are stale later by the time they were held."""
        due = and_(issue.c.state == IssueState.HELD, issue.c.not_before <= now)
        later = issue.c.give_up + (issue.c.not_before - issue.c.updated)
        return self._update_rows(due, state=IssueState.READY, reason="hold ended", give_up=later, updated=now)

    def approve(self, issue_id: int, *, who: str, now: float) -> bool:
        """Let a held issue go; False when it is not held. It is stale later by the time it was held."""
        held = and_(issue.c.id == issue_id, issue.c.state == IssueState.HELD)
        later = issue.c.give_up + (now - issue.c.updated)
        reason = f"approved by {who}"
        return self._update_rows(held, state=IssueState.READY, reason=reason, give_up=later, updated=now) == 1

    def reject(self, issue_id: int, *, who: str, now: float) -> bool:
        """Never send a held issue; False when it is not held."""
        held = and_(issue.c.id == issue_id, issue.c.state == IssueState.HELD)
        return self._update_rows(held, state=IssueState.SKIPPED, reason=f"rejected by {who}", updated=now) == 1

    def stop_issue(self, issue_id: int, reason: str, *, now: float) -> bool:
        """Send no further copy of an issue; its open rows stay open."""
        leaving = and_(issue.c.id == issue_id, issue.c.state.in_([IssueState.READY, IssueState.SENDING]))
        return self._update_rows(leaving, state=IssueState.FAILED, reason=reason, updated=now) == 1

    def resume(self, issue_id: int, *, who: str, now: float) -> bool:
        """Send a stopped issue's open rows after all; it is stale later by the time it was stopped."""
        stopped = and_(issue.c.id == issue_id, issue.c.state == IssueState.FAILED, issue.c.content_hash != "")
        later = issue.c.give_up + (now - issue.c.updated)
        reason = f"resumed by {who}"
        return self._update_rows(stopped, state=IssueState.SENDING, reason=reason, give_up=later, updated=now) == 1

    def finish_issues(self, *, now: float) -> list[IssueRow]:
        """End the issues that have no open row, and give them as they are now.

        One that reached a reader is done; one that reached nobody has failed, with the reason that its copies have.
        """
        in_hand = outbox.c.state.in_([DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.UNKNOWN])
        leaving = issue.c.state.in_([IssueState.READY, IssueState.SENDING])
        ended = self._select_rows(
            and_(leaving, ~_DELIVERY_IDS.where(IS_WAITING).exists(), ~_DELIVERY_IDS.where(in_hand).exists())
        )
        for row in ended:
            reason = self._why_unreached(row.id)
            values = {"state": IssueState.FAILED, "reason": reason} if reason else {"state": IssueState.DONE}
            self._update_rows(and_(issue.c.id == row.id, leaving), updated=now, **values)
        return self._select_rows(issue.c.id.in_([row.id for row in ended])) if ended else []

    def count_published(self, edition: str) -> int:
        """How many issues of an edition readers got or will get."""
        chosen = select(func.count()).where(
            issue.c.edition == edition, or_(issue.c.state.in_(PUBLISHED_STATES), _REACHED_READER)
        )
        with self._db.read_transaction() as connection:
            return int(connection.execute(chosen).scalar_one())

    def printed_fingerprints(self, edition: str, *, before: str | None = None) -> dict[str, str]:
        """What readers had in issues before a slot (in all, when None): article key -> its newest fingerprint.

        What stands in an issue that ended without reaching anybody was not had: the next issue tells it.
        """
        statement = select(printed.c.article, printed.c.fingerprint).where(printed.c.edition == edition)
        if before is not None:
            statement = statement.where(printed.c.issue < f"{edition}/{slot_path_name(before)}")
        lost = self.unread_issues(edition)
        with self._db.read_transaction() as connection:
            rows = connection.execute(statement.order_by(printed.c.printed).add_columns(printed.c.issue))
            return {row.article: row.fingerprint for row in rows if row.issue not in lost}

    def unread_issues(self, edition: str) -> set[str]:
        """Names of the issues that ended without reaching anybody."""
        unread = and_(issue.c.edition == edition, _WAS_BUILT, _HAS_ENDED, ~_REACHED_READER)
        return {row.name for row in self._select_rows(unread)}

    def collected_until(self, edition: str, *, before: float) -> float | None:
        """The moment up to which everything that the sources gave has reached readers; None: ask for all of it.

        It is when the newest issue was begun before which no issue waits to reach its first reader, nor ended
        without one and has no successor yet that did. What came later is asked for again; `printed_fingerprints` tells what was had.
        """
        columns = (issue.c.created, issue.c.updated, _HAS_ENDED.label("ended"), _REACHED_READER.label("reached"))
        made = and_(issue.c.edition == edition, _WAS_BUILT, issue.c.created < before)
        with self._db.read_transaction() as connection:
            rows = connection.execute(select(*columns).where(made)).all()
        reached = [row.created for row in rows if row.reached]
        latest = max(reached, default=0.0)
        unsettled = [row.created for row in rows if not row.reached and not (row.ended and row.updated < latest)]
        return max((created for created in reached if created < min(unsettled, default=before)), default=None)

    def _why_unreached(self, issue_id: int) -> str:
        """Why an issue whose copies are all closed reached nobody; "" when it reached a reader."""
        text = func.coalesce(outbox.c.last_text, outbox.c.state).label("text")
        copies = select(outbox.c.state, text, func.count().label("copies")).where(outbox.c.issue_id == issue_id)
        with self._db.read_transaction() as connection:
            rows = connection.execute(copies.group_by(outbox.c.state, text)).all()
        if any(row.state == DeliveryState.SENT for row in rows):
            return ""
        if not rows:
            return "reached nobody: it has no reader"
        most = max(rows, key=lambda row: (row.copies, row.text))
        total = sum(row.copies for row in rows)
        return f"reached nobody: {most.copies} of {total} copies: {most.text}"[:500]

    def _select_rows(
        self, condition: ColumnElement[bool], *, newest: bool = False, limit: int | None = None
    ) -> list[IssueRow]:
        order = (issue.c.slot_utc.desc(), issue.c.id.desc()) if newest else (issue.c.slot_utc, issue.c.id)
        with self._db.read_transaction() as connection:
            rows = connection.execute(select(*_ISSUE_COLUMNS).where(condition).order_by(*order).limit(limit))
            return [IssueRow(**row) for row in rows.mappings()]

    def _update_rows(self, condition: ColumnElement[bool], **values: Any) -> int:
        with (
            self._db.read_transaction() as connection
        ):  # no write, and no wait for the disk, when there is nothing to do
            if connection.execute(select(issue.c.id).where(condition).limit(1)).first() is None:
                return 0
        with self._db.write_transaction() as connection:
            return int(connection.execute(issue.update().where(condition).values(**values)).rowcount)
