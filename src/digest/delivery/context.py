"""What the threads of one run share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digest.delivery.model import DeliveryState, Verdict
from digest.delivery.protocols import DeliveryReport
from digest.errors import DigestError

if TYPE_CHECKING:
    from digest.delivery.model import AttemptResult, Delivery, IssueRow, Outcome
    from digest.delivery.protocols import Copier, Copying, DeliveryContext, DeliveryStore

MAX_REFUSALS = 5  # of the issue itself in a row: then it is stopped


@dataclass(slots=True, kw_only=True)
class DeliveryRun:
    """What the workers of one run share."""

    store: DeliveryStore
    owner: str
    copying: Copying
    context: DeliveryContext
    issues: list[IssueRow]
    report: DeliveryReport = field(default_factory=DeliveryReport)
    errors: list[BaseException] = field(default_factory=list)
    refusals: dict[int, int] = field(default_factory=dict)
    copiers: dict[tuple[int, str], Copier] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def copier_for(self, row: Delivery) -> Copier:
        """The maker of copies of this row's letter; raises DigestError when the letter is gone or was changed."""
        key = (row.issue_id, row.variant)
        with self.lock:
            found = self.copiers.get(key)
            if found is None:
                content = self.store.issues.frozen_letter(*key)
                if content is None:
                    raise DigestError(f"the frozen letter {row.variant or 'of the issue'} is missing or was changed")
                found = self.copiers[key] = self.copying(content)
        return found

    def count_refusal(self, row: Delivery, outcome: Outcome) -> None:
        """Count refusals of the issue itself in a row, and stop it when they are too many."""
        with self.lock:
            if outcome.verdict is not Verdict.ISSUE:
                self.refusals[row.issue_id] = 0
                return
            count = self.refusals[row.issue_id] = self.refusals.get(row.issue_id, 0) + 1
            if count < MAX_REFUSALS:
                return
        reason = f"refused {count} times in a row: {outcome.code} {outcome.text}"
        if self.store.issues.stop_issue(row.issue_id, reason, now=self.context.clock.seconds_since_epoch()):
            with self.lock:
                names = [issue.name for issue in self.issues if issue.id == row.issue_id]
                self.report.stopped.update((name, reason) for name in names)
                self.issues = [issue for issue in self.issues if issue.id != row.issue_id]

    def end_with_error(self, error: BaseException) -> None:
        """End the run for an error that nobody expected; it is raised where `deliver` was called."""
        self.errors.append(error)
        self.context.stop.set()

    def is_being_sent(self, row: Delivery) -> bool:
        """Whether the row's issue is still to be sent."""
        return any(issue.id == row.issue_id for issue in self.issues)

    def count_result(self, one: AttemptResult) -> None:
        """Keep the report."""
        report = self.report
        with self.lock:
            if one.outcome.verdict is Verdict.AMBIGUOUS:
                report.ambiguous += 1
            elif one.state is DeliveryState.SENT:
                report.sent += 1
            elif one.state is DeliveryState.DEAD:
                report.dead += 1
                reason = f"{one.outcome.code or ''} {one.outcome.text}".strip()
                report.reasons[reason] = report.reasons.get(reason, 0) + 1
            else:
                report.deferred += 1
