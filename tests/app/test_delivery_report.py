"""What an operator reads after a run of delivery: what is wrong first, last what was done and why copies are dead."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from digest.app.delivery_report import report_delivery, report_orphans
from digest.clock import Clock
from digest.delivery.protocols import DeliveryReport

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
CLOCK = Clock(NOW, elapsed=lambda: 0.0)


@dataclass
class Lines:
    """A reporter that keeps what it is told, with how it was told."""

    said: list[tuple[str, str]] = field(default_factory=list)

    def note(self, message: str) -> None:
        self.said.append(("note", message))

    def note_detail(self, message: str) -> None:
        self.said.append(("detail", message))

    def warn(self, message: str) -> None:
        self.said.append(("warn", message))


def lines(**values) -> list[tuple[str, str]]:
    reporter = Lines()
    report_delivery(DeliveryReport(**values), reporter, CLOCK)
    return reporter.said


def test_nothing_open_is_said():
    assert lines() == [("note", "delivered: nothing was open")]


def test_what_was_done_is_one_line():
    assert lines(sent=3, deferred=1, waiting=2) == [("note", "delivered: 3 sent, 1 deferred, 2 waiting")]


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ({"550 no such user": 1}, "delivered: 1 dead; dead: 550 no such user"),
        ({"stale": 1, "550 no": 2}, "delivered: 3 dead; dead: 550 no (2); stale (1)"),
        (
            {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1},
            "delivered: 15 dead; dead: a (5); b (4); c (3); and 3 more",
        ),
    ],
)
def test_the_last_line_says_why_copies_are_dead(reasons: dict[str, int], said: str):
    assert lines(dead=sum(reasons.values()), reasons=reasons)[-1] == ("warn", said)


def test_what_is_wrong_comes_first_each_in_a_line():
    said = lines(sent=1, failures={"a/smtp": "refused"}, unreached={"a/1": "reached nobody: 1 of 1 copies: no"})
    assert said == [
        ("warn", "a/smtp: refused"),
        ("warn", "a/1: failed: reached nobody: 1 of 1 copies: no; its stories come with the next issue"),
        ("note", "delivered: 1 sent"),
    ]


@pytest.mark.parametrize(("minutes", "told"), [(5, True), (0, False), (-5, False)])
def test_the_next_attempt_is_told_when_it_is_to_come_by_the_commands_clock(minutes: int, told: bool):
    said = lines(deferred=1, next_due=NOW.timestamp() + 60 * minutes)
    assert (said[0] == ("note", "next attempt: 2026-11-20 07:05:00 UTC")) is told


def test_copies_that_nobody_will_send_are_told_with_the_remedy():
    reporter = Lines()
    report_orphans(["a/smtp"], reporter)
    ((way, message),) = reporter.said
    assert way == "warn"
    assert message.startswith("copies wait for a/smtp, which is not configured any more")
