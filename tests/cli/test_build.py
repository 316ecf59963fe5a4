"""`digest build` and what careless users do to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import AT, Run


def test_paths_on_stdout_and_a_summary_on_stderr(project: Path, digest: Run) -> None:
    done = digest("build", "--at", AT, cwd=project)
    assert done.returncode == 0
    assert [Path(line).suffix for line in done.stdout.splitlines()] == [".html", ".txt", ".eml", ".json"]
    assert done.stderr.startswith("nato/2026-11-20: 4 stories from 5 articles in 3 themes")


def test_json_is_the_issue_as_data_and_dry_run_saves_nothing(project: Path, digest: Run) -> None:
    done = digest("build", "--at", AT, "--json", "--dry-run", cwd=project)
    assert json.loads(done.stdout)["id"] == "nato/2026-11-20"
    assert not (project / "issues").exists()


def test_quiet_says_nothing(project: Path, digest: Run) -> None:
    assert digest("build", "--at", AT, "--quiet", cwd=project).stderr == ""


def test_unusable_files_are_problems_and_the_issue_goes_on(project: Path, digest: Run) -> None:
    (project / "seeds" / "empty.txt").write_bytes(b"")
    (project / "seeds" / "binary.txt").write_bytes(bytes(range(256)) * 40)
    done = digest("build", "--at", AT, "--json", cwd=project)
    assert done.returncode == 5
    assert {Path(problem["subject"]).name for problem in json.loads(done.stdout)["problems"]} >= {
        "seeds: binary.txt", "seeds: empty.txt"
    }  # fmt: skip
    assert done.stderr.count("\n") == 3
    assert len([s for section in json.loads(done.stdout)["sections"] for s in section["stories"]]) == 4


def test_latin_1_is_read(project: Path, digest: Run) -> None:
    for seed in (project / "seeds").iterdir():
        seed.unlink()
    text = "Le café de la gare rouvre\n\nLe café de la gare a rouvert lundi après des années de travaux, a annoncé la mairie.\n"
    (project / "seeds" / "cafe.txt").write_bytes((text * 1).encode("latin-1"))
    done = digest("build", "--at", AT, "--json", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "café" in done.stdout


def test_missing_seeds_are_told_and_nothing_is_built(project: Path, digest: Run) -> None:
    for seed in (project / "seeds").iterdir():
        seed.unlink()
    done = digest("build", "--at", AT, cwd=project)
    assert done.returncode == 1
    assert "seeds" in done.stderr
    assert "there is no story to print" in done.stderr


def test_a_file_where_the_folder_should_be_is_told(project: Path, digest: Run) -> None:
    (project / "issues").mkdir()
    (project / "issues" / "nato").write_text("in the way")
    done = digest("build", "--at", AT, cwd=project)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("at", ["yesterday", "2026-13-45", "99999-01-01", "0001-01-01T00:00+23:59"])
def test_a_moment_that_is_none_is_told(project: Path, digest: Run, at: str) -> None:
    done = digest("build", "--at", at, cwd=project)
    assert done.returncode == 2
    assert "--at" in done.stderr or "is out of range" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_edition_that_is_none_is_told(project: Path, digest: Run) -> None:
    done = digest("build", "--edition", "sports", cwd=project)
    assert (done.returncode, done.stderr) == (2, "digest: no edition is called 'sports' (known: nato)\n")
