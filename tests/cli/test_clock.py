"""`--at` is the command's moment everywhere: publishing, delivery, limits, staleness and the words on stderr."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.cli.options import Console
from digest.cli.run import log_to_stderr
from digest.clock import Clock
from tests.conftest import Run
from tests.mailserver import Rule, Server


def by_smtp(project: Path, server: Server, **more: str) -> None:
    """Let the demo's edition send to a server, with further lines in its schedule."""
    text = (project / "config.yaml").read_text("utf-8")
    channel = f"{{type: smtp, host: 127.0.0.1, port: {server.port}, tls: none}}"
    text = text.replace("{type: folder, path: outbox}", channel)
    for old, new in more.items():
        text = text.replace(f"{old}:", f"{new}, {old}:")
    (project / "config.yaml").write_text(text, "utf-8")


def copies(project: Path, digest: Run) -> list[dict]:
    states = [option for state in ("sent", "dead", "deferred", "pending") for option in ("--state", state)]
    return json.loads(digest("outbox", "list", *states, "--json", cwd=project).stdout)["copies"]


@pytest.mark.parametrize("at", ["2003-01-06T07:00", "2026-11-20T07:00", "2040-02-29T07:00"])
def test_an_issue_of_any_day_is_published_and_delivered_as_it_would_have_been_then(project: Path, digest: Run, at: str):
    with Server() as server:
        by_smtp(project, server)
        done = digest("send", "--at", at, cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "delivered: 1 sent"
    assert len(server.accepted) == 1


def test_a_deferred_copy_is_tried_again_at_its_time_by_the_same_clock(project: Path, digest: Run):
    with Server(rules=[Rule(at="rcpt", reply="450 later", times=1)]) as server:
        by_smtp(project, server)
        first = digest("send", "--at", "2026-11-20T07:00", cwd=project)
        soon = digest("send", "--at", "2026-11-20T07:01", cwd=project)
        later = digest("send", "--at", "2026-11-20T07:06", cwd=project)
    assert "next attempt: 2026-11-20 06:0" in first.stderr
    assert soon.stderr.splitlines()[-1] == "delivered: 1 waiting"
    assert later.stderr.splitlines()[-1] == "delivered: 1 sent"


def test_a_copy_that_waited_too_long_is_dead_with_its_reason_in_the_last_line(project: Path, digest: Run):
    with Server(rules=[Rule(at="rcpt", reply="450 later")]) as server:
        by_smtp(project, server)
        digest("send", "--at", "2026-11-20T07:00", cwd=project)
        done = digest("run", "--once", "--at", "2026-11-30T07:00", cwd=project)
    assert "1 dead; dead: given up: the issue is stale" in done.stderr.splitlines()[-1]
    assert "nato/2026-11-20: failed: reached nobody" in done.stderr
    assert done.returncode == 5


def test_the_stories_of_an_issue_that_reached_nobody_come_with_the_next(project: Path, digest: Run):
    with Server(rules=[Rule(at="rcpt", reply="450 later", times=1)]) as server:
        by_smtp(project, server)
        digest("send", "--at", "2026-11-20T07:00", cwd=project)
        digest("run", "--once", "--at", "2026-11-30T06:00", cwd=project)
        done = digest("send", "--at", "2026-11-30T07:00", cwd=project)
    assert done.returncode == 0, done.stderr
    assert len(server.accepted) == 1
    assert "nato/2026-11-30" in digest("issues", "list", cwd=project).stdout


def test_log_lines_carry_the_commands_time(capsys, monkeypatch):
    logger = logging.getLogger("digest")
    for name in ("handlers", "propagate", "level"):
        monkeypatch.setattr(logger, name, getattr(logger, name))
    moment = datetime(2003, 1, 6, 7, 30, tzinfo=UTC)
    log_to_stderr(Console(), Clock(moment, elapsed=lambda: 0.0))
    logger.warning("out of\x1b[31m reach")
    assert capsys.readouterr().err == f"{moment.astimezone():%Y-%m-%d %H:%M:%S} WARNING out of?[31m reach\n"


def test_an_editor_approves_as_of_a_moment(project: Path, digest: Run):
    text = (project / "config.yaml").read_text("utf-8")
    (project / "config.yaml").write_text(text.replace("catch_up: latest", "catch_up: latest, approve: manual"), "utf-8")
    digest("send", "--at", "2026-11-20T07:00", cwd=project)
    assert digest("issues", "approve", "nato/2026-11-20", "--at", "2026-11-26T07:00", cwd=project).returncode == 0
    done = digest("send", "--at", "2026-11-20T07:30", cwd=project)
    assert done.stderr.splitlines()[-1] == "delivered: 1 sent"
    (issue,) = json.loads(digest("issues", "list", "--json", cwd=project).stdout)["issues"]
    assert issue["state"] == "done"
