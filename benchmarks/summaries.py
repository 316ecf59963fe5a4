"""Summaries: ROUGE beside the lead and the best classic method, readability, time."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.table import DATA, DIGEST, Result, Row, Skipped, have, last_json, output

PROTOCOLS = (
    ("cnndm.dev.jsonl.gz", "--sentences", "3", ("lead", "sumy-lexrank")),
    ("cnndm.dev.jsonl.gz", "--words", "60", ("lead", "sumy-luhn")),
    ("multinews.dev.jsonl", "--words", "200", ("lead", "sumy-lexrank")),
)


def rows() -> list[Result]:
    """Every protocol beside every peer."""
    if not have("summaries/baselines.py"):
        return [Skipped(area="summaries", why="no data (benchmarks/README.md says where it comes from)")]
    found: list[Result] = []
    for name, option, length, peers in PROTOCOLS:
        found += protocol(DATA / "summaries" / name, option, length, peers)
    return [*found, *splitting(), *speed()]


def protocol(gold: Path, option: str, length: str, peers: tuple[str, ...]) -> list[Result]:
    """ROUGE-1 of one protocol, and the share of summaries that a reader would stumble over."""
    folder = DATA / "summaries"
    baselines = (sys.executable, folder / "baselines.py", gold)
    scorer = (sys.executable, folder / "score_summaries.py", gold)
    found: list[Result] = []
    with tempfile.TemporaryDirectory() as scratch:
        ours = Path(scratch) / "ours.jsonl"
        ours.write_bytes(output(*DIGEST, "stage", "summarise", option, length, given=output(*baselines, "input")))
        mine = last_json(*scorer, ours, option, length)
        for peer in peers:
            theirs = Path(scratch) / f"{peer}.jsonl"
            theirs.write_bytes(output(*baselines, peer, option, length))
            other = last_json(*scorer, theirs, option, length)
            label = f"{gold.name.partition('.')[0]} {length} {option.removeprefix('--')}"
            found.append(
                Row(area="summaries", what=f"{label}, ROUGE-1", ours=number(mine, "R1"), peer=peer,
                    theirs=number(other, "R1"), goal="> 1.0")
            )  # fmt: skip
    return found


def number(score: dict, key: str) -> float:
    """A figure of the scorer's answer."""
    return float(score[key])


def splitting() -> list[Result]:
    """Exactly split cases of the hard ones, beside a split after every full stop."""
    scorer = (sys.executable, DATA / "summaries" / "score_splits.py")
    ours = last_json(*scorer, "--function", "digest.text.sentences:split_sentences")
    theirs = last_json(*scorer, "--function", "benchmarks.summaries:naive")
    return [
        Row(area="summaries", what=f"hard sentence splits, of {ours['cases']}", ours=float(str(ours["exact"])),
            peer="split after [.!?]", theirs=float(str(theirs["exact"])), goal="all")
    ]  # fmt: skip


def naive(text: str) -> list[str]:
    """A sentence ends where a full stop stands."""
    import re

    return re.split(r"(?<=[.!?])\s+", text)


def speed() -> list[Result]:
    """CPU per article beside sumy's LexRank, start-up taken out."""
    folder = DATA / "summaries"
    command = " ".join((*DIGEST, "stage", "summarise", "--sentences", "3"))
    timed = last_json(
        sys.executable, folder / "time_summarisers.py", folder / "cnndm.dev.jsonl.gz", "--command", command
    )
    per_article = timed["ms_per_article"]
    return [
        Row(area="summaries", what="CPU of 3 sentences of an article", ours=per_article["command"], peer=peer,
            theirs=theirs, goal="<= 0.1", unit="ms")
        for peer, theirs in per_article.items()
        if peer != "command" and theirs
    ]  # fmt: skip
