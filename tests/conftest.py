"""What all tests share: the command line as users run it, the seeds, Hypothesis without a clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.environment import TOP, child_environment
from tests.waiting import GUARD

AT = "2026-11-20T07:00"

settings.register_profile("digest", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("digest"), derandomize=True)  # the same examples in every run
settings.load_profile("ci" if os.environ.get("CI") else "digest")

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def digest(tmp_path: Path) -> Run:
    """Run `digest ...` as a process of its own in an empty folder with an empty HOME."""

    def run(*arguments: str, stdin: str = "", cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        environment = child_environment(tmp_path, **env)
        return subprocess.run(
            [sys.executable, "-m", "digest", *arguments],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=cwd or tmp_path,
            env=environment,
            timeout=GUARD,
            check=False,
        )

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a newcomer has: config.yaml and the seeds."""
    folder = tmp_path / "project"
    (folder / "seeds").mkdir(parents=True)
    (folder / "config.yaml").write_bytes((TOP / "config.yaml").read_bytes())
    for seed in sorted((TOP / "seeds").glob("*.txt")):
        (folder / "seeds" / seed.name).write_bytes(seed.read_bytes())
    return folder
