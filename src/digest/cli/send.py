"""`digest send`: publish an issue once, deliver what is open."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.cli.options import (
    Talk,
    at_option,
    config_option,
    edition_option,
    load_config,
    moment,
    out_option,
    pick_edition,
    quiet_option,
)
from digest.errors import DeliveryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.config import Config, Edition
    from digest.deliver import Channel, Report
    from digest.model import Letter, Reader


@click.command("send", short_help="Publish an issue once and deliver what is open.")
@config_option
@edition_option
@at_option
@click.option("--to", metavar="A@B", help="Send a test copy to this address only; nothing is published or remembered.")
@out_option
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@quiet_option
def command(  # noqa: PLR0913 - one parameter for each option
    config_path: Path,
    edition_key: str | None,
    at: str | None,
    to: str | None,
    out: Path,
    *,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Publish the issue of the present slot once, with what is new, and deliver every open copy.

    Safe to repeat: a published issue is not made again, and no reader gets a second copy.

    \b
    Example:
      digest send --at 2026-11-23T07:00
      digest send --to me@example.org
    """
    talk = Talk(quiet=quiet, verbose=verbose)
    config = load_config(config_path)
    edition = pick_edition(config, edition_key)
    when = moment(at, edition.timezone)
    if not edition.channels:
        raise UsageError(f"edition {edition.key!r} has no channel: add `deliver:` to {config_path}")
    if to is not None or dry_run:
        return test_copy(config, edition, when, to, talk, dry_run=dry_run)
    return publish_and_deliver(config, edition, when, out, talk)


def publish_and_deliver(config: Config, edition: Edition, when: datetime, out: Path, talk: Talk) -> int:
    """The whole of `send`: exit code 0, 4 when there was nothing, 5 when something is left."""
    from digest.cli.making import Newsroom, opened
    from digest.deliver import deliver
    from digest.schedule import appear
    from digest.slots import slot_at

    with opened(config) as store:
        room = Newsroom(config=config, store=store, out=out)
        slot = slot_at(edition.schedule, ZoneInfo(edition.timezone), when)
        appeared = appear(store, room.paper(edition, when), slot, when)
        if isinstance(appeared, str):
            talk.note(f"{edition.key}/{slot.label}: no issue: {appeared}")
        for problem in () if appeared is None or isinstance(appeared, str) else appeared.problems:
            talk.warn(f"{problem.subject}: {problem.message}")
        issue = store.issues.find(edition.key, slot.label)
        report = deliver(store, room.channels(), room.copies(), only=issue.id if issue else None)
    tell(report, talk)
    if not report.complete:
        return 5
    return 0 if report.sent else 4


def tell(report: Report, talk: Talk) -> None:
    """What a run of delivery did, in a line, and what is wrong, each in a line of its own."""
    counts = {
        "sent": report.sent,
        "deferred": report.deferred,
        "dead": report.dead,
        "suppressed": report.suppressed,
        "in doubt": report.ambiguous,
    }
    said = ", ".join(f"{number} {word}" for word, number in counts.items() if number)
    talk.note(f"delivered: {said or 'nothing was open'}")
    for name, reason in {**report.halted, **report.stopped}.items():
        talk.warn(f"{name}: {reason}")
    if report.next_due is not None:
        talk.note(f"next attempt: {datetime.fromtimestamp(report.next_due, UTC):%Y-%m-%d %H:%M:%S} UTC")


def test_copy(config: Config, edition: Edition, when: datetime, to: str | None, talk: Talk, *, dry_run: bool) -> int:
    """One copy outside the outbox, or a word on what would be sent."""
    from digest.cli.making import channels_of, made
    from digest.model import Reader

    pressed = made(config, edition, when, only_new=to is None)
    if pressed.empty:
        talk.note(f"{edition.key}: nothing to send")
        return 4
    readers = [Reader(email=to)] if to else list(edition.readers)
    channels = channels_of(edition)
    if dry_run:
        talk.note(f"{pressed.issue.id}: would go to {len(readers)} reader(s) by {', '.join(channels)}")
        return 0
    assert to is not None
    if not parseaddr(to)[1]:
        raise UsageError(f"--to: {to!r} is not an address")
    send_one(edition, pressed.letter, readers[0], channels)
    talk.note(f"{pressed.issue.id}: a test copy went to {to} by {', '.join(channels)}")
    return 0


def send_one(edition: Edition, letter: Letter, reader: Reader, channels: Mapping[str, Channel]) -> None:
    """Hand one message to every channel, outside the outbox; DeliveryError with the first refusal."""
    from digest.message import message_id, return_path, sender_domain, write
    from digest.outbox import ChannelError, Parcel, Verdict

    token, domain = edition.token(reader), sender_domain(edition.envelope.sender)
    for name, channel in channels.items():
        # A name of its own, so that no mailbox takes the reader's real copy for a double of the test.
        own = message_id(letter, reader.email, channel=f"test {name}", domain=domain)
        parcel = Parcel(
            issue=letter.issue,
            message_id=own.strip("<>"),
            sender=return_path(edition.envelope, token),
            recipient=reader.email,
            body=write(letter, edition.envelope, reader, token=token, channel=f"test {name}"),
        )
        try:
            with closing(channel.connect()) as line:
                outcome = line.send(parcel)
        except ChannelError as error:
            outcome = error.outcome
        if outcome.verdict is not Verdict.SENT:
            raise DeliveryError(f"{name}: {outcome.code or outcome.phase} {outcome.text}")
