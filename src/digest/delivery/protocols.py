"""The protocols that delivery asks of channels and of a store, and the report of a run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Protocol, cast

from digest.clock import Clock
from digest.delivery.model import AmbiguityPolicy, DomainLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from digest.delivery.model import (
        AttemptResult,
        Delivery,
        IssueMemory,
        IssueRow,
        NewDelivery,
        Outcome,
        OutgoingMessage,
        ReconcileQuestion,
        Ruling,
    )


def _no_beat() -> None:
    pass


class Connection(Protocol):
    """An open way to the other side, used by one thread."""

    @property
    def is_alive(self) -> bool:
        """False when the next message needs a new connection."""

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        """Hand over one message; every expected failure is an outcome with its phase."""

    def close(self) -> None:
        """End the connection; nothing more is sent by it."""

    def abort(self) -> None:
        """From another thread: end a waiting `send` at once."""


class Channel(Protocol):
    """A way out. Its fields are its options."""

    @property
    def host(self) -> str:
        """What fails together: a server, a folder. The circuit breaker's key."""

    @property
    def connections(self) -> int:
        """Connections at once."""

    @property
    def ambiguous(self) -> AmbiguityPolicy:
        """What becomes of messages without an answer."""

    def connect(self) -> Connection:
        """Open a connection; raises ChannelError with its outcome."""


class ReconcilingChannel(Protocol):
    """A channel that can ask what the other side accepted."""

    @property
    def reconcile_window(self) -> tuple[float, float]:
        """Seconds after which the other side is asked first, and for the last time."""

    @property
    def fallback_policy(self) -> AmbiguityPolicy:
        """What becomes of messages that it never named: resend or hold."""

    def accepted_ids(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Which of these the other side accepted; raises DeliveryError when it cannot tell."""


class DeliveryQueue(Protocol):
    """The copies in a store."""

    def claim(
        self, issue_id: int, channel: str, *, owner: str, now: float, lease: float, limit: int
    ) -> list[Delivery]: ...
    def commit_and_intend(
        self, settled: Sequence[AttemptResult], intent: int | None, *, owner: str, conn: int = 0
    ) -> bool: ...
    def release(self, rows: Sequence[int], *, owner: str, not_before: float = 0.0) -> None: ...
    def renew(self, *, owner: str, until: float) -> None: ...
    def recover_abandoned(
        self, rulings: Mapping[str, Ruling], *, now: float, judge_leases: bool = True
    ) -> tuple[int, int]: ...
    def due_questions(self, channel: str, *, now: float, limit: int = 500) -> list[ReconcileQuestion]: ...
    def apply_ruling(self, rows: Sequence[int], ruling: Ruling, *, text: str, now: float) -> int: ...
    def give_up_stale(self, *, now: float) -> int: ...
    def count_waiting(self) -> int: ...
    def next_due(self, channel: str | None = None, issues: Sequence[int] | None = None) -> float | None: ...


class PublishedIssues(Protocol):
    """The issues in a store."""

    def issues_to_send(self) -> list[IssueRow]: ...
    def frozen_letter(self, issue_id: int, variant: str) -> str | None: ...
    def release_due(self, *, now: float) -> int: ...
    def stop_issue(self, issue_id: int, reason: str, *, now: float) -> bool: ...
    def finish_issues(self, *, now: float) -> list[IssueRow]: ...
    def publish(
        self,
        issue_id: int,
        letters: Mapping[str, str],
        copies: Iterable[NewDelivery],
        *,
        marks: Sequence[tuple[str, str]],
        now: float,
        values: Mapping[str, object],
        memory: IssueMemory | None = None,
    ) -> int | None: ...


class HostStates(Protocol):
    """What a store knows of hosts."""

    def host_states(self) -> dict[str, tuple[int | None, float, int]]: ...
    def set_host_state(self, domain: str, *, until: float, fails: int) -> None: ...


class RunRegistry(Protocol):
    """Names of runs."""

    def sign_on(self) -> str: ...
    def sign_off(self, owner: str) -> None: ...


class DeliveryStore(Protocol):
    """What delivery needs of a store."""

    @property
    def outbox(self) -> DeliveryQueue: ...
    @property
    def issues(self) -> PublishedIssues: ...
    @property
    def operator(self) -> HostStates: ...
    @property
    def runs(self) -> RunRegistry: ...


if TYPE_CHECKING:
    Copier = Callable[[Delivery], OutgoingMessage]  # one row's copy; raises DigestError when it cannot be made
    Copying = Callable[[str], Copier]  # from a letter's frozen content


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryContext:
    """What a run takes from outside: time, chance, when to stop, and who listens."""

    clock: Clock  # the command's
    random: Random = field(default_factory=Random)
    stop: threading.Event = field(default_factory=threading.Event)  # set: finish what is under way, then end
    linger: float = 2.0  # seconds that a worker waits for a row that is due soon
    on_beat: Callable[[], None] = _no_beat  # called about twice a second
    on_outcome: Callable[[Delivery, Outcome], None] | None = None  # called from the sending threads


@dataclass(slots=True)
class DeliveryReport:
    """What a run of `deliver` did. Counts are of this run; `open` is what is left."""

    sent: int = 0
    deferred: int = 0
    dead: int = 0
    suppressed: int = 0
    ambiguous: int = 0
    halted: dict[str, str] = field(default_factory=dict)  # channel -> why it stopped
    failures: dict[str, str] = field(default_factory=dict)  # channel -> its last connection that failed
    stopped: dict[str, str] = field(default_factory=dict)  # issue -> why no further copy leaves
    unreached: dict[str, str] = field(default_factory=dict)  # issue that ended without a reader -> why
    reasons: dict[str, int] = field(default_factory=dict)  # why copies are dead -> how many of this run
    waiting: int = 0  # open copies of issues that may leave, whatever channel they wait for
    next_due: float | None = None  # epoch seconds: when a waiting row is due; None when none waits

    @property
    def is_complete(self) -> bool:
        """Nothing waits and nothing went wrong."""
        wrong = self.halted or self.stopped or self.unreached or self.dead or self.ambiguous
        return self.next_due is None and not wrong


def limits_of(channel: Channel) -> DomainLimits:
    """The channel's limits for recipients' domains; none when it declares none."""
    found: DomainLimits | None = getattr(channel, "limits", None)
    return found if found is not None else DomainLimits(concurrency=0)


def as_reconciling(channel: Channel) -> ReconcilingChannel | None:
    """The channel as one that can be asked; None when its policy is another."""
    return cast("ReconcilingChannel", channel) if channel.ambiguous == AmbiguityPolicy.RECONCILE else None
