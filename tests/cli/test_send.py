"""`digest send` and `digest run`: once, whoever asks and however often."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from tests.conftest import AT, Run
from tests.environment import child_environment
from tests.waiting import GUARD

if TYPE_CHECKING:
    from pathlib import Path


def copies(project: Path) -> list[Path]:
    return sorted((project / "outbox").rglob("*.eml"))


def states(project: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(project / "digest.db")) as database:
        return sorted(database.execute("select period, state, coalesce(reason, '') from issue"))


def test_an_issue_is_published_once_however_often_it_is_sent(project: Path, digest: Run) -> None:
    assert [digest("send", "--at", AT, cwd=project).returncode for _ in range(3)] == [0, 4, 4]
    assert len(copies(project)) == 1
    assert states(project) == [("2026-11-20", "done", "")]


def test_a_copy_is_addressed_to_its_reader_and_names_only_that_one(project: Path, digest: Run) -> None:
    text = (
        (project / "config.yaml").read_text("utf-8").replace("[editor@example.org]", "[a@example.org, b@example.org]")
    )
    (project / "config.yaml").write_text(text, encoding="utf-8")
    digest("send", "--at", AT, cwd=project)
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in copies(project)]
    assert {mail["To"] for mail in mails} == {"a@example.org", "b@example.org"}
    assert len({mail["Message-ID"] for mail in mails}) == len({mail["List-Unsubscribe"] for mail in mails}) == 2


def test_what_was_printed_is_not_printed_again(project: Path, digest: Run) -> None:
    digest("send", "--at", AT, cwd=project)
    done = digest("send", "--at", "2026-11-23T07:00", cwd=project)
    assert done.returncode == 4
    assert "no issue: empty: nothing new to print" in done.stderr
    assert [row[0] for row in states(project)] == ["2026-11-20"]


def test_a_test_copy_is_remembered_nowhere(project: Path, digest: Run) -> None:
    done = digest("send", "--at", AT, "--to", "me@example.org", cwd=project)
    assert done.returncode == 0, done.stderr
    assert len(copies(project)) == 1
    assert not (project / "digest.db").exists()


def test_a_dry_run_says_what_would_be_sent(project: Path, digest: Run) -> None:
    done = digest("send", "--at", AT, "--dry-run", cwd=project)
    assert done.stderr == "nato/2026-11-20: would go to 1 reader(s) by nato/folder\n"
    assert not copies(project)


def test_run_once_makes_the_slot_that_is_due_and_no_second_one(project: Path, digest: Run) -> None:
    digest("run", "--once", "--at", "2026-11-19T08:00", cwd=project)
    for minute in ("07:01", "07:02", "09:00"):
        assert digest("run", "--once", "--at", f"2026-11-20T{minute}", cwd=project).returncode == 0
    assert [row[0] for row in states(project)] == ["2026-11-20"]
    assert len(copies(project)) == 1


def daemon(project: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "digest", "run"],
        cwd=project, stderr=subprocess.PIPE, text=True,
        env=child_environment(project),
    )  # fmt: skip


def test_sigterm_ends_the_daemon_cleanly_and_a_second_one_is_refused(project: Path, digest: Run) -> None:
    with daemon(project) as first:
        assert first.stderr is not None
        assert "running with config.yaml; next issue" in first.stderr.readline()
        second = digest("run", cwd=project)
        assert second.returncode == 7
        assert str(first.pid) in second.stderr
        first.send_signal(signal.SIGTERM)
        rest = first.stderr.read()
        assert first.wait(timeout=GUARD) == 143
        assert "Traceback" not in rest
        assert rest.endswith("ended\n")


def test_an_unusable_store_is_told_in_one_line(project: Path, digest: Run) -> None:
    (project / "digest.db").write_bytes(b"this is no database, and it is long enough to be read as one" * 100)
    done = digest("send", "--at", AT, cwd=project)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "digest.db" in done.stderr


def test_issues_are_numbered_in_their_series(project: Path, digest: Run) -> None:
    digest("send", "--at", AT, cwd=project)
    (project / "seeds" / "new.txt").write_text(
        "A new treaty\n\nA new treaty on training in Iraq was signed in Brussels on Monday by all the ministers.\n",
        "utf-8",
    )
    digest("send", "--at", "2026-11-23T07:00", cwd=project)
    first, second = (
        (project / "issues/nato" / day / "issue.txt").read_text("utf-8") for day in ("2026-11-20", "2026-11-23")
    )
    assert "Issue 1 ·" in first
    assert "Issue 2 ·" in second


def test_a_broken_template_is_told_before_the_daemon_starts(project: Path, digest: Run) -> None:
    (project / "mine" / "default").mkdir(parents=True)
    for folder in (project / "mine", project / "mine" / "default"):
        (folder / "story.html").write_text("<tr><td>{{ story.nothing</td></tr>")
    with (project / "config.yaml").open("r+", encoding="utf-8") as config:
        text = config.read().replace("    summary:", "    style: {templates: mine}\n    summary:")
        config.seek(0)
        config.write(text)
    done = digest("run", "--once", cwd=project)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "story.html" in done.stderr


ARTICLE = "A treaty on grain\n\nA treaty on grain was signed in Geneva on Monday by the ministers of nine countries.\n"


def test_nothing_new_before_the_hour_leaves_the_slot_open(project: Path, digest: Run) -> None:
    digest("run", "--once", "--at", "2026-11-20T08:00+01:00", cwd=project)
    digest("send", "--at", AT, cwd=project)
    assert digest("send", "--at", "2026-11-23T06:00", cwd=project).returncode == 4
    (project / "seeds" / "grain.txt").write_text(ARTICLE)
    digest("run", "--once", "--at", "2026-11-23T07:05+01:00", cwd=project)
    assert states(project)[1] == ("2026-11-23", "done", "")


def test_sources_that_cannot_be_read_are_no_quiet_day(project: Path, digest: Run) -> None:
    digest("run", "--once", "--at", "2026-11-19T08:00+01:00", cwd=project)
    (project / "seeds").rename(project / "away")
    failed = digest("run", "--once", "--at", "2026-11-20T07:05+01:00", cwd=project)
    assert failed.returncode == 5
    assert "seeds" in failed.stderr
    (project / "away").rename(project / "seeds")
    digest("run", "--once", "--at", "2026-11-20T07:15+01:00", cwd=project)
    assert states(project) == [("2026-11-20", "done", "")]


def test_an_issue_of_the_future_does_not_silence_the_schedule(project: Path, digest: Run) -> None:
    digest("run", "--once", "--at", "2026-11-19T08:00+01:00", cwd=project)
    assert digest("send", "--at", "2030-01-01T08:00", cwd=project).returncode == 0
    (project / "seeds" / "grain.txt").write_text(ARTICLE)
    digest("run", "--once", "--at", "2026-11-20T07:05+01:00", cwd=project)
    assert states(project)[0] == ("2026-11-20", "done", "")


def test_without_a_reader_nothing_is_published(project: Path, digest: Run) -> None:
    text = (project / "config.yaml").read_text("utf-8")
    (project / "config.yaml").write_text(text.replace("[editor@example.org]", "[]"), "utf-8")
    done = digest("send", "--at", AT, cwd=project)
    assert (done.returncode, "no reader" in done.stderr) == (4, True)
    (project / "config.yaml").write_text(text, "utf-8")
    assert digest("send", "--at", AT, cwd=project).returncode == 0
    assert len(copies(project)) == 1


def test_our_own_mistake_costs_no_reader_the_issue(project: Path, digest: Run) -> None:
    text = (
        (project / "config.yaml")
        .read_text("utf-8")
        .replace("    schedule: {", "    token_secret_env: LETTERS\n    schedule: {approve: manual, ")
    )
    (project / "config.yaml").write_text(text, "utf-8")
    digest("send", "--at", AT, cwd=project, LETTERS="a secret")
    assert digest("issues", "approve", "nato/2026-11-20", cwd=project).returncode == 0
    halted = digest("send", "--at", AT, cwd=project)
    assert halted.returncode == 5
    assert "$LETTERS is not set" in halted.stderr
    assert digest("send", "--at", AT, cwd=project, LETTERS="a secret").returncode == 0
    assert len(copies(project)) == 1


def test_a_failed_connection_is_named(project: Path, digest: Run) -> None:
    text = (project / "config.yaml").read_text("utf-8")
    smtp = "{type: smtp, host: 127.0.0.1, port: 9, tls: none}"
    (project / "config.yaml").write_text(text.replace("{type: folder, path: outbox}", smtp), "utf-8")
    done = digest("send", "--at", AT, cwd=project)
    assert done.returncode == 5
    assert "1 waiting" in done.stderr
    assert "Connection refused" in done.stderr
    assert "1970" not in done.stderr


def test_copies_of_a_renamed_edition_are_named(project: Path, digest: Run) -> None:
    text = (project / "config.yaml").read_text("utf-8").replace("    schedule: {", "    schedule: {approve: manual, ")
    (project / "config.yaml").write_text(text, "utf-8")
    digest("send", "--at", AT, cwd=project)
    (project / "config.yaml").write_text(text.replace("  nato:  ", "  otan:  "), "utf-8")
    done = digest("send", "--at", AT, cwd=project)
    assert "copies wait for nato/folder, which is not configured any more" in done.stderr


def test_a_template_that_breaks_while_running_is_told_and_the_last_good_one_stays(project: Path) -> None:
    (project / "mine").mkdir()
    text = (
        (project / "config.yaml")
        .read_text("utf-8")
        .replace("    summary:", "    style: {templates: mine}\n    summary:")
    )
    (project / "config.yaml").write_text(text, "utf-8")
    with daemon(project) as running:
        assert running.stderr is not None
        assert "running with" in running.stderr.readline()
        (project / "mine" / "story.html").write_text("<tr><td>{{ story.nothing</td></tr>")
        running.send_signal(signal.SIGHUP)
        line = running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        rest = running.stderr.read()
        assert running.wait(timeout=GUARD) == 143
    assert "the last good one stays" in line
    assert "story.html" in line
    assert "Traceback" not in rest
