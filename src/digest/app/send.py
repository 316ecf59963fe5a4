"""`send`: publish the issue of a slot once, deliver what is open; and single copies outside of the outbox."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from digest import pipeline
from digest.app.delivery_report import report_delivery, report_orphans
from digest.app.newsroom import Newsroom, channels_of, open_store, slot_to_publish
from digest.app.signals import stop_on_signals
from digest.app.tick import publish_slot
from digest.delivery.model import ChannelError, IssueState, OutgoingMessage, Verdict
from digest.delivery.protocols import DeliveryContext
from digest.delivery.run import deliver
from digest.errors import DeliveryError, UsageError
from digest.mail.address import normalise_address, sender_domain
from digest.mail.message import letter_message_id, return_path, write_message
from digest.model import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from digest.app.reporter import Reporter
    from digest.clock import Clock
    from digest.config import Config, Edition
    from digest.delivery.protocols import Channel, DeliveryReport
    from digest.model import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """What became of one `send`."""

    report: DeliveryReport
    signal: int | None  # the number of the signal that ended it
    complete: bool  # nothing is left and nothing went wrong


def publish_and_deliver(
    config: Config,
    edition: Edition,
    clock: Clock,
    out: Path,
    *,
    reporter: Reporter,
    progress: pipeline.Progress = pipeline.show_no_progress,
) -> SendResult:
    """Publish the issue of the present slot unless it was, and deliver every open copy of it; a signal ends it cleanly."""
    with open_store(config) as store, stop_on_signals() as stop:
        newsroom = Newsroom(config=config, store=store, out=out, progress=progress)
        issue = publish_present_slot(newsroom, edition, clock.start, reporter)
        done, of = count(1), store.outbox.count_waiting()
        context = DeliveryContext(
            clock=clock, stop=stop.event, on_outcome=lambda _row, _outcome: progress("send", min(next(done), of), of)
        )
        report = deliver(store, newsroom.channels_by_name(), newsroom.message_factory(), context, only=issue)
        orphans = newsroom.orphaned_channels()
    report_orphans(orphans, reporter)
    report_delivery(report, reporter, clock)
    complete = report.is_complete and not newsroom.problems and not orphans
    return SendResult(report=report, signal=stop.number, complete=complete)


def publish_present_slot(newsroom: Newsroom, edition: Edition, when: datetime, reporter: Reporter) -> int | None:
    """Publish the issue of the present slot, unless it was; the row to deliver, None when there is none.

    Nothing new leaves no trace: an article that comes before the hour of the schedule still finds its slot open.
    """
    issues = newsroom.store.issues
    slot = slot_to_publish(newsroom.store, edition, when)
    row = issues.find_issue(edition.key, slot.label)
    if row is None or row.state == IssueState.BUILDING:
        mailing = newsroom.build_mailing(edition, slot, now=when)
        for problem in newsroom.problems:
            reporter.warn(f"{problem.subject}: {problem.message}")
        if isinstance(mailing, str):
            reporter.note(f"{edition.key}/{slot.label}: no issue: {mailing}")
            return None
        paper = replace(newsroom.scheduled_edition(edition, when), build=lambda _slot: mailing)
        published = publish_slot(newsroom.store, paper, slot, when)
        if published is not None and not isinstance(published, str):
            newsroom.problems.extend(published.problems)
            for problem in published.problems:
                reporter.warn(f"{problem.subject}: {problem.message}")
        row = issues.find_issue(edition.key, slot.label)
    return row.id if row else None


def send_test_copy(edition: Edition, letter: Letter, recipient: str) -> str:
    """One copy to an address by every channel of the edition, outside of the outbox; says by which it went.

    UsageError when the address is none or the edition has no channel, DeliveryError with the first refusal.
    """
    channels = channels_of(edition)
    if not channels:
        raise UsageError(f"the edition {edition.key!r} has no channel: add `deliver:` to the configuration")
    reader = Reader(email=normalise_address(recipient))
    for name, channel, outgoing in _test_messages(edition, letter, reader):
        try:
            with closing(channel.connect()) as connection:
                outcome = connection.send(outgoing)
        except ChannelError as error:
            outcome = error.outcome
        if outcome.verdict is not Verdict.SENT:
            raise DeliveryError(f"{name}: {outcome.code or outcome.phase} {outcome.text}")
    return ", ".join(f"{name} ({channel.host})" for name, channel in channels.items())


def _test_messages(edition: Edition, letter: Letter, reader: Reader) -> Iterator[tuple[str, Channel, OutgoingMessage]]:
    """The reader's copy for every channel, under an id of its own: no mailbox takes the real copy for a double of it."""
    token, domain = edition.reader_token(reader), sender_domain(edition.envelope.sender)
    for name, channel in channels_of(edition).items():
        own = letter_message_id(letter, reader.email, channel=f"test {name}", domain=domain)
        outgoing = OutgoingMessage(
            issue=letter.issue,
            message_id=own.strip("<>"),
            sender=return_path(edition.envelope, token),
            recipient=reader.email,
            body=write_message(letter, edition.envelope, reader, token=token, channel=f"test {name}"),
        )
        yield name, channel, outgoing
