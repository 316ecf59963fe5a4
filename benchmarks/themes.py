"""Near-duplicates, stories and themes beside the methods everyone knows."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.table import DATA, DIGEST, Result, Row, Skipped, have

FIGURES = {"neardup": "F", "stories": "F", "fine": "F", "topics": "accuracy"}


def rows() -> list[Result]:
    """Every set: ours beside the strongest peer of the same run."""
    if not have("themes/baselines.py"):
        return [Skipped(area="themes", why="no data (benchmarks/README.md says where it comes from)")]
    command = [sys.executable, str(DATA / "themes" / "baselines.py"), "table", "--product", " ".join(DIGEST)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return [Skipped(area="themes", why=f"peers could not run: {done.stderr.strip().splitlines()[-1]}")]
    table = json.loads(done.stdout.strip().splitlines()[-1])
    found: list[Result] = []
    for name in dict.fromkeys(row["set"] for row in table if not row["set"].startswith("fine draw")):
        figure = next(value for key, value in FIGURES.items() if name.startswith(key))
        here = {row["method"]: row for row in table if row["set"] == name}
        ours = here.pop("product")
        peer, best = max(here.items(), key=lambda item: item[1][figure])
        found.append(
            Row(
                area="themes", what=f"{name} {figure}", ours=ours[figure], peer=peer, theirs=best[figure], goal=">= 1.0"
            )
        )
    return found
