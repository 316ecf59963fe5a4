"""The commands around the issue: init, config, schedule, stage, check, doctor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from digest.cli.options import common_clock
from digest.errors import UsageError
from tests.conftest import AT, Run

if TYPE_CHECKING:
    from digest.config import Config


def test_a_new_folder_builds_at_once(digest: Run, tmp_path: Path) -> None:
    assert digest("init", "letter").returncode == 0
    done = digest("build", "--at", AT, cwd=tmp_path / "letter")
    assert done.returncode == 0, done.stderr
    assert "The first article of your digest" in (tmp_path / "letter/issues/daily/2026-11-20/issue.txt").read_text(
        "utf-8"
    )


def test_init_overwrites_nothing(digest: Run, project: Path) -> None:
    before = (project / "config.yaml").read_bytes()
    done = digest("init", cwd=project)
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert (project / "config.yaml").read_bytes() == before


def test_config_check_show_and_schema(digest: Run, project: Path) -> None:
    assert json.loads(digest("config", "check", "--json", cwd=project).stdout)["ok"] is True
    assert "sentences: 3" in digest("config", "show", cwd=project).stdout
    assert json.loads(digest("config", "schema").stdout)["title"] == "digest config.yaml"


def test_the_next_slots(digest: Run) -> None:
    done = digest(
        "schedule", "next", "--cron", "30 2 * * *", "--tz", "America/New_York", "--from", "2026-03-08T00:00Z", "-n", "2", "--json"
    )  # fmt: skip
    assert json.loads(done.stdout)["slots"][0] == {
        "period": "2026-03-08", "utc": "2026-03-08T07:00Z", "local": "2026-03-08T03:00-04:00", "note": "gap"
    }  # fmt: skip


def test_check_passes_what_build_made_and_refuses_what_it_did_not(digest: Run, project: Path) -> None:
    digest("build", "--at", AT, cwd=project)
    assert digest("check", "issues", cwd=project).returncode == 0
    (project / "bad.html").write_text("<p onclick=x>Hi {{ name }}</p>")
    done = digest("check", "bad.html", "--json", cwd=project)
    assert done.returncode == 1
    assert all(set(finding) == {"file", "level", "code", "message"} for finding in json.loads(done.stdout))


def test_the_doctor_finds_what_is_wrong_and_says_the_remedy(digest: Run, project: Path) -> None:
    assert digest("doctor", cwd=project).returncode == 0
    for seed in (project / "seeds").iterdir():
        seed.unlink()
    done = digest("doctor", cwd=project)
    assert done.returncode == 1
    assert "✗ nato: sources" in done.stdout
    (project / "config.yaml").write_text("editions: [")
    assert digest("doctor", cwd=project).returncode == 3


def test_a_broken_line_is_answered_and_its_neighbours_too(digest: Run) -> None:
    good = json.dumps({"id": 1, "text": "A title\n\nA first sentence of some length stands here.", "mine": "kept"})
    done = digest("stage", "clean", stdin=f'{good}\n{{"id": \n[]\n{good}\n')
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == [1, None, None, 1]
    assert rows[0]["mine"] == "kept"
    assert "line 2" in rows[1]["error"]


@pytest.mark.parametrize("stage", ["clean", "dedupe", "group", "summarise"])
def test_a_stage_without_input_says_nothing(digest: Run, stage: str) -> None:
    done = digest("stage", stage)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_stages_follow_each_other(digest: Run, project: Path) -> None:
    rows = "\n".join(
        json.dumps({"id": seed.name, "text": seed.read_text("utf-8")}) for seed in sorted((project / "seeds").iterdir())
    )
    for stage in ("clean", "dedupe", "group", "summarise"):
        done = digest("stage", stage, stdin=rows)
        assert done.returncode == 0, done.stderr
        rows = done.stdout
    assert len(rows.splitlines()) == 5
    assert all(json.loads(row)["sentences"] for row in rows.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "build --at 9999-12-31T23:59:59Z",
        "build --at 0001-01-01",
        "run --once --at 0001-01-01",
        "schedule next --from 9999-12-31",
        "schedule next --from 0001-01-01",
    ],
)
def test_a_moment_out_of_range_is_one_line(digest: Run, project: Path, line: str) -> None:
    done = digest(*line.split(), cwd=project)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "is out of range (the years 1000 to 9000)" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
@pytest.mark.parametrize("line", ["--help", "build", "schedule next --json", "stage clean"])
def test_a_full_disk_is_one_line(project: Path, line: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "digest", *line.split()],
            stdout=full, stderr=subprocess.PIPE, input='{"id": 1, "text": "One."}', text=True, cwd=project, check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "digest: cannot write or read: No space left on device"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("zones", [("Europe/Brussels", "Europe/Brussels"), ("Europe/Brussels", "Asia/Tokyo")])
def test_a_moment_for_all_editions_is_read_in_their_common_zone(zones: tuple[str, str]) -> None:
    editions = {str(number): SimpleNamespace(timezone=zone) for number, zone in enumerate(zones)}
    config = cast("Config", SimpleNamespace(editions=editions))
    assert common_clock(config, "2026-11-23T07:00+09:00").start.hour == 22
    if len(set(zones)) == 1:
        assert common_clock(config, "2026-11-23T07:00").start.hour == 6
    else:
        with pytest.raises(UsageError, match="needs an offset"):
            common_clock(config, "2026-11-23T07:00")
