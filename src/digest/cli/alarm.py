"""How an operator is told that an issue did not appear or did not go out: on stderr, and where `alarm:` says."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from digest.app.alarms import parcel
from digest.delivery.model import ChannelError, Parcel, Verdict
from digest.errors import DigestError

if TYPE_CHECKING:
    from digest.app.alarms import Alarm
    from digest.cli.options import Talk
    from digest.config import Alarming
    from digest.delivery.protocols import Channel


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
