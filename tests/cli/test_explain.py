"""`digest explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import AT, Run

ISSUE = f"nato/{AT[:10]}"


@pytest.fixture
def built(project: Path, digest: Run) -> Path:
    assert digest("build", "--at", AT, "-q", cwd=project).returncode == 0
    return project


def test_every_sentence_reason_copy_and_dropped_piece_is_named(built: Path, digest: Run) -> None:
    done = digest("explain", ISSUE, cwd=built)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{ISSUE}: 5 articles, 4 stories, 1 merged, 0 not printed\n")
    for wanted in ("because of:", "merged: ", "001_bdf9e39d7e2c2f08.txt", "paragraph 1, ", "left out, "):
        assert wanted in done.stdout


def test_one_article_as_it_came(built: Path, digest: Run) -> None:
    done = digest("explain", "--article", "004_36ea699a2b66025a.txt", cwd=built)
    assert "   -  [" in done.stdout
    assert "   1  »" in done.stdout


def test_the_evidence_as_data(built: Path, digest: Run) -> None:
    done = digest("explain", "--json", cwd=built)
    assert json.loads(done.stdout)["issue"] == ISSUE


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nato/2020-01-01",), f"it holds: {ISSUE}"),
        (("../../etc",), "holds no issue"),
        (("--article", "nothing.txt"), "has no article"),
        (("--issues", "none"), "`digest build` saves one"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(built: Path, digest: Run, options: tuple[str, ...], said: str) -> None:
    done = digest("explain", *options, cwd=built)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
