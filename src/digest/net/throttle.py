"""Not more than a few calls at once to one host, and a pause between them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from threading import Condition, Lock
from typing import TYPE_CHECKING

from digest.net.addresses import is_loopback
from digest.net.per_host import CALLS_PER_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SPACING_SECONDS = 0.1  # seconds between the beginnings of two calls to one host
MAX_SPACING_SECONDS = 5.0  # seconds; a robots.txt may ask for more, and is then visited at this pace
MAX_LOCAL_CALLS = 100  # calls; this machine's own server takes more of them faster


class HostThrottle:
    """The entrance to one host."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self.clock, self.sleep = clock, sleep
        self.max_active, self.active, self.spacing, self.next = CALLS_PER_HOST, 0, SPACING_SECONDS, 0.0
        self.changed = Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until another call to this host may begin, and count as one of its calls until the end."""
        with self.changed:
            while self.active >= self.max_active:
                self.changed.wait()
            self.active += 1
            start = max(self.next, self.clock())
            self.next = start + self.spacing
        try:
            if (pause := start - self.clock()) > 0:
                self.sleep(pause)
            yield
        finally:
            with self.changed:
                self.active -= 1
                self.changed.notify()


class HostThrottles:
    """The entrances to all hosts."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.clock, self.sleep = clock, sleep
        self.throttles: dict[str, HostThrottle] = {}
        self.lock = Lock()

    def throttle_of(self, host: str) -> HostThrottle:
        with self.lock:
            return self.throttles.setdefault(host, HostThrottle(self.clock, self.sleep))

    def concurrency_for(self, host: str, calls: int) -> int:
        """How many of `calls` may be made at once: two, but a server on this very machine is the user's own."""
        policy = self.throttle_of(host)
        if calls > MAX_LOCAL_CALLS and is_loopback(host):
            policy.max_active, policy.spacing = max(policy.max_active, calls // 40), 0.0
        return policy.max_active

    def slow_down(self, host: str, delay: float) -> None:
        """Keep to the pace that the host asked for."""
        policy = self.throttle_of(host)
        policy.spacing = max(policy.spacing, min(delay, MAX_SPACING_SECONDS))
