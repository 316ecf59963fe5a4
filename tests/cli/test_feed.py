"""`digest feed parse`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.sources.feed.feeds import item, rss

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


def test_a_feed_is_shown_without_a_configuration(digest: Run) -> None:
    done = digest("feed", "parse", "-", stdin=rss(item(1, date="Fri, 20 Nov 2020 08:00:00 GMT")))
    assert done.stdout == "News (rss20, 1 entries)\n2020-11-20  Story 1  https://news.example/1\n"


def test_a_feed_is_data_for_programs(digest: Run, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(rss(item(1, text="<script>x</script><p>It sails.</p>", link="/1"))[:-20])
    done = digest("feed", "parse", "feed.xml", "--json", "--url", "https://a.example/rss")
    data = json.loads(done.stdout)
    assert data["entries"] == [{"id": "id-1", "title": "Story 1", "link": "https://a.example/1", "published": None}]
    assert data["problems"][0].startswith("not well-formed")
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("content", "code", "message"), [("<html><body>x", 5, "not a feed: an HTML page"), (None, 2, "No such file")]
)
def test_what_is_no_feed_is_one_line(digest: Run, tmp_path: Path, content: str | None, code: int, message: str) -> None:
    if content:
        (tmp_path / "x").write_text(content)
    done = digest("feed", "parse", "x", "--json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
    assert message in done.stderr
