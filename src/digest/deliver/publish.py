"""Publish: an issue, its letters and one row for each reader and channel, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.deliver.copies import freeze
from digest.faults import faultpoint
from digest.message import sender_domain
from digest.model import Problem
from digest.outbox import Copy, IssueState, RowState, address, message_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from digest.deliver.doors import Store
    from digest.message import Envelope
    from digest.model import Letter, Reader
    from digest.outbox import IssueRow


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
    artefact: str = ""  # where the issue's files are
    give_up: float | None = None  # epoch seconds: when open copies are stale
    hold: bool = False  # wait for an editor
    hold_until: float | None = None  # epoch seconds: a held issue leaves by itself; None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What `publish` did."""

    copies: int  # rows of the issue
    fresh: bool  # False: it was published before, nothing was changed
    problems: tuple[Problem, ...] = ()  # readers with an address that cannot be used; each has a dead row


def publish(store: Store, issue: IssueRow, mailing: Mailing, *, now: float) -> Published:
    """Freeze an issue that is being built; twice changes nothing.

    One row for each reader and channel; readers who differ only in the case of their address are one. A reader
    whose address cannot be used has a dead row with the reason and a problem.
    """
    problems: list[Problem] = []
    values = {"state": IssueState.HELD if mailing.hold else IssueState.READY, "artefact": mailing.artefact}
    times = {"not_before": mailing.hold_until, "give_up": mailing.give_up}
    count = store.issues.publish(
        issue.id,
        {variant: freeze(letter, mailing.envelope) for variant, letter in mailing.letters.items()},
        _copies(issue, mailing, problems, now),
        marks=mailing.marks,
        now=now,
        values={**values, **times},
    )
    if count is None:
        return Published(copies=0, fresh=False)
    faultpoint("after_publish")
    return Published(copies=count, fresh=True, problems=tuple(problems))


def _copies(issue: IssueRow, mailing: Mailing, problems: list[Problem], now: float) -> Iterator[Copy]:
    domain = sender_domain(mailing.envelope.sender)
    for reader in mailing.readers:
        state, reason = RowState.PENDING, None
        try:
            where = address(reader.email)
            rcpt, key = reader.email.strip(), where.key
            written = where.envelope
        except ValueError as error:
            state, reason = RowState.DEAD, f"the address {error}"
            rcpt = key = written = _shown(reader.email)
            problems.append(Problem(stage="deliver", subject=key, message=reason))
        variant, due = mailing.variant(reader), mailing.not_before(reader)
        for channel in mailing.channels:
            yield Copy(
                issue_id=issue.id,
                created=now,
                rcpt_norm=key,
                rcpt=rcpt,
                name=reader.name,
                language=reader.language,
                variant=variant,
                channel=channel,
                message_id=message_id(issue.edition, issue.period, written, channel, domain),
                state=state,
                not_before=due,
                last_text=reason,
            )


def _shown(text: str) -> str:
    """An address that is none, fit to be stored and shown."""
    return "".join(c if c.isprintable() else "?" for c in text).strip()[:100].lower() or "(empty)"
