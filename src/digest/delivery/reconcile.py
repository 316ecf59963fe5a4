"""Ambiguous messages: what becomes of them, and asking the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.delivery.model import RowState, Ruling, rule
from digest.delivery.protocols import reconciling
from digest.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.delivery.model import Question
    from digest.delivery.protocols import Channel, Outbox, Reconciling, Report

AGAIN = 60.0  # seconds between two questions


def rulings(channels: Mapping[str, Channel], now: float) -> dict[str, Ruling]:
    """What each channel's policy makes of a row whose sender died."""
    made = {}
    for name, channel in channels.items():
        asking = reconciling(channel)
        settle, patience = asking.asks if asking else (0.0, 0.0)
        made[name] = rule(channel.ambiguous, now=now, settle=settle, patience=patience)
    return made


def reconcile(outbox: Outbox, channels: Mapping[str, Channel], report: Report, *, now: float) -> None:
    """Ask about the rows whose time has come. Named ones were sent; the others wait, or meet the fallback."""
    for name, channel in channels.items():
        asking = reconciling(channel)
        while asking is not None and (questions := outbox.due_questions(name, now=now)):
            try:
                known = asking.accepted([question.message_id for question in questions])
            except DeliveryError as error:
                report.halted.setdefault(name, str(error))
                known = frozenset()
            _answer(outbox, asking, questions, known, now)


def _answer(outbox: Outbox, asking: Reconciling, questions: list[Question], known: frozenset[str], now: float) -> None:
    unnamed = [question for question in questions if question.message_id not in known]
    sent = [question.row for question in questions if question.message_id in known]
    late = [question.row for question in unnamed if question.deadline <= now]
    outbox.answer(sent, Ruling(state=RowState.SENT), text="the other side has it", now=now)
    outbox.answer(late, rule(asking.fallback, now=now), text=f"never named: {asking.fallback}", now=now)
    for question in unnamed:
        if question.deadline > now:
            again = min(now + AGAIN, question.deadline)
            ruling = Ruling(state=RowState.UNKNOWN, not_before=again, deadline=question.deadline)
            outbox.answer([question.row], ruling, text="not named yet", now=now)
