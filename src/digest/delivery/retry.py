"""From the outcome of an attempt to the next state of its row: pure, one table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from digest.delivery.model import (
    AmbiguityPolicy,
    AttemptResult,
    Delivery,
    DeliveryState,
    Outcome,
    Verdict,
    rule_on_ambiguous,
)

if TYPE_CHECKING:
    from random import Random

MINUTE = 60.0
BACKOFF = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 240 * MINUTE)
CONNECTION_PAUSE = 30.0  # seconds after a connection failed under a row
FINAL_STATES = {
    Verdict.ADDRESS: DeliveryState.DEAD,
    Verdict.MAILBOX: DeliveryState.DEAD,
    Verdict.ISSUE: DeliveryState.DEAD,
}


def backoff_seconds(attempts: int, random: Random) -> float:
    """Seconds to wait after the nth attempt failed: the step, or as little as half of it.

    Half and not zero (full jitter): a greylisting host answers a retry within its first minutes with the same 450.
    """
    step = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    return random.uniform(step / 2, step)


def next_state(
    row: Delivery,
    outcome: Outcome,
    *,
    policy: AmbiguityPolicy,
    random: Random,
    started: float,
    ended: float,
    asks: tuple[float, float],
) -> AttemptResult:
    """What to write about an attempt. `asks`: seconds until the first and after the last reconciling question."""
    verdict = outcome.verdict
    made = partial(AttemptResult, row=row.id, number=row.attempts + 1, outcome=outcome, started=started, ended=ended)
    if verdict is Verdict.SENT:
        return made(state=DeliveryState.SENT)
    if verdict in FINAL_STATES:
        reason = f"{outcome.code or ''} {outcome.text}".strip()[:200]
        return made(state=FINAL_STATES[verdict], suppress=reason)
    again = ended + backoff_seconds(row.attempts + 1, random)
    if verdict is Verdict.TEMPORARY:
        return made(state=DeliveryState.DEFERRED, not_before=again)
    if verdict is Verdict.AMBIGUOUS:
        ruling = rule_on_ambiguous(policy, now=ended, settle=asks[0], patience=asks[1])
        due = again if policy == AmbiguityPolicy.RESEND else ruling.not_before
        state = DeliveryState.DEFERRED if policy == AmbiguityPolicy.RESEND else ruling.state
        return made(state=state, not_before=due, deadline=ruling.deadline, resent=ruling.resent)
    waiting = DeliveryState.DEFERRED if row.attempts else DeliveryState.PENDING
    pause = 0.0 if verdict is Verdict.CONFIGURATION else ended + random.uniform(CONNECTION_PAUSE / 2, CONNECTION_PAUSE)
    return made(state=waiting, not_before=pause, counted=False)
