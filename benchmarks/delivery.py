"""Delivery: storms of kills, the speed of sending, a million readers, every zone for ten years.

`python -m benchmarks delivery` takes a few minutes; `python -m benchmarks.delivery --full` is the whole of it.
smtp-source and smtp-sink (Debian: postfix) must be on the PATH for the speed rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import oracle, sending
from benchmarks.table import TOP, Result, Row, Skipped, shown

AREA = "delivery"
POLICIES = ("folder", "reconcile", "resend", "hold")
READERS = 6000
# The same storm on prototypes of the strategies that others use (docs/log/delivery.md): of 6,000 readers.
CURSOR_LOST, BATCH_DOUBLED = 3529, 4354


def rows(*, full: bool = False) -> Sequence[Result]:
    """Every figure of delivery."""
    return [
        *storms(kills=1000 if full else 40),
        *speed(rounds=9 if full else 3, messages=3000 if full else 1500),
        *million(1_000_000 if full else 100_000),
        *slots(years=10 if full else 1),
    ]


def storms(*, kills: int, policies: Sequence[str] = POLICIES) -> list[Result]:
    """kill -9 at random: what was lost and doubled, beside the strategies that others use."""
    from tests.delivery.storm import Storm
    from tests.delivery.zygote import Zygote

    found: list[Result] = []
    with Zygote() as zygote:
        for policy in policies:
            with tempfile.TemporaryDirectory() as folder:
                readers = READERS if kills >= 1000 else 600
                done = Storm(folder=Path(folder), policy=policy, readers=readers).run(zygote, kills=kills)
            print(done, file=sys.stderr)
            what = f"{kills} kills, {done.readers} copies, {policy}"
            lost = done.lost + done.open + done.new_ids + done.changed + done.unwanted
            found.append(_row(f"{what}: lost", lost, "cursor at fetch, of 6000", CURSOR_LOST, "0"))
            goal = f"<= {done.bound}, same id" if policy == "resend" else "0"
            found.append(_row(f"{what}: doubled", done.doubled, "mark after batch, of 6000", BATCH_DOUBLED, goal))
            if policy == "hold":
                found.append(_row(f"{what}: flagged", done.flagged, "bound", done.bound, f"<= {done.bound}"))
    return found


def speed(*, rounds: int, messages: int) -> list[Result]:
    """The send loop with personal copies and commits against smtp-source, interleaved."""
    done = sending.measure(rounds, messages)
    if isinstance(done, str):
        return [Skipped(area=AREA, why=done)]
    print(done, file=sys.stderr)
    what = f"messages/s of {sending.SIZE // 1000} KB with commits, median of {done.rounds} ratios {done.ratio:.2f}"
    return [
        _row(what, done.rate, "smtp-source -d -s 2", done.theirs, ">= 0.8"),
        _row("the same", done.rate, "smtplib + EmailMessage", done.smtplib, ">= 10"),
        _row(f"CPU of a message, us (load {done.load:.1f})", done.cpu, "goal", 50.0, "<= 1"),
    ]


def million(readers: int) -> list[Result]:
    """One publication for so many readers, in a process of its own: seconds and memory."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.crowd", folder, str(readers)]
        done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    print(answer, file=sys.stderr)
    scale = readers / 1_000_000
    return [
        _row(
            f"outbox rows for {readers} readers, s (CPU {answer['cpu']:.1f})",
            answer["wall"],
            "goal",
            10 * scale,
            "<= 1",
        ),
        _row(f"memory for {readers} readers, MB", answer["memory"], "goal", 150.0, "<= 1"),
    ]


def slots(*, years: int) -> list[Result]:
    """Slots of every zone against a scan of every minute."""
    done = oracle.judge(years=years)
    print(done, file=sys.stderr)
    what = f"slots of {done.zones} zones x {done.lines} lines x {years} years ({done.slots}): missing or extra"
    return [_row(what, done.wrong, "APScheduler's from_crontab, of 1445", 358, "0")]


def _row(what: str, ours: float, peer: str, theirs: float, goal: str) -> Row:
    return Row(area=AREA, what=what, ours=ours, peer=peer, theirs=theirs, goal=goal)


if __name__ == "__main__":
    print(shown(rows(full="--full" in sys.argv)))
