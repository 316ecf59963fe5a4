"""Restraint: how much at once and how fast to one domain, and when a failing host is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.delivery.model import DomainLimits

MAX_HOST_FAILURES = 5  # connection failures in a row
FIRST_PAUSE = 60.0  # seconds the breaker stays open the first time; doubles with each failed probe
MAX_PAUSE = 3600.0
RETRY_AT_LIMIT_SECONDS = 0.25  # seconds until a domain at its limit is tried again


class DomainLimiter:
    """Messages under way and rates, per recipient domain. Shared by the threads of a round."""

    def __init__(self, limits: DomainLimits) -> None:
        self._limits = limits
        self._lock = Lock()
        self._busy: dict[str, int] = {}
        self._next: dict[str, float] = {}

    def enter_domain(self, domain: str, now: float) -> float:
        """0.0: go ahead, and `leave_domain` afterwards. Otherwise the seconds after which to try again."""
        limits = self._limits
        if not limits.concurrency and limits.rate is None:
            return 0.0
        with self._lock:
            if limits.concurrency and self._busy.get(domain, 0) >= limits.concurrency:
                return RETRY_AT_LIMIT_SECONDS
            if limits.rate is not None:
                start = self._next.get(domain, now)
                if start > now:
                    return start - now
                self._next[domain] = max(start, now - 1.0) + 1.0 / limits.rate
            self._busy[domain] = self._busy.get(domain, 0) + 1
        return 0.0

    def leave_domain(self, domain: str) -> None:
        with self._lock:
            left = self._busy.get(domain, 0) - 1
            if left > 0:
                self._busy[domain] = left
            else:
                self._busy.pop(domain, None)


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """Failures in a row of one host, and until when it is left alone (epoch seconds)."""

    fails: int = 0
    until: float = 0.0

    def is_open(self, now: float) -> bool:
        """Leave the host alone."""
        return now < self.until

    @property
    def is_probing(self) -> bool:
        """Closed again on trial: one connection only, until it has succeeded."""
        return self.fails >= MAX_HOST_FAILURES

    def after_failure(self, now: float) -> CircuitBreaker:
        fails = self.fails + 1
        if fails < MAX_HOST_FAILURES:
            return CircuitBreaker(fails, 0.0)
        pause = min(FIRST_PAUSE * 2 ** min(fails - MAX_HOST_FAILURES, 10), MAX_PAUSE)
        return CircuitBreaker(fails, now + pause)
