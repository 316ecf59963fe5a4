"""What the command costs before it does anything."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from benchmarks.table import DIGEST, Row, Skipped

ROUNDS = 21


def rows() -> list[Row | Skipped]:
    """`digest --help` beside `python -c "import click"`, turn by turn."""
    ratios, ours, theirs = [], [], []
    for _ in range(ROUNDS):
        a, b = wall(*DIGEST, "--help"), wall(sys.executable, "-c", "import click")
        ours.append(a)
        theirs.append(b)
        ratios.append(a / b)
    mine, peer = statistics.median(ours), statistics.median(theirs)
    return [
        Row(area="start", what="digest --help", ours=1000 * mine, peer="import click", theirs=1000 * peer,
            goal="<= 1.6", unit="ms"),
    ]  # fmt: skip


def wall(*command: str) -> float:
    """Seconds of one run."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env={**os.environ, "NO_COLOR": "1"})
    return time.perf_counter() - started
