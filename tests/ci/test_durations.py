"""The budget of the tests is read from their own report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import TOP

REPORT = """<testsuites><testsuite time="{seconds}">
<testcase classname="a.b" name="slow" time="70.5"/>
<testcase classname="a.b" name="quick" time="0.1"/>
<testcase classname="a.c" name="missing" time="0.0">{skipped}</testcase>
</testsuite></testsuites>"""


@pytest.fixture
def read(tmp_path: Path):
    """The script with a report of so many seconds."""

    def run(*options: str, seconds: float = 90.0, skipped: str = "") -> subprocess.CompletedProcess[str]:
        path = tmp_path / "tests.xml"
        path.write_text(REPORT.format(seconds=seconds, skipped=skipped), "utf-8")
        command = [sys.executable, str(TOP / "ci" / "durations.py"), str(path), *options]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def test_the_slowest_tests_come_first(read):
    lines = read("--longest", "2").stdout.splitlines()
    assert lines[:2] == ["   70.5 s  a.b.slow", "    0.1 s  a.b.quick"]
    assert lines[-1] == "3 tests, 0 skipped, 1.5 minutes"


@pytest.mark.parametrize(("seconds", "code", "told"), [(60, 0, False), (700, 0, True), (1300, 1, True)])
def test_over_the_budget_is_told_and_far_beyond_it_fails(read, seconds: int, code: int, told: bool):
    done = read("--minutes", "10", "--at-most", "20", seconds=seconds)
    assert done.returncode == code
    assert ("their budget is 10" in done.stdout) is told


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--no-skips",), 1)])
def test_a_skipped_test_fails_where_none_may_be(read, options: tuple[str, ...], code: int):
    done = read(*options, skipped='<skipped message="no server"/>')
    assert done.returncode == code
    assert ("a.c.missing" in done.stderr) is bool(code)
