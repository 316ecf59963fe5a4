"""A week out of the dailies: what was told comes once, whole, and no sentence of a reader's letter is lost on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.test_days import HERRING, MONDAY, NEWS, TUESDAY, WALL, put, told

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

CONFIG = """
editions:
  tarn:
    title: The Tarn Letter
    sources: [{name: desk, type: files, path: in}]
    from: "Tarn <desk@example.org>"
    subscribers: [reader@example.org]
    deliver: [{type: folder, path: outbox}]
  week:
    title: The Tarn Week
    sources: [{name: dailies, type: issues, edition: tarn}]
    from: "Tarn <desk@example.org>"
    subscribers: [reader@example.org]
    deliver: [{type: folder, path: outbox}]
"""
FRIDAY, NEXT_FRIDAY = "2026-11-27T17:00", "2026-12-04T17:00"


def test_the_week_holds_what_the_dailies_told_once(tmp_path: Path, digest: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    put(tmp_path, wall=WALL)
    digest("send", "--edition", "tarn", "--at", MONDAY, cwd=tmp_path)
    put(tmp_path, wall=f"{WALL}{NEWS}\n", herring=HERRING)
    digest("send", "--edition", "tarn", "--at", TUESDAY, cwd=tmp_path)
    done = digest("send", "--edition", "week", "--at", FRIDAY, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert told(tmp_path, "week") == {"wall.txt", "herring.txt"}
    (saved,) = tmp_path.glob("issues/week/*/issue.json")
    data = json.loads(saved.read_text("utf-8"))
    stories = {story["id"]: story for section in data["sections"] for story in section["stories"]}
    assert stories["wall.txt"]["title"] == "Council of Tarn votes for a second lighthouse"
    for story in stories.values():
        for sentence in story["sentences"]:
            assert sentence["text"] in WALL + NEWS + HERRING
    (evidence,) = tmp_path.glob("issues/week/*/explain.json")
    whole = {one["key"]: one for one in json.loads(evidence.read_text("utf-8"))["documents"]}
    assert [NEWS in piece["text"] for piece in whole["wall.txt"]["pieces"]].count(True) == 1
    again = digest("send", "--edition", "week", "--at", NEXT_FRIDAY, cwd=tmp_path)
    assert "nothing new to print" in again.stderr


def test_an_issue_that_cannot_be_read_is_told_and_the_rest_comes(tmp_path: Path, digest: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    put(tmp_path, wall=WALL)
    digest("send", "--edition", "tarn", "--at", MONDAY, cwd=tmp_path)
    broken = tmp_path / "issues" / "tarn" / "2026-11-24"
    broken.mkdir()
    (broken / "issue.json").write_text("{", encoding="utf-8")
    (tmp_path / "issues" / "tarn" / "notes").mkdir()
    done = digest("send", "--edition", "week", "--at", FRIDAY, cwd=tmp_path)
    assert done.returncode == 5
    assert "dailies: 2026-11-24: cannot be read" in done.stderr
    assert told(tmp_path, "week") == {"wall.txt"}


def test_an_edition_without_a_saved_issue_is_told_with_the_remedy(tmp_path: Path, digest: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    done = digest("build", "--edition", "week", "--at", FRIDAY, cwd=tmp_path)
    assert done.returncode == 1
    assert "holds no saved issue; see its path: and edition:" in done.stderr
