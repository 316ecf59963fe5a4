"""Real parts that live in memory, for the tests of those who write plug-ins or use the library."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.delivery.model import AmbiguityPolicy, Outcome, OutgoingMessage, Phase, Verdict
from digest.net.context import FetchContext, InMemoryState

__all__ = ["FetchContext", "InMemoryChannel", "InMemoryState"]


@dataclass(slots=True, kw_only=True)
class InMemoryChannel:
    """A channel that keeps what it is given; `verdict` is what it answers."""

    verdict: Verdict = Verdict.SENT
    messages: list[OutgoingMessage] = field(default_factory=list)  # that were taken, in order
    host: str = "memory"
    connections: int = 1
    ambiguous: AmbiguityPolicy = AmbiguityPolicy.RESEND

    def connect(self) -> InMemoryConnection:
        """A connection that hands everything to this channel."""
        return InMemoryConnection(self)


@dataclass(frozen=True, slots=True)
class InMemoryConnection:
    """The way to an `InMemoryChannel`."""

    channel: InMemoryChannel

    @property
    def is_alive(self) -> bool:
        return True

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        """Keep the message when the verdict says that it was taken."""
        if self.channel.verdict is Verdict.SENT:
            self.channel.messages.append(outgoing)
        return Outcome(verdict=self.channel.verdict, phase=Phase.DOT)

    def close(self) -> None: ...

    def abort(self) -> None: ...
