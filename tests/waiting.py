"""Waiting for what must come, without a deadline that a slow machine could miss."""

from __future__ import annotations

import time
from collections.abc import Callable

GUARD = 600.0  # seconds after which a test hangs; nothing that a test waits for has a shorter limit of its own


def wait_until(
    happened: Callable[[], object], *, alive: Callable[[], bool] = lambda: True, pause: float = 0.02
) -> None:
    """Return when `happened` says so; fail when who should make it happen has gone, or when the test hangs."""
    end = time.monotonic() + GUARD
    while not happened():
        assert alive() or happened(), "who was waited for has ended"
        assert time.monotonic() < end, "nothing happened"
        time.sleep(pause)
