"""What a run of delivery did, in sentences for an operator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.app.reporter import Reporter
    from digest.clock import Clock
    from digest.delivery.protocols import DeliveryReport

REASONS_SHOWN = 3


def report_delivery(report: DeliveryReport, reporter: Reporter, clock: Clock) -> None:
    """What is wrong, each in a line of its own, and last what the run did, with why copies are dead."""
    for name, reason in {**report.failures, **report.halted, **report.stopped}.items():
        reporter.warn(f"{name}: {reason}")
    for name, reason in report.unreached.items():
        reporter.warn(f"{name}: failed: {reason}; its stories come with the next issue")
    due = datetime.fromtimestamp(report.next_due, UTC) if report.next_due else None
    if due is not None and due > clock.now():
        reporter.note(f"next attempt: {due:%Y-%m-%d %H:%M:%S} UTC")
    say = reporter.warn if report.dead else reporter.note
    say(f"delivered: {_counts(report) or 'nothing was open'}{_dead_reasons(report)}")


def report_orphans(names: Iterable[str], reporter: Reporter) -> None:
    """Copies that wait for a channel that nobody will ever open."""
    for name in names:
        reporter.warn(
            f"copies wait for {name}, which is not configured any more: give a channel this name again, "
            "or see `digest outbox list`"
        )


def _counts(report: DeliveryReport) -> str:
    """`2 sent, 1 dead`."""
    counts = {
        "sent": report.sent,
        "deferred": report.deferred,
        "dead": report.dead,
        "suppressed": report.suppressed,
        "in doubt": report.ambiguous,
        "waiting": report.waiting,
    }
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)


def _dead_reasons(report: DeliveryReport) -> str:
    """Why copies are dead, the most frequent reason first; "" when none is."""
    if not report.reasons:
        return ""
    common = sorted(report.reasons.items(), key=lambda item: (-item[1], item[0]))
    if len(common) == 1:
        return f"; dead: {common[0][0]}"
    shown = [f"{reason} ({count})" for reason, count in common[:REASONS_SHOWN]]
    rest = sum(count for _, count in common[REASONS_SHOWN:])
    return f"; dead: {'; '.join(shown)}{f'; and {rest} more' if rest else ''}"
