"""Ambiguous messages: what becomes of them, and asking the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.delivery.model import DeliveryState, Ruling, rule_on_ambiguous
from digest.delivery.protocols import as_reconciling
from digest.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.delivery.model import ReconcileQuestion
    from digest.delivery.protocols import Channel, DeliveryQueue, DeliveryReport, ReconcilingChannel

QUESTION_INTERVAL = 60.0  # seconds between two questions


def rulings_by_channel(channels: Mapping[str, Channel], now: float) -> dict[str, Ruling]:
    """What each channel's policy makes of a row whose sender died."""
    made = {}
    for name, channel in channels.items():
        asking = as_reconciling(channel)
        settle, patience = asking.reconcile_window if asking else (0.0, 0.0)
        made[name] = rule_on_ambiguous(channel.ambiguous, now=now, settle=settle, patience=patience)
    return made


def reconcile_ambiguous(
    outbox: DeliveryQueue, channels: Mapping[str, Channel], report: DeliveryReport, *, now: float
) -> None:
    """Ask about the rows whose time has come. Named ones were sent; the others wait, or meet the fallback."""
    for name, channel in channels.items():
        asking = as_reconciling(channel)
        while asking is not None and (questions := outbox.due_questions(name, now=now)):
            try:
                known = asking.accepted_ids([question.message_id for question in questions])
            except DeliveryError as error:
                report.halted.setdefault(name, str(error))
                known = frozenset()
            _apply_answers(outbox, asking, questions, known, now)


def _apply_answers(
    outbox: DeliveryQueue,
    asking: ReconcilingChannel,
    questions: list[ReconcileQuestion],
    known: frozenset[str],
    now: float,
) -> None:
    unnamed = [question for question in questions if question.message_id not in known]
    sent = [question.row for question in questions if question.message_id in known]
    late = [question.row for question in unnamed if question.deadline <= now]
    outbox.apply_ruling(sent, Ruling(state=DeliveryState.SENT), text="the other side has it", now=now)
    outbox.apply_ruling(
        late, rule_on_ambiguous(asking.fallback_policy, now=now), text=f"never named: {asking.fallback_policy}", now=now
    )
    for question in unnamed:
        if question.deadline > now:
            again = min(now + QUESTION_INTERVAL, question.deadline)
            ruling = Ruling(state=DeliveryState.UNKNOWN, not_before=again, deadline=question.deadline)
            outbox.apply_ruling([question.row], ruling, text="not named yet", now=now)
