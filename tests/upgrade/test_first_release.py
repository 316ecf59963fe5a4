"""What the first release wrote goes on working: its configuration, its store, its saved issues.

`first_release.tar.gz` holds a folder as that release left it on 2026-11-20: an issue that was delivered into a folder, one whose
only copy waits for a mail server that was down, an address on the suppression list.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from digest.archive.read import read_issue_preview, saved_slots
from tests.conftest import TOP, Run
from tests.mailserver import Server

ARCHIVE = Path(__file__).with_name("first_release.tar.gz")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a user of the first release, on the day of the upgrade."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(tmp_path, filter="data")
    shutil.copytree(TOP / "seeds", tmp_path / "seeds")
    return tmp_path


def use_mail_server(folder: Path, server: Server) -> None:
    text = (folder / "config.yaml").read_text("utf-8")
    (folder / "config.yaml").write_text(text.replace("port: 1,", f"port: {server.port},"), "utf-8")


def test_the_configuration_is_right(folder: Path, digest: Run):
    done = digest("config", "check", cwd=folder)
    assert done.returncode == 0, done.stderr


def test_the_copy_that_waited_goes_out_under_its_id(folder: Path, digest: Run):
    rows = json.loads(digest("outbox", "list", "--state", "pending", "--json", cwd=folder).stdout)["copies"]
    with Server() as server:
        use_mail_server(folder, server)
        done = digest("send", "--edition", "waiting", "--at", "2026-11-20T10:00", cwd=folder)
        assert done.returncode == 0, done.stderr
        assert server.ids() == [row["message_id"] for row in rows]


def test_what_readers_had_is_not_printed_again(folder: Path, digest: Run):
    done = digest("send", "--edition", "nato", "--at", "2026-11-21T07:00", cwd=folder)
    assert "nato/2026-11-21: no issue: empty: nothing new to print" in done.stderr
    assert not (folder / "issues/nato/2026-11-21").exists()


def test_a_new_article_is_the_second_issue(folder: Path, digest: Run):
    text = "A new treaty\n\nA new treaty on training in Iraq was signed in Brussels on Friday by all the ministers.\n"
    (folder / "seeds" / "new.txt").write_text(text, "utf-8")
    done = digest("send", "--edition", "nato", "--at", "2026-11-21T07:00", cwd=folder)
    assert "1 sent" in done.stderr
    assert "Issue 2 ·" in (folder / "issues/nato/2026-11-21/issue.txt").read_text("utf-8")


def test_states_and_lists_are_shown_as_before(folder: Path, digest: Run):
    issues = json.loads(digest("issues", "list", "--json", cwd=folder).stdout)["issues"]
    assert {(issue["issue"], issue["state"], issue["slot"]) for issue in issues} == {
        ("nato/2026-11-20", "done", "2026-11-20"),
        ("waiting/2026-11-20", "sending", "2026-11-20"),
    }
    listed = json.loads(digest("outbox", "suppressed", "--json", cwd=folder).stdout)["suppressed"]
    assert [row["address"] for row in listed] == ["gone@example.org"]


def test_saved_issues_are_read_and_explained(folder: Path, digest: Run):
    assert saved_slots(folder / "issues", "nato") == ("2026-11-20",)
    preview = read_issue_preview(folder / "issues/nato/2026-11-20", edition="nato", label="2026-11-20", title="NATO")
    assert "NATO" in preview.html
    assert [remark for remark in preview.remarks if remark.level == "error"] == []
    done = digest("explain", "nato/2026-11-20", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "5 articles, 4 stories, 1 merged" in done.stdout
