from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SourceError
from digest.model import Problem, Raw
from digest.net.context import FetchContext
from digest.net.fetcher import Fetcher, FetchLimits
from digest.sources.opml import OpmlSource, Subscription, parse_opml, write_opml
from tests.sources.feed.feeds import item, rss
from tests.webserver import Page, Web

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)


def fetch(**options: object) -> list[Raw | Problem]:
    source = OpmlSource(name="lists", **options)  # type: ignore[arg-type]
    return list(source.fetch(FetchContext(now=NOW, fetcher=Fetcher(FetchLimits(seconds=2, tries=1)))))


def test_every_feed_of_a_list_is_read_in_its_order(web: Web, tmp_path: Path) -> None:
    web["/a"], web["/b"] = Page(rss(item(1))), Page(rss(item(2)))
    feeds = [Subscription(url=web.url(path), title=path) for path in ("/b", "/gone", "/a")]
    (tmp_path / "list.opml").write_bytes(write_opml("Mine", feeds))
    got = fetch(path=tmp_path / "list.opml", allow_private=True)
    assert [(found.source, found.key) for found in got if isinstance(found, Raw)] == [
        ("lists", "id-2"),
        ("lists", "id-1"),
    ]
    assert [found.message for found in got if isinstance(found, Problem)] == [
        "/gone: HTTP 404: not found; see whether its address changed"
    ]


def test_a_list_at_an_address_opens_no_private_host_but_its_own(web: Web) -> None:
    web["/a"] = Page(rss(item(1)))
    feeds = [Subscription(url=web.url("/a")), Subscription(url=f"http://127.0.0.2:{web.port}/a")]
    web["/list"] = Page(write_opml("Mine", feeds))
    got = fetch(url=web.url("/list"), allow_private=True)
    assert [found.key for found in got if isinstance(found, Raw)] == ["id-1"]
    assert "127.0.0.2 is not a public host" in next(found.message for found in got if isinstance(found, Problem))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "neither path: nor url:"),
        ({"url": "ftp://x.example/"}, "only http and https"),
        ({"url": "http://127.0.0.1/"}, "not a public host"),
    ],
)
def test_a_list_that_cannot_be_read_is_named(options: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError, match=f"^lists: .*{message}"):
        fetch(**options)


def test_a_missing_file_and_a_wrong_one_are_named(tmp_path: Path) -> None:
    (tmp_path / "x.opml").write_text("<rss/>")
    for name, message in (("none.opml", "No such file"), ("x.opml", "not a list of feeds")):
        with pytest.raises(SourceError, match=f"^lists: .*{message}"):
            fetch(path=tmp_path / name)


def test_folders_are_walked_doubles_dropped_and_titles_made_plain() -> None:
    listed = parse_opml(
        b'<opml version="2.0"><body><outline text="News"><outline text="A &lt;b&gt;one&lt;/b&gt;" xmlUrl="https://a.example/rss"/>'
        b'<outline text="x"><outline title="B" xmlUrl="https://b.example/rss"/></outline></outline>'
        b'<outline text="again" xmlUrl="https://a.example/rss"/></body></opml>'
    )
    assert [(feed.url, feed.title) for feed in listed.feeds] == [
        ("https://a.example/rss", "A one"),
        ("https://b.example/rss", "B"),
    ]
    assert listed.skipped == ()


def test_other_schemes_are_named_as_skipped() -> None:
    urls = ["file:///etc/passwd", "javascript:alert(1)", "gopher://x/", "//evil.example/x", "https://ok.example/"]
    outlines = "".join(f"<outline xmlUrl='{url}'/>" for url in urls)
    listed = parse_opml(f"<opml><body>{outlines}</body></opml>".encode())
    assert [feed.url for feed in listed.feeds] == ["https://ok.example/"]
    assert len(listed.skipped) == 4
    assert listed.skipped[0] == "file:///etc/passwd left out: only http and https are read"


def test_entities_are_not_read_and_deep_nesting_is_borne() -> None:
    xxe = b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.example/&x;"/></body></opml>'
    assert "root:" not in str(parse_opml(xxe))
    deep = b"<opml><body>" + b'<outline text="x">' * 20_000
    assert parse_opml(deep).skipped == ("broken in places; read as far as it goes",)


@pytest.mark.parametrize("data", [b"", b"hello", b"<html/>", b'{"a": 1}'])
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="not a list of feeds"):
        parse_opml(data)


@given(
    st.lists(
        st.builds(
            Subscription,
            url=st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9/?&=.-]{0,20}", fullmatch=True),
            title=st.one_of(st.none(), st.from_regex(r"[A-Za-z<>&'é]{1,5}[A-Za-z0-9 é]{0,9}[a-z]", fullmatch=True)),
        ),
        max_size=5,
        unique_by=lambda feed: feed.url,
    )
)
def test_a_written_list_is_read_back(feeds: list[Subscription]) -> None:
    read = parse_opml(write_opml("A & <b>", feeds))
    assert [feed.url for feed in read.feeds] == [feed.url for feed in feeds]
