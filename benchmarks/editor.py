"""A week of an edition, lived through day by day, beside what people write in an afternoon; and what the memory costs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.table import DATA, DIGEST, ENVIRONMENT, TOP, Result, Row, Skipped, have

FIGURES = (  # key of the scorer, what it is, goal
    ("same_event", "cards of an event that another card tells", "<= .04"),
    ("repeated_unmarked", "cards of an event told before and not marked", "<= .03"),
    ("copies_again", "copies of what readers had, printed again, of 14", "0"),
    ("updates_right", "updates with their news, marked, of 6", "6"),
    ("sentences_twice", "sentences printed twice in a week", "0"),
    ("mixed", "cards that merge different events", "<= .01"),
    ("big_told", "events of three outlets or more that have a card", ">= .97"),
    ("top_big", "lines at the top among the day's most told", ">= .97"),
    ("accounted", "articles told, named, merged or left out with a reason", "1"),
    ("rubbish", "galleries and briefings told as stories", "0"),
    ("minutes_read", "minutes that seven issues of six take to read", "<= 42"),
)
PEERS = {"lead-3 of everything": "lead", "clusters of titles": "titles"}
STORIES, GOLD, SINGLES = "themes/giveme5w.dev.jsonl", "themes/giveme5w.dev.gold.jsonl", "themes/bbc.dev.jsonl.gz"
SEED = 7


def rows() -> list[Result]:
    """Every figure: ours beside each peer of the same run."""
    needed = ("week/make_week.py", "week/score_week.py", STORIES, GOLD, SINGLES)
    if not all(have(name) for name in needed):
        return [Skipped(area="editor", why="no data (benchmarks/README.md says where it comes from)")]
    with tempfile.TemporaryDirectory() as place:
        week = Path(place) / "week"
        inputs = ("--stories", DATA / STORIES, "--gold", DATA / GOLD, "--singles", DATA / SINGLES)
        make = [sys.executable, DATA / "week" / "make_week.py", *inputs, "--out", week, "--seed", str(SEED)]
        subprocess.run([str(part) for part in make], check=True, capture_output=True)
        ours = score_week(week, " ".join(DIGEST))
        peers = {
            name: score_week(week, f"{sys.executable} {TOP / 'benchmarks' / 'plain_digest.py'} {method}")
            for name, method in PEERS.items()
        }
    return [
        Row(area="editor", what=what, ours=ours[key], peer=name, theirs=theirs[key], goal=goal)
        for key, what, goal in FIGURES
        for name, theirs in peers.items()
    ]


def score_week(week: Path, command: str) -> dict[str, Any]:
    """What the scorer counts after a week of issues of six minutes."""
    score = [sys.executable, str(DATA / "week" / "score_week.py"), str(week), "--digest", command]
    done = subprocess.run(
        [*score, "--option", "length: {minutes: 6}"], check=True, capture_output=True, text=True, env=ENVIRONMENT
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
