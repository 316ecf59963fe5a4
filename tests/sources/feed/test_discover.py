"""A page's own links to feeds are found, and nothing else of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.feed.discover import MAX_FEEDS, discover_feeds

URL = "https://a.example/news/index.html"
RSS = "application/rss+xml"


def link(href: str, kind: str = RSS, rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'


def urls(*links: str, head: str = "") -> list[str]:
    page = f"<html><head>{head}{''.join(links)}</head><body>x</body></html>"
    return [feed.url for feed in discover_feeds(page.encode(), URL)]


@pytest.mark.parametrize(
    ("kind", "rel", "is_feed"),
    [
        ("application/rss+xml", "alternate", True),
        ("application/atom+xml", "alternate", True),
        ("application/feed+json", "alternate", True),
        ("application/rdf+xml", "alternate", True),
        ("Application/RSS+XML; charset=utf-8", "ALTERNATE", True),
        ("application/rss+xml", "home alternate", True),
        ("application/rss+xml", "stylesheet", False),
        ("application/rss+xml", "alternates", False),
        ("application/rss+xml", "", False),
        ("application/json", "alternate", False),
        ("text/html", "alternate", False),
        ("", "alternate", False),
    ],
)
def test_a_feed_is_an_alternate_of_a_feeds_type(kind: str, rel: str, is_feed: bool) -> None:
    assert urls(link("/feed", kind, rel)) == (["https://a.example/feed"] if is_feed else [])


@pytest.mark.parametrize(
    ("base", "href", "url"),
    [
        ("", "feed", "https://a.example/news/feed"),
        ("", "../feed", "https://a.example/feed"),
        ("", "//b.example/feed", "https://b.example/feed"),
        ("<base href='https://c.example/x/'>", "feed", "https://c.example/x/feed"),
        ("<base href='/x/'>", "feed", "https://a.example/x/feed"),
        ("<base href='javascript:x'>", "feed", "https://a.example/news/feed"),
        ("<base target=_top>", "feed", "https://a.example/news/feed"),
    ],
)
def test_a_feeds_address_is_resolved_as_a_browser_would(base: str, href: str, url: str) -> None:
    assert urls(link(href), head=base) == [url]


@pytest.mark.parametrize("href", ["", " ", "javascript:alert(1)", "file:///etc/passwd", "//[bad"])
def test_what_is_no_web_address_is_no_feed(href: str) -> None:
    assert urls(link(href), link("/feed")) == ["https://a.example/feed"]


def test_feeds_keep_their_order_once_each_and_comments_come_last() -> None:
    found = urls(link("/comments/feed"), link("/b"), link("/a", title="Comments on this"), link("/b"), link("/c"))
    assert [url.removeprefix("https://a.example/") for url in found] == ["b", "c", "comments/feed", "a"]


def test_a_page_has_a_greatest_number_of_feeds() -> None:
    found = urls(*(link(f"/{number}") for number in range(MAX_FEEDS + 5)))
    assert found == [f"https://a.example/{number}" for number in range(MAX_FEEDS)]


def test_titles_are_plain() -> None:
    (feed,) = discover_feeds(link("/feed", title="News &amp;amp; &lt;b&gt;more&lt;/b&gt;").encode(), URL)
    assert feed.title == "News & more"
    (feed,) = discover_feeds(link("/feed").encode(), URL)
    assert feed.title is None


@given(st.binary(max_size=200))
def test_no_bytes_break_the_search(data: bytes) -> None:
    for page in (data, b"<link rel=alternate type=application/rss+xml href='" + data):
        assert all(feed.url.lower().startswith(("http://", "https://")) for feed in discover_feeds(page, URL))


@pytest.mark.parametrize("page", [b"", b" ", b"\x00", b"<!-- -->"])
def test_a_page_of_nothing_names_nothing(page: bytes) -> None:
    assert discover_feeds(page, URL) == ()
