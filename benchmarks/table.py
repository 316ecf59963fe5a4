"""One row of the table, and the places of data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DIGEST_EVAL", TOP.parent / "shared" / "eval"))
# Scorers are scripts in other folders; they too must find this one and, in a checkout, the package.
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(filter(None, (str(TOP), str(TOP / "src"), os.environ.get("PYTHONPATH")))),
}
DIGEST = (sys.executable, "-m", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure of ours beside a peer's."""

    area: str
    what: str
    ours: float
    peer: str  # who
    theirs: float
    goal: str
    unit: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs if self.theirs else float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A figure that this machine cannot measure, and why."""

    area: str
    why: str


Result = Row | Skipped
Bench = Callable[[], Sequence[Result]]


def shown(results: Sequence[Result]) -> str:
    """The table as Markdown."""
    lines = ["| area | what | ours | peer | peer's | ours / peer's | goal |", "|---|---|---|---|---|---|---|"]
    for result in results:
        if isinstance(result, Skipped):
            lines.append(f"| {result.area} | skipped: {result.why} | | | | | |")
            continue
        unit = f" {result.unit}" if result.unit else ""
        lines.append(
            f"| {result.area} | {result.what} | {result.ours:.4g}{unit} | {result.peer} | {result.theirs:.4g}{unit} "
            f"| {result.ratio:.2f} | {result.goal} |"
        )
    return "\n".join(lines)


def have(*names: str) -> bool:
    """True when all these data files are on this machine."""
    return all((DATA / name).exists() for name in names)


def last_json(*command: str | Path, given: bytes | None = None, folder: Path | None = None) -> dict[str, object]:
    """Run a scorer; its last line of output is its answer."""
    done = subprocess.run(
        [str(part) for part in command], input=given, capture_output=True, check=False, cwd=folder, env=ENVIRONMENT
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr.decode()[-2000:]}")
    answer: dict[str, object] = json.loads(done.stdout.decode().strip().splitlines()[-1])
    return answer


def output(*command: str | Path, given: bytes | None = None) -> bytes:
    """What a command prints."""
    done = subprocess.run(
        [str(part) for part in command], input=given, capture_output=True, check=True, env=ENVIRONMENT
    )
    return done.stdout


def command(name: str) -> str | None:
    """The path of a program, or None."""
    return shutil.which(name)
