"""The SQL of the send loop, built once for each store. Constants are text: a mapping of parameters is all it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, literal_column, null, select, text
from sqlalchemy.dialects import postgresql, sqlite

from digest.delivery.model import DeliveryState, IssueState
from digest.stores.sql.schema import WAITING_STATES, attempt, issue, outbox, suppression

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from sqlalchemy import BindParameter, ColumnElement

DELIVERY_COLUMNS = tuple("id issue_id rcpt_norm rcpt name language message_id variant channel attempts created".split())


def _parameter(name: str) -> BindParameter[Any]:
    return bindparam(name, None)  # None: the statements are compiled before there are values


def build_statements(*, sqlite_store: bool) -> dict[str, Any]:
    """Every statement of the send loop by name; the parameters of each are the keys of the mapping it is run with."""
    insert = sqlite.insert if sqlite_store else postgresql.insert
    return {**_claim_statements(), **_intent_statements(), **_result_statements(insert)}


def _claim_statements() -> dict[str, Any]:
    """`claim`: take due rows in hand; `opened`: their issue is being sent from now on."""
    chosen = (
        select(outbox.c.id)
        .where(outbox.c.issue_id == _parameter("issue"), outbox.c.channel == _parameter("channel"), WAITING_STATES)
        .where(outbox.c.not_before <= _parameter("now"))
        .order_by(outbox.c.not_before)
        .limit(bindparam("most", 20))
        .with_for_update(skip_locked=True)
    )
    claimed = {"state": _state_literal(DeliveryState.CLAIMED), "owner": _parameter("owner"), "boot": _parameter("boot")}
    return {
        "claim": outbox.update()
        .where(outbox.c.id.in_(chosen))
        .values(**claimed, lease_until=_parameter("until"))
        .returning(*(outbox.c[name] for name in DELIVERY_COLUMNS)),
        "opened": issue.update()
        .where(issue.c.id == _parameter("issue"), text("state = 'ready'"))
        .values(state=_state_literal(IssueState.SENDING), updated=_parameter("now")),
    }


def _intent_statements() -> dict[str, Any]:
    """`intent`: a claimed row is about to be handed over; `suppress`: its reader is on the suppression list."""
    listed = select(suppression.c.rcpt_norm).where(suppression.c.rcpt_norm == outbox.c.rcpt_norm).exists()
    claimed = and_(_in_hand(), text("state = 'claimed'"))
    suppressed = {
        "state": _state_literal(DeliveryState.SUPPRESSED),
        "last_text": literal_column("'on the suppression list'"),
        "lease_until": null(),
    }
    return {
        "intent": outbox.update()
        .where(claimed, ~listed)
        .values(state=_state_literal(DeliveryState.SENDING), conn=_parameter("conn")),
        "suppress": outbox.update().where(claimed, listed).values(**suppressed),
    }


def _result_statements(insert: Callable[..., Any]) -> dict[str, Any]:
    """`settle`: what became of a row; `attempt`: a line in the book; `listed`: its address on the suppression list."""
    settled = {
        "state": _parameter("to"),
        "attempts": outbox.c.attempts + _parameter("tried"),
        "resent": outbox.c.resent + _parameter("again"),
        "not_before": _parameter("at"),
        "lease_until": _parameter("deadline"),
        "last_code": _parameter("code"),
        "last_text": _parameter("said"),
        "phase": _parameter("in_phase"),
        "owner": null(),
        "boot": null(),
    }
    entry = {"outbox_id": "row", "n": "number", "started": "started", "ended": "ended"}
    entry |= {"phase": "in_phase", "code": "code", "text": "said"}
    source = select(outbox.c.rcpt_norm, _parameter("reason"), _parameter("ended"), _parameter("source"))
    return {
        "settle": outbox.update().where(_in_hand(), text("state IN ('sending', 'claimed')")).values(**settled),
        "attempt": insert(attempt)
        .values(**{column: _parameter(name) for column, name in entry.items()})
        .on_conflict_do_nothing(),
        "listed": insert(suppression)
        .from_select([column.name for column in suppression.c], source.where(outbox.c.id == _parameter("row")))
        .on_conflict_do_nothing(),
    }


def _in_hand() -> ColumnElement[bool]:
    return and_(outbox.c.id == _parameter("row"), outbox.c.owner == _parameter("owner"))


def _state_literal(state: StrEnum) -> ColumnElement[str]:
    return literal_column(f"'{state.value}'")
