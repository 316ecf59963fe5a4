"""One clock for a command: it shows the machine's time, or begins elsewhere and runs on; nothing else asks for the time."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta, timezone
from itertools import chain
from pathlib import Path

import pytest

from digest.clock import Clock
from tests.conftest import TOP

START = datetime(2026, 11, 20, 7, 0, 0, 250_000, tzinfo=UTC)
PRESENT = {
    "time.time",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
}
PRESENT |= {"date.today", "time.time_ns", "formatdate", "localtime"}


def test_a_clock_that_begins_elsewhere_runs_on_from_there():
    seconds = iter([100.0, 100.0, 160.5])
    clock = Clock(START, elapsed=lambda: next(seconds))
    assert clock.now() == START
    assert clock.now() == START + timedelta(seconds=60.5)


def test_the_moment_of_a_command_is_where_its_clock_began_in_whole_seconds_and_utc():
    brussels = timezone(timedelta(hours=1))
    clock = Clock(START.astimezone(brussels))
    assert clock.start == START.replace(microsecond=0)
    assert clock.start.tzinfo is UTC


def test_the_two_forms_of_the_time_agree():
    clock = Clock(START, elapsed=lambda: 5.0)
    assert datetime.fromtimestamp(clock.seconds_since_epoch(), UTC) == clock.now()


def test_without_a_beginning_it_shows_the_time_of_the_machine():
    before = datetime.now(UTC)
    clock = Clock()
    assert before.replace(microsecond=0) <= clock.start
    assert before <= clock.now() <= datetime.now(UTC)
    assert before.timestamp() <= clock.seconds_since_epoch()


def calls(path: Path) -> list[str]:
    """The calls and mentions in a file that could read the time of day, as written."""
    tree = ast.parse(path.read_text("utf-8"))
    names = (ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name))
    return [name for name in names if name in PRESENT]


def test_no_other_module_reads_the_time_of_day():
    sources = sorted((TOP / "src").rglob("*.py"))
    readers = {path.name: calls(path) for path in sources if path.name != "clock.py" and calls(path)}
    assert readers == {}
    assert calls(TOP / "src" / "digest" / "clock.py") != []


@pytest.mark.parametrize("code", ["from datetime import datetime\ndatetime.now()", "import time\nf = time.time"])
def test_the_search_finds_what_it_looks_for(tmp_path, code):
    (tmp_path / "one.py").write_text(code)
    assert calls(tmp_path / "one.py")


def test_no_sql_asks_the_database_for_the_time():
    texts = chain.from_iterable(path.read_text("utf-8").lower().splitlines() for path in (TOP / "src").rglob("*.py"))
    assert not [line for line in texts if "current_timestamp" in line or "func.now" in line or 'now()"' in line]
