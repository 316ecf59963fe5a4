"""The nouns of delivery: rows and their states, phases of a dialogue, outcomes and what they mean.

The stage (`deliver`), the stores and the channels meet in these and know nothing of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from digest.model import slot_path_name


class IssueState(StrEnum):
    """`building -> [held ->] ready -> sending -> done | failed`, or `skipped`."""

    BUILDING = "building"  # the slot is taken, the issue is being made
    HELD = "held"  # made and frozen, waiting for an editor
    READY = "ready"  # published: every reader has a row
    SENDING = "sending"  # the first row was claimed
    DONE = "done"  # no row is open
    FAILED = "failed"  # stopped: could not be built, or was refused again and again; see reason
    SKIPPED = "skipped"  # deliberately none; see reason


# States of an issue that readers got or will get.
PUBLISHED_STATES = (IssueState.HELD, IssueState.READY, IssueState.SENDING, IssueState.DONE)


class DeliveryState(StrEnum):
    """One reader's copy. Final: sent, dead, suppressed."""

    PENDING = "pending"  # to be sent
    CLAIMED = "claimed"  # a sender has it in hand; certainly not sent
    SENDING = "sending"  # the intent is committed: may have been sent
    SENT = "sent"  # the other side said so
    DEFERRED = "deferred"  # refused for now; again at not_before
    DEAD = "dead"  # refused for good, or given up
    UNKNOWN = "unknown"  # may have been sent, and nobody can tell yet
    SUPPRESSED = "suppressed"  # the reader is on the suppression list


STALE_REASON = "given up: the issue is stale"  # why a copy is dead that waited too long
OPEN_STATES = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.SENDING, DeliveryState.DEFERRED)


class Phase(StrEnum):
    """Where in a dialogue something happened."""

    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"  # not all of the message was handed over
    DOT = "dot"  # all of it was: from here on a missing answer is ambiguous
    RENDER = "render"  # before any dialogue: the copy could not be made
    RECOVER = "recover"  # a sender died with the row in hand


class Verdict(StrEnum):
    """What an outcome means for the row."""

    SENT = "sent"
    CONNECTION = "connection"  # nothing to do with this reader: back to pending, no attempt counted
    TEMPORARY = "temporary"  # this reader, for now: deferred
    ADDRESS = "address"  # this address, for good: dead, and on the suppression list
    MAILBOX = "mailbox"  # this reader, for good, but the address may well be right: dead
    ISSUE = "issue"  # this issue, for good: dead, the address is blameless
    CONFIGURATION = "configuration"  # we are wrong: the channel stops, nothing is marked
    AMBIGUOUS = "ambiguous"  # handed over, no answer: see AmbiguityPolicy


class AmbiguityPolicy(StrEnum):
    """What becomes of a message that may or may not have been accepted (RFC 1047)."""

    RESEND = "resend"  # send again under the same Message-ID: none lost
    HOLD = "hold"  # leave it to the operator: none doubled
    RECONCILE = "reconcile"  # ask the accepting side


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended."""

    verdict: Verdict
    phase: Phase
    code: int | None = None  # the reply's, None when there was none
    text: str = ""  # the reply's, or what happened, one line


class ChannelError(Exception):
    """A channel could not be opened; carries the outcome. Caught by the deliver stage."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message, ready for a channel."""

    issue: str  # Issue.id: safe in paths
    message_id: str  # without angle brackets
    sender: str  # envelope sender, an address alone
    recipient: str  # envelope recipient, an address alone
    body: bytes  # the whole message, lines end in CR LF, dots not stuffed
    dotted: bool = True  # a line of the body may begin with a dot; False only when certainly none does


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed row of the outbox."""

    id: int
    issue_id: int
    rcpt_norm: str  # the key: domain in lower case ASCII, all in lower case
    rcpt: str  # as the reader gave it; `address` makes it fit for an envelope
    name: str | None
    language: str | None
    message_id: str  # without angle brackets
    variant: str  # which letter of the issue; "" is the whole one
    channel: str
    attempts: int
    created: float  # epoch seconds: when the issue was published


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResult:
    """An outcome on its way into the store."""

    row: int
    number: int  # of the attempt, from 1
    state: DeliveryState
    outcome: Outcome
    started: float  # epoch seconds
    ended: float
    not_before: float = 0.0  # epoch seconds, for deferred and pending
    counted: bool = True  # an attempt of this reader's, not only of the connection
    resent: bool = False  # goes out again although it may have been accepted
    deadline: float | None = None  # epoch seconds, for unknown: until when the other side is asked
    suppress: str = ""  # with a domain-independent reason: put the address on the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What becomes of a row that may or may not have been sent."""

    state: DeliveryState
    resent: bool = False
    not_before: float = 0.0  # epoch seconds
    deadline: float | None = None  # epoch seconds; unknown rows: until when to ask, None: held for the operator


def rule_on_ambiguous(policy: AmbiguityPolicy, *, now: float, settle: float = 0.0, patience: float = 0.0) -> Ruling:
    """The ruling of a policy at `now`: reconcile asks first after `settle` seconds and last after `patience`."""
    if policy == AmbiguityPolicy.RESEND:
        return Ruling(state=DeliveryState.PENDING, resent=True)
    if policy == AmbiguityPolicy.HOLD:
        return Ruling(state=DeliveryState.UNKNOWN)
    return Ruling(state=DeliveryState.UNKNOWN, not_before=now + settle, deadline=now + patience)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileQuestion:
    """An ambiguous row that the other side is to be asked about."""

    row: int
    message_id: str
    deadline: float  # epoch seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainLimits:
    """How hard a recipient's domain may be pressed."""

    concurrency: int = 4  # messages under way at once; 0 is without limit
    rate: float | None = None  # messages a second; None is without limit


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """An issue as the store knows it. Moments are epoch seconds."""

    id: int
    edition: str
    slot: str
    slot_utc: float
    state: str
    reason: str
    content_hash: str
    artefact: str
    created: float
    updated: float
    attempts: int
    not_before: float | None
    give_up: float | None

    @property
    def name(self) -> str:
        """As Issue.id: `<edition>/<slot>` without colons."""
        return f"{self.edition}/{slot_path_name(self.slot)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueMemory:
    """What an issue adds to the memory of its edition, opaque here."""

    content: bytes
    forget_before: float = 0.0  # epoch seconds: what readers were told before is forgotten


class NewDelivery(NamedTuple):
    """One reader's copy on its way into the outbox. A tuple, because a million of them go through in a stream."""

    issue_id: int
    rcpt_norm: str
    rcpt: str
    name: str | None
    language: str | None
    variant: str
    channel: str
    message_id: str
    state: str
    not_before: float
    last_text: str | None  # why it is dead from the start
    created: float  # epoch seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A row of the outbox as an operator reads it. Moments are epoch seconds."""

    id: int
    edition: str
    slot: str
    rcpt: str
    channel: str
    message_id: str
    state: str
    attempts: int
    resent: int
    not_before: float
    phase: str | None
    last_code: int | None
    last_text: str | None
