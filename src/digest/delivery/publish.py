"""Publish: an issue, its letters and one row for each reader and channel, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.delivery.model import DeliveryState, IssueState, NewDelivery
from digest.delivery.personalise import freeze_letter
from digest.faults import faultpoint
from digest.mail.address import parse_address, sender_domain
from digest.mail.message import copy_message_id
from digest.model import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from digest.delivery.model import IssueMemory, IssueRow
    from digest.delivery.protocols import DeliveryStore
    from digest.mail.message import Envelope
    from digest.model import Letter, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """All that a publication freezes."""

    letters: Mapping[str, Letter]  # variant -> letter; "" is the whole issue
    envelope: Envelope
    readers: Iterable[Reader]  # read once, in a stream
    channels: Sequence[str]  # names; each reader has a row for each
    variant: Callable[[Reader], str] = lambda _reader: ""  # which letter a reader gets
    not_before: Callable[[Reader], float] = lambda _reader: 0.0  # epoch seconds: when a reader's copy may leave
    marks: Sequence[tuple[str, str]] = ()  # (article key, fingerprint) of all that is printed
    memory: IssueMemory | None = None  # what its readers are told, for later issues
    artefact: str = ""  # where the issue's files are
    give_up: float | None = None  # epoch seconds: when open copies are stale
    hold: bool = False  # wait for an editor
    hold_until: float | None = None  # epoch seconds: a held issue leaves by itself; None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What `publish_issue` did."""

    copies: int  # rows of the issue
    fresh: bool  # False: it was published before, nothing was changed
    problems: tuple[Problem, ...] = ()  # readers with an address that cannot be used; each has a dead row


def publish_issue(store: DeliveryStore, issue: IssueRow, mailing: Mailing, *, now: float) -> Publication:
    """Freeze an issue that is being built; twice changes nothing.

    One row for each reader and channel; readers who differ only in the case of their address are one. A reader
    whose address cannot be used has a dead row with the reason and a problem.
    """
    problems: list[Problem] = []
    values = {"state": IssueState.HELD if mailing.hold else IssueState.READY, "artefact": mailing.artefact}
    times = {"not_before": mailing.hold_until, "give_up": mailing.give_up}
    count = store.issues.publish(
        issue.id,
        {variant: freeze_letter(letter, mailing.envelope) for variant, letter in mailing.letters.items()},
        _new_deliveries(issue, mailing, problems, now),
        marks=mailing.marks,
        memory=mailing.memory,
        now=now,
        values={**values, **times},
    )
    if count is None:
        return Publication(copies=0, fresh=False)
    faultpoint("after_publish")
    return Publication(copies=count, fresh=True, problems=tuple(problems))


def _new_deliveries(issue: IssueRow, mailing: Mailing, problems: list[Problem], now: float) -> Iterator[NewDelivery]:
    """The rows in a stream. Lean, because a list may have a million readers."""
    domain = sender_domain(mailing.envelope.sender)
    edition, slot, channels = issue.edition, issue.slot, tuple(mailing.channels)
    pending, dead = DeliveryState.PENDING.value, DeliveryState.DEAD.value
    for reader in mailing.readers:
        email = reader.email.strip()
        state, reason = pending, None
        try:
            written, key = parse_address(email)
        except ValueError as error:
            state, reason = dead, f"the address {error}"
            email = key = written = _printable_address(email)
            problems.append(Problem(stage="deliver", subject=key, message=reason))
        variant, due = mailing.variant(reader), mailing.not_before(reader)
        for channel in channels:
            own_id = copy_message_id(edition, slot, written, channel, domain)
            name, language = reader.name, reader.language
            yield NewDelivery(issue.id, key, email, name, language, variant, channel, own_id, state, due, reason, now)


def _printable_address(text: str) -> str:
    """An address that is none, fit to be stored and shown."""
    return "".join(c if c.isprintable() else "?" for c in text).strip()[:100].lower() or "(empty)"
