"""Sending outside of the outbox: one message, to look at."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from digest.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.config import Edition
    from digest.delivery.protocols import Channel
    from digest.model import Letter, Reader


def send_one(edition: Edition, letter: Letter, reader: Reader, channels: Mapping[str, Channel]) -> None:
    """Hand one message to every channel, outside the outbox; DeliveryError with the first refusal."""
    from digest.delivery.model import ChannelError, Parcel, Verdict
    from digest.mail.address import sender_domain
    from digest.mail.message import message_id, return_path, write

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
