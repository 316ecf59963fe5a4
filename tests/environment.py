"""What a process of `digest` gets from the test that starts it: little, and what coverage needs to count it."""

from __future__ import annotations

import os
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
PASSED_ON = (
    "PATH",
    "COVERAGE_PROCESS_CONFIG",
    "COVERAGE_PROCESS_START",
    "LD_PRELOAD",
    "FAKETIME",
    "DONT_FAKE_MONOTONIC",
    "NO_FAKE_STAT",
)


def child_environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a child whose HOME is `home`: the clock and the coverage of its parent, nothing else of it."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**kept, "HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": str(TOP / "src"), **more}
