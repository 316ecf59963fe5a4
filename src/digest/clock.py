"""The one place that reads the time of day. A command makes one `Clock` and carries it to everything that asks.

Durations (timeouts, politeness, how long a thread waits) are measured by `time.monotonic` where they arise: they are
no moments, and no `--at` changes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


def _wall() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of day for one command: the machine's, or one that began at another moment and runs on from there."""

    began: datetime | None = None  # aware: what it showed when it was made; None: it shows the machine's time
    elapsed: Callable[[], float] = time.monotonic  # seconds since any fixed moment
    _zero: float = field(default=0.0, init=False)
    start: datetime = field(init=False)  # UTC, whole seconds: the moment of the command

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zero", self.elapsed())
        object.__setattr__(self, "start", (self.began or _wall()).astimezone(UTC).replace(microsecond=0))

    @property
    def is_machine_time(self) -> bool:
        """False when it began elsewhere: then it cannot judge what other processes noted by the machine's time."""
        return self.began is None

    def now(self) -> datetime:
        """The present moment, in UTC."""
        if self.began is None:
            return _wall()
        return datetime.fromtimestamp(self.seconds_since_epoch(), UTC)

    def seconds_since_epoch(self) -> float:
        """The present moment in seconds since 1970 UTC, as stores keep it."""
        if self.began is None:
            return time.time()
        return self.began.timestamp() + self.elapsed() - self._zero
