"""Signals as a wish to end: the first SIGTERM or Ctrl-C is noted, the second ends the process at once."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class StopRequest:
    """Set by the first signal; work under way is finished and claims are given back, so that nothing is in doubt."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.number: int | None = None  # of the signal

    def __call__(self, number: int, _frame: object) -> None:
        if self.event.is_set():
            os._exit(128 + number)
        self.number = number
        self.event.set()


@contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """A request that SIGTERM and SIGINT set while this lasts."""
    request = StopRequest()
    before = {number: signal.signal(number, request) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
