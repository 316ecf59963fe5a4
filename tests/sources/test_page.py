from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.context import FetchContext, InMemoryState
from digest.net.fetcher import Fetcher, FetchLimits
from digest.sources.page import PageSource
from digest.sources.sitemap import SitemapSource, parse_sitemap
from tests.webserver import Page, Web

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
DAY = timedelta(days=1)
HTML = {"Content-Type": "text/html; charset=utf-8"}
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def fetch(
    source: PageSource | SitemapSource, memory: InMemoryState, now: datetime = NOW, since: datetime | None = None
) -> list[Raw | Problem]:
    fetcher = Fetcher(FetchLimits(seconds=2, patience=1, tries=1))
    return list(source.fetch(FetchContext(now=now, since=since, state=memory, fetcher=fetcher)))


def keys(got: list[Raw | Problem]) -> list[str]:
    return [found.key.partition("/")[2].rpartition("/")[2] for found in got if isinstance(found, Raw)]


def test_a_page_is_a_document_whenever_it_changes(web: Web) -> None:
    web["/p"] = Page("<p>One</p>", headers=HTML)
    source, memory = PageSource(name="page", url=web.url("/p"), allow_private=True), InMemoryState()
    (raw,) = fetch(source, memory)
    assert isinstance(raw, Raw)
    assert (raw.key, raw.kind, raw.body, raw.charset) == (web.url("/p"), DocumentKind.HTML, b"<p>One</p>", "utf-8")
    assert fetch(source, memory, NOW + DAY, NOW) == []
    web["/p"] = Page("<p>Two</p>", headers=HTML)
    assert len(fetch(source, memory, NOW + 2 * DAY, NOW + DAY)) == 1


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (Page("x", 404, HTML), "HTTP 404: not found"),
        (Page(b"%PDF-1.7 \0", headers=HTML), "it is no HTML page"),
        (Page("x", headers={"Content-Type": "image/png"}), r"it is no HTML page \(image/png\)"),
    ],
)
def test_a_page_that_is_none_is_named(web: Web, page: Page, message: str) -> None:
    web["/p"] = page
    with pytest.raises(SourceError, match=f"^page: {message}"):
        fetch(PageSource(name="page", url=web.url("/p"), allow_private=True), InMemoryState())


def test_a_page_obeys_robots_txt(web: Web) -> None:
    web["/robots.txt"] = Page("User-agent: *\nDisallow: /p")
    with pytest.raises(SourceError, match=r"^page: robots\.txt"):
        fetch(PageSource(name="page", url=web.url("/p"), allow_private=True), InMemoryState())


def test_a_news_sitemap_gives_the_newest_pages(web: Web) -> None:
    urls = "".join(
        f"<url><loc>{web.url(path)}</loc><news:news><news:publication_date>2026-11-{day}T08:00:00Z</news:publication_date>"
        f"<news:title>Story {day}</news:title></news:news></url>"
        for path, day in (("/news/18", 18), ("/news/20", 20), ("/shop/21", 21), ("/news/19", 19))
    )
    web["/map"] = Page(f"<urlset {NAMESPACES}>{urls}</urlset>")
    for path in ("/news/18", "/news/19", "/news/20", "/shop/21"):
        web[path] = Page(f"<p>{path}</p>", headers=HTML)
    source = SitemapSource(name="site", url=web.url("/map"), match="/news/*", entries=2, allow_private=True)
    got = [found for found in fetch(source, InMemoryState()) if isinstance(found, Raw)]
    assert [(raw.title, raw.body) for raw in got] == [
        ("Story 20", b"<p>/news/20</p>"),
        ("Story 19", b"<p>/news/19</p>"),
    ]
    assert got[0].published == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_an_index_leads_to_its_maps_and_to_no_other_host(web: Web) -> None:
    index = "".join(
        f"<sitemap><loc>{url}</loc></sitemap>" for url in (web.url("/map"), f"http://127.0.0.2:{web.port}/map")
    )
    web["/index"] = Page(f"<sitemapindex {NAMESPACES}>{index}</sitemapindex>")
    web["/map"] = Page(f"<urlset {NAMESPACES}><url><loc>{web.url('/1')}</loc></url></urlset>")
    web["/1"] = Page("<p>1</p>", headers=HTML)
    memory, source = InMemoryState(), SitemapSource(name="site", url=web.url("/index"), allow_private=True)
    assert keys(fetch(source, memory)) == ["1"]
    assert fetch(source, memory, NOW + DAY, NOW) == []


@pytest.mark.parametrize("data", [b"", b"<html/>", b"hello", b"\x1f\x8bnot gzip"])
def test_what_is_no_sitemap_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="not a sitemap"):
        parse_sitemap(data)
