"""The first minute: init, doctor, completion."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.conftest import Run

OPML = """<opml version="2.0"><body><outline text="Wire: &quot;all&quot;" xmlUrl="https://example.org/rss"/>
<outline text="Wire: &quot;all&quot;" xmlUrl="https://example.org/atom"/><outline xmlUrl="javascript:alert(1)"/></body></opml>"""


def test_the_feeds_of_a_list_become_sources(tmp_path: Path, digest: Run) -> None:
    (tmp_path / "feeds.opml").write_text(OPML, "utf-8")
    assert digest("init", "mine", "--opml", "feeds.opml").returncode == 0
    shown = json.loads(digest("config", "show", "--json", cwd=tmp_path / "mine").stdout)
    sources = shown["editions"]["daily"]["sources"]
    assert [source["url"] for source in sources] == ["https://example.org/rss", "https://example.org/atom"]
    assert [source["name"] for source in sources] == ['Wire: "all"', 'Wire: "all" 2']


def test_a_long_list_stays_a_list(tmp_path: Path, digest: Run) -> None:
    outlines = "".join(f'<outline xmlUrl="https://example.org/{number}"/>' for number in range(40))
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{outlines}</body></opml>", "utf-8")
    digest("init", "mine", "--opml", "feeds.opml")
    assert "type: opml" in (tmp_path / "mine" / "config.yaml").read_text("utf-8")
    assert digest("config", "check", cwd=tmp_path / "mine").returncode == 0


@pytest.mark.parametrize("text", ["", "<opml><body/></opml>", "<html></html>"])
def test_a_list_without_feeds_is_refused_in_a_line(tmp_path: Path, digest: Run, text: str) -> None:
    (tmp_path / "feeds.opml").write_text(text, "utf-8")
    done = digest("init", "mine", "--opml", "feeds.opml")
    assert done.returncode in {2, 5}
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "mine").exists()


def test_the_demo_builds_an_issue(tmp_path: Path, digest: Run) -> None:
    assert digest("init", "mine", "--demo").returncode == 0
    done = digest("build", cwd=tmp_path / "mine")
    assert done.returncode == 0
    assert "from 5 articles" in done.stderr


def test_nothing_is_overwritten(tmp_path: Path, digest: Run) -> None:
    (tmp_path / "config.yaml").write_text("mine", "utf-8")
    assert digest("init").returncode == 2
    assert (tmp_path / "config.yaml").read_text("utf-8") == "mine"


def test_doctor_looks_at_everything_and_names_a_remedy(project: Path, digest: Run) -> None:
    found = {row["subject"]: row for row in json.loads(digest("doctor", "--json", cwd=project).stdout)}
    assert {
        "program",
        "clock",
        "nato: template",
        "nato: sources",
        "nato: schedule",
        "nato/folder",
        "store",
        "disk",
    } <= set(found)
    assert all(row["remedy"] for row in found.values() if row["state"] == "failed")
    assert not (project / "digest.db").exists()


def test_doctor_calls_the_mail_server_and_says_what_is_wrong(project: Path, digest: Run) -> None:
    config = project / "config.yaml"
    smtp = "{type: smtp, host: localhost, port: 9, tls: starttls}"
    config.write_text(config.read_text("utf-8").replace("{type: folder, path: outbox}", smtp), "utf-8")
    done = digest("doctor", cwd=project)
    assert done.returncode == 1
    assert re.search(r"✗ nato/smtp: .*connect: localhost:9", done.stdout)
    assert "is the server running" in done.stdout


def test_doctor_sees_a_clock_that_is_behind(project: Path, digest: Run) -> None:
    os.utime(project / "config.yaml", (4_000_000_000, 4_000_000_000))
    assert "✗ clock" in digest("doctor", cwd=project).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_be_taught(digest: Run, shell: str) -> None:
    assert "_DIGEST_COMPLETE" in digest("completion", shell).stdout


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("digest pre", "preview"), ("digest build --edition n", "nato"), ("digest explain na", "nato/2026-11-20")],
)
def test_commands_editions_and_issues_are_completed(project: Path, digest: Run, words: str, wanted: str) -> None:
    folder = project / "issues" / "nato" / "2026-11-20"
    folder.mkdir(parents=True)
    (folder / "issue.json").write_text("{}", "utf-8")
    asked = {"_DIGEST_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    assert f"plain,{wanted}" in digest(cwd=project, **asked).stdout
