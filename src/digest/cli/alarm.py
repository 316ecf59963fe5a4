"""How an operator is told that an issue did not appear or did not go out: on stderr, and where `alarm:` says."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from digest.errors import DigestError
from digest.message import header_line, sender_domain
from digest.outbox import ChannelError, Parcel, Verdict

if TYPE_CHECKING:
    from digest.cli.options import Talk
    from digest.config import Alarming
    from digest.deliver import Channel
    from digest.schedule.alarm import Alarm


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells alarms; a channel that fails is itself told on stderr, and stops nothing."""

    alarming: Alarming | None
    talk: Talk

    def __call__(self, alarms: list[Alarm], now: datetime) -> None:
        """Tell every alarm that nobody was told of yet."""
        for alarm in alarms:
            self.talk.warn(f"alarm: {alarm.text}")
        if not alarms or self.alarming is None:
            return
        for recipient in self.alarming.to:
            for channel in self.alarming.channels:
                self._send(channel, parcel(self.alarming.sender, recipient, alarms, now))

    def _send(self, channel: Channel, message: Parcel) -> None:
        try:
            with closing(channel.connect()) as line:
                outcome = line.send(message)
        except ChannelError as error:
            outcome = error.outcome
        except DigestError as error:
            self.talk.warn(f"the alarm could not be sent: {error}")
            return
        if outcome.verdict is not Verdict.SENT:
            self.talk.warn(f"the alarm could not be sent: {outcome.text}")


def parcel(sender: str, recipient: str, alarms: list[Alarm], now: datetime) -> Parcel:
    """One plain message for all alarms of a round; the same alarms at the same moment have the same id."""
    key = "|".join((recipient, now.isoformat(), *(alarm.key for alarm in alarms)))
    own = f"{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:32]}@{sender_domain(sender)}"
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = header_line(f"digest: {alarms[0].text}", 78)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{own}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("".join(f"- {alarm.text}\n" for alarm in alarms), cte="quoted-printable")
    return Parcel(issue="alarm", message_id=own, sender=sender, recipient=recipient, body=bytes(message))
