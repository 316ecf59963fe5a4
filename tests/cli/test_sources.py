"""`digest sources` and `digest fetch`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.sources.feed.feeds import item, rss
from tests.webserver import Page, Web, web

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

__all__ = ["web"]


def listed(digest: Run, project: Path) -> dict[str, dict[str, str]]:
    rows = json.loads(digest("sources", "list", "--json", cwd=project).stdout)["sources"]
    return {row["name"]: row for row in rows}


def test_a_feed_is_added_fetched_listed_and_removed(digest: Run, project: Path, web: Web) -> None:
    before = (project / "config.yaml").read_text()
    web["/rss"] = Page(rss(item(1), item(2)))
    assert digest("sources", "add", web.url("/rss"), "--name", "wires", "--allow-private", cwd=project).returncode == 0
    done = digest("fetch", cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "nato/seeds: 5 new\nnato/wires: 2 new\n"
    wires = listed(digest, project)["wires"]
    assert (wires["type"], wires["where"], wires["failure"]) == ("feed", web.url("/rss"), None)
    assert wires["last_success"]
    assert digest("sources", "remove", "wires", cwd=project).returncode == 0
    assert (project / "config.yaml").read_text() == before


def test_a_source_that_fails_is_shown_with_its_last_success(digest: Run, project: Path, web: Web) -> None:
    web["/rss"] = Page(rss(item(1)))
    digest("sources", "add", web.url("/rss"), "--name", "wires", "--allow-private", cwd=project)
    digest("fetch", "--at", "2026-11-20T07:00", cwd=project)
    web["/rss"] = Page("x", 404)
    done = digest("fetch", "--json", "--at", "2026-11-21T07:00", cwd=project)
    assert done.returncode == 5
    assert "wires: HTTP 404: not found" in done.stderr
    assert "last success: 2026-11-20 06:00 UTC" in done.stderr
    assert listed(digest, project)["wires"]["failure"].startswith("HTTP 404")
    assert "wires  feed" in digest("sources", "list", cwd=project).stdout


def test_an_issue_is_built_from_the_rest(digest: Run, project: Path, web: Web) -> None:
    web["/rss"] = Page(rss(item(1)))
    digest("sources", "add", web.url("/rss"), "--name", "wires", "--allow-private", cwd=project)
    web["/rss"] = Page("x", 500)
    done = digest("build", "--json", cwd=project)
    assert done.returncode == 5, done.stderr
    issue = json.loads(done.stdout)
    assert [problem["subject"] for problem in issue["problems"]] == ["wires"]
    assert issue["counts"]["stories"] == 4


def test_a_page_is_added_as_the_feed_that_it_names(digest: Run, project: Path, web: Web) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    web["/"] = Page(f"<html><head>{head}</head><body>x</body></html>", headers={"Content-Type": "text/html"})
    assert digest("sources", "add", web.url("/"), "--allow-private", cwd=project).returncode == 0
    (added,) = [row for name, row in listed(digest, project).items() if name != "seeds"]
    assert (added["type"], added["where"]) == ("feed", web.url("/feed"))


def test_what_cannot_be_read_is_not_added(digest: Run, project: Path, web: Web) -> None:
    before = (project / "config.yaml").read_bytes()
    done = digest("sources", "add", web.url("/none"), "--allow-private", cwd=project)
    assert (done.returncode, done.stderr.count("\n")) == (5, 1)
    assert digest("sources", "add", "file:///etc/passwd", cwd=project).returncode == 5
    assert digest("sources", "add", "https://a.example/", "--name", "seeds", "--no-check", cwd=project).returncode == 2
    assert (project / "config.yaml").read_bytes() == before


def test_sources_are_tested_without_being_remembered(digest: Run, project: Path) -> None:
    done = digest("sources", "test", cwd=project)
    assert done.returncode == 0
    assert done.stdout.startswith("seeds: 5 new\n")
    assert not (project / "digest.db").exists()
    assert digest("sources", "test", "nobody", cwd=project).returncode == 2


def test_lists_are_imported_and_exported(digest: Run, project: Path) -> None:
    (project / "in.opml").write_text(
        '<opml version="2.0"><body><outline text="Wires &amp; more" xmlUrl="https://a.example/rss"/>'
        '<outline text="x" xmlUrl="file:///etc/passwd"/><outline text="again" xmlUrl="https://a.example/rss"/></body></opml>'
    )
    done = digest("sources", "import", "in.opml", cwd=project)
    assert "added 1 of 1 feeds to nato" in done.stderr
    assert "file:///etc/passwd left out" in done.stderr
    assert "added 0 of 1" in digest("sources", "import", "in.opml", cwd=project).stderr
    out = digest("sources", "export", cwd=project).stdout
    assert 'xmlUrl="https://a.example/rss"' in out
    assert 'title="wires-more"' in out


@pytest.mark.parametrize("content", ["", "<rss/>"])
def test_what_is_no_list_is_one_line(digest: Run, project: Path, content: str) -> None:
    (project / "in.opml").write_text(content)
    done = digest("sources", "import", "in.opml", cwd=project)
    assert (done.returncode, done.stderr) == (5, "digest: in.opml: not a list of feeds (OPML)\n")
