"""Cleaning: how much of the article is kept and how much of the rest is left."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.table import DATA, DIGEST, Result, Row, Skipped, have, last_json, output

SETS = ("injected.dev", "flat_text.dev", "html.dev", "metadata.dev")


def rows() -> list[Result]:
    """Body F1 per set beside the best simple or library method of the same run."""
    folder = DATA / "clean"
    if not have("clean/score_clean.py"):
        return [Skipped(area="clean", why="no data (benchmarks/README.md says where it comes from)")]
    found: list[Result] = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in SETS:
            packed = ".gz" if (folder / f"{name}.jsonl.gz").exists() else ""
            given, gold = folder / f"{name}.jsonl{packed}", folder / f"{name}.gold.jsonl{packed}"
            data = output("gzip", "-dc", given) if packed else given.read_bytes()
            ours = Path(scratch) / f"{name}.ours.jsonl"
            ours.write_bytes(output(*DIGEST, "stage", "clean", given=data))
            theirs = Path(scratch) / f"{name}.peer.jsonl"
            theirs.write_bytes(output(sys.executable, "-m", "benchmarks.peers", peer(name), given=data))
            scorer = (sys.executable, folder / "score_clean.py", gold)
            found += compared(name, last_json(*scorer, ours), last_json(*scorer, theirs))
    if have("eml/score_eml.py"):
        found += newsletters()
    return found


def peer(name: str) -> str:
    """Who is measured beside us."""
    return "trafilatura" if name.startswith(("html", "metadata")) else "long-lines"


def compared(name: str, ours: dict, theirs: dict) -> list[Result]:
    """Rows of one set."""
    found: list[Result] = []
    for group, score in sorted(ours["body"].items()):
        found.append(
            Row(area="clean", what=f"{name.partition('.')[0]} {group} body F1", ours=score["f1"], peer=peer(name),
                theirs=theirs["body"][group]["f1"], goal="> 1.0")
        )  # fmt: skip
    if "segments" in ours:
        found.append(
            Row(area="clean", what="metadata pages, segments F1", ours=ours["segments"]["f1"], peer=peer(name),
                theirs=theirs["segments"]["f1"], goal="> 1.0")
        )  # fmt: skip
    if "ALL" in ours["junk"]:
        found.append(
            Row(area="clean", what="injected junk left (share)", ours=ours["junk"]["ALL"]["share"], peer=peer(name),
                theirs=theirs["junk"]["ALL"]["share"], goal="<= 0.01")
        )  # fmt: skip
    return found


def newsletters() -> list[Result]:
    """Newsletters: headlines that became an item's title, and junk that stayed."""
    scorer = (sys.executable, DATA / "eml" / "score_eml.py", DATA / "eml")
    ours = last_json(*scorer, "--command", " ".join((*DIGEST, "stage", "clean")))
    theirs = last_json(*scorer, "--baseline", "trafilatura")
    return [
        Row(area="clean", what=f"newsletters, {key.removesuffix('_share')} (share)", ours=ours[key], peer="trafilatura",
            theirs=theirs[key], goal="0" if "junk" in key else "1.0")
        for key in ours
        if key.endswith("_share") and key in theirs
    ]  # fmt: skip
