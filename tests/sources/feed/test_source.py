from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.context import FetchContext, InMemoryState
from digest.net.fetcher import Fetcher, FetchLimits
from digest.sources.feed import FeedSource
from tests.sources.feed.feeds import LONG, item, rss
from tests.webserver import Page, Web

DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
PAGE = f"<html><head><title>T</title></head><body><article><h1>T</h1>{LONG * 3}</article></body></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}


class Reader:
    """A feed and what its newsletter remembers, visited day after day."""

    def __init__(self, web: Web, path: str = "/rss", **options: object) -> None:
        self.source = FeedSource(name="wires", url=web.url(path), allow_private=True, **options)  # type: ignore[arg-type]
        self.memory = InMemoryState()

    def visit(self, now: datetime = MONDAY, since: datetime | None = None, **options: object) -> list[Raw | Problem]:
        fetcher = Fetcher(FetchLimits(seconds=2, patience=1, tries=1))
        visit = FetchContext(now=now, since=since, state=self.memory, fetcher=fetcher, **options)  # type: ignore[arg-type]
        return list(self.source.fetch(visit))


def raws(got: list[Raw | Problem]) -> list[Raw]:
    return [found for found in got if isinstance(found, Raw)]


def keys(got: list[Raw | Problem]) -> list[str]:
    return [raw.key for raw in raws(got)]


def messages(got: list[Raw | Problem]) -> list[str]:
    return [found.message for found in got if isinstance(found, Problem)]


def test_entries_become_documents(web: Web) -> None:
    web["/rss"] = Page(rss(item(1, date="Sun, 22 Nov 2026 08:00:00 +0100")))
    (raw,) = raws(Reader(web).visit())
    assert (raw.source, raw.key, raw.kind, raw.title, raw.url) == (
        "wires",
        "id-1",
        DocumentKind.HTML,
        "Story 1",
        "https://news.example/1",
    )
    assert raw.body.decode() == LONG
    assert isinstance(raw.published, datetime)
    assert raw.published.isoformat() == "2026-11-22T08:00:00+01:00"


def test_an_issue_takes_what_is_new_since_the_last_one(web: Web) -> None:
    reader = Reader(web)
    web["/rss"] = Page(rss(item(1)))
    assert keys(reader.visit()) == ["id-1"]
    web["/rss"] = Page(rss(item(2), item(1)))
    assert keys(reader.visit(MONDAY + DAY, MONDAY)) == ["id-2"]
    assert keys(reader.visit(MONDAY + 2 * DAY, MONDAY + DAY)) == []


def test_an_issue_that_failed_loses_nothing(web: Web) -> None:
    reader = Reader(web)
    web["/rss"] = Page(rss(item(1)), headers={"ETag": '"1"'})
    assert keys(reader.visit()) == keys(reader.visit()) == ["id-1"]
    web["/rss"] = Page(rss(item(2)), headers={"ETag": '"2"'})
    assert keys(reader.visit(MONDAY + DAY, MONDAY)) == ["id-2"]
    web["/rss"] = Page(status=304)
    assert keys(reader.visit(MONDAY + DAY, MONDAY)) == ["id-2"]


def test_polls_between_two_issues_keep_what_leaves_the_feed(web: Web) -> None:
    reader = Reader(web)
    web["/rss"] = Page(rss(item(1)))
    reader.visit()
    web["/rss"] = Page(rss(item(2)))
    reader.visit(MONDAY + DAY / 2, MONDAY)
    web["/rss"] = Page(rss(item(3)))
    assert keys(reader.visit(MONDAY + DAY, MONDAY)) == ["id-3", "id-2"]


def test_an_edited_entry_comes_again_under_its_key(web: Web) -> None:
    reader = Reader(web)
    web["/rss"] = Page(rss(item(1), item(2)))
    reader.visit()
    web["/rss"] = Page(
        rss(item(1, text=LONG + "<p>Corrected.</p>"), item(2, text=LONG.replace("<p>", "<p class='x'>")))
    )
    got = reader.visit(MONDAY + DAY, MONDAY)
    assert keys(got) == ["id-1"]
    assert b"Corrected" in raws(got)[0].body


def test_validators_are_sent_and_a_304_is_no_news(web: Web) -> None:
    web["/rss"] = lambda headers, _: (
        Page(status=304)
        if headers.get("if-none-match") == '"a"' and "if-modified-since" in headers
        else Page(rss(item(1)), headers={"ETag": '"a"', "Last-Modified": "Sat, 21 Nov 2026 08:00:00 GMT"})
    )
    reader = Reader(web)
    assert keys(reader.visit()) == ["id-1"]
    assert reader.visit(MONDAY + DAY, MONDAY) == []
    assert keys(reader.visit(MONDAY + DAY)) == ["id-1"]
    assert len(web.asked) == 3


def test_every_so_often_the_whole_feed_is_asked_for(web: Web) -> None:
    web["/rss"] = Page(rss(item(1)), headers={"ETag": '"stuck"'})
    reader = Reader(web)
    for hours in range(50):
        reader.visit(MONDAY + timedelta(hours=hours), MONDAY)
    assert sum("if-none-match" not in headers for _, headers in web.asked) == 3


def test_a_304_nobody_asked_for_is_an_error(web: Web) -> None:
    web["/rss"] = Page(status=304)
    with pytest.raises(SourceError, match="wires: says that nothing changed"):
        Reader(web).visit()


def test_a_fresh_answer_is_not_asked_for_again(web: Web) -> None:
    web["/rss"] = Page(rss(item(1)), headers={"Cache-Control": "public, max-age=3600"})
    reader = Reader(web)
    reader.visit()
    assert keys(reader.visit(MONDAY + timedelta(minutes=59))) == ["id-1"]
    assert len(web.asked) == 1
    reader.visit(MONDAY + timedelta(minutes=59), afresh=True)
    reader.visit(MONDAY + timedelta(hours=3))
    assert len(web.asked) == 3


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(web: Web) -> None:
    web["/rss"] = Page(status=301, headers={"Location": "/new"})
    web["/new"] = lambda headers, _: (
        Page(status=304) if "if-none-match" in headers else Page(rss(item(1)), headers={"ETag": '"a"'})
    )
    reader = Reader(web)
    reader.visit()
    assert keys(reader.visit(MONDAY + DAY)) == ["id-1"]
    assert web.paths() == ["/rss", "/new", "/new"]


def test_a_server_that_wants_peace_is_left_in_peace(web: Web) -> None:
    web["/rss"] = Page(status=429, headers={"Retry-After": "7200"})
    reader = Reader(web)
    for hours in (0, 1):
        with pytest.raises(SourceError, match="wires: HTTP 429: asked too often"):
            reader.visit(MONDAY + timedelta(hours=hours))
    assert len(web.asked) == 1
    web["/rss"] = Page(rss(item(1)))
    assert keys(reader.visit(MONDAY + timedelta(hours=3))) == ["id-1"]


def test_a_feed_that_is_gone_is_not_asked_for_ever(web: Web) -> None:
    web["/rss"] = Page(status=410)
    reader = Reader(web)
    for days in range(6):
        with pytest.raises(SourceError, match="wires: HTTP 410: gone for good"):
            reader.visit(MONDAY + days * DAY)
    assert len(web.asked) == 1


def test_what_was_saved_is_given_even_when_the_feed_is_down(web: Web) -> None:
    reader = Reader(web)
    web["/rss"] = Page(rss(item(1)))
    reader.visit()
    web["/rss"] = Page("x", 500)
    visit = FetchContext(now=MONDAY + DAY, since=MONDAY - DAY, state=reader.memory)
    saved = reader.source.fetch(visit)
    assert keys([next(saved)]) == ["id-1"]
    with pytest.raises(SourceError, match="wires: HTTP 500"):
        next(saved)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (Page("x", 404), "HTTP 404: not found; see whether its address changed"),
        (Page("<html><body>Hello</body></html>", headers=HTML), "an HTML page that names no feed"),
        (Page("%PDF-1.7 \0", headers=HTML), "not a feed"),
        (Page("x" * 10_000_001), "larger than allowed"),
        (Page('{"version": "https://jsonfeed.org/version/1"}'), "not a feed"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_remedy(web: Web, page: Page, message: str) -> None:
    web["/rss"] = page
    with pytest.raises(SourceError, match=f"^wires: {message}"):
        Reader(web).visit()


def test_a_feed_that_breaks_is_asked_for_until_it_is_mended(web: Web) -> None:
    reader = Reader(web)
    web["/rss"] = Page(rss(item(1)), headers={"ETag": '"1"'})
    reader.visit()
    web["/rss"] = Page("<html><body>Down</body></html>", headers=HTML | {"ETag": '"2"'})
    for hours in (1, 2):
        with pytest.raises(SourceError, match="names no feed"):
            reader.visit(MONDAY + timedelta(hours=hours), MONDAY)
    web["/rss"] = Page(rss(item(1), item(2)), headers={"ETag": '"1"'})
    assert keys(reader.visit(MONDAY + DAY, MONDAY)) == ["id-2"]


def test_a_page_leads_to_its_feed(web: Web) -> None:
    head = '<link rel="alternate" type="application/atom+xml" title="Comments" href="/comments"><link rel="alternate" type="application/rss+xml" href="/feed">'
    web["/rss"] = Page(f"<html><head>{head}</head><body>x</body></html>", headers=HTML)
    web["/feed"] = Page(rss(item(1)))
    reader = Reader(web)
    assert keys(reader.visit()) == ["id-1"]
    assert keys(reader.visit(MONDAY + DAY)) == ["id-1"]
    assert web.paths() == ["/rss", "/feed", "/feed"]


def test_a_feed_sent_as_a_page_is_still_a_feed(web: Web) -> None:
    web["/rss"] = Page(rss(item(1)), headers=HTML)
    assert keys(Reader(web).visit()) == ["id-1"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (rss(), "the feed is empty"),
        (rss(item(1, link=None, guid=None), item(2, link=None, guid=None)), "2 entries without id and link"),
        (rss(item(1, date="Sat, 21 Nov 2099 08:00:00 GMT")), "1 entries with impossible dates"),
        (rss(item(1, date="Fri, 21 Nov 99999 00:00:00 +9999")), "1 entries with impossible dates"),
        (rss(*(item(number) for number in range(6))), "6 entries, of which the first 5 were read"),
        (rss(item(1))[:-20], "not well-formed"),
    ],
)
def test_an_odd_feed_is_read_with_a_problem(web: Web, body: str, message: str) -> None:
    web["/rss"] = Page(body)
    got = Reader(web, entries=5).visit()
    assert [text for text in messages(got) if text.startswith(message)]
    assert all(raw.published is None for raw in raws(got))


def test_an_empty_answer_is_an_empty_feed(web: Web) -> None:
    web["/rss"] = Page(status=204)
    assert messages(Reader(web).visit()) == ["the feed is empty; see whether its address is still right"]


def test_ids_that_change_each_time_make_no_double(web: Web) -> None:
    reader = Reader(web)
    for times in range(3):
        web["/rss"] = Page(rss(*(item(number, guid=f"{number}-{times}") for number in range(3))))
        got = reader.visit(MONDAY + times * DAY, MONDAY + (times - 1) * DAY if times else None)
        assert keys(got) == (["0-0", "1-0", "2-0"] if times == 0 else [])
    assert messages(got) == ["its ids change from visit to visit; entries are told apart by their links"]


def test_the_same_id_on_different_entries_is_told_apart(web: Web) -> None:
    web["/rss"] = Page(rss(item(1, guid="same"), item(2, guid="same"), item(1, guid="same")))
    got = keys(Reader(web).visit())
    assert len(got) == len(set(got)) == 2


def test_a_teaser_is_completed_from_its_page(web: Web) -> None:
    web["/1"] = Page(PAGE, headers=HTML)
    web["/rss"] = Page(rss(item(1, text="Short.", link=web.url("/1")), item(2)))
    short, long = raws(Reader(web).visit())
    assert (short.body.decode(), short.title, short.charset) == (PAGE, "Story 1", "utf-8")
    assert long.body.decode() == LONG


def test_a_page_is_read_once(web: Web) -> None:
    web["/1"] = Page(PAGE, headers=HTML)
    web["/rss"] = Page(rss(item(1, text="Short.", link=web.url("/1"))))
    reader = Reader(web)
    assert reader.visit() == reader.visit()
    assert web.paths().count("/1") == 1


@pytest.mark.parametrize(("wish", "asked"), [("never", False), ("auto", False), ("always", True)])
def test_full_text_is_read_as_wished(web: Web, wish: str, asked: bool) -> None:
    web["/1"] = Page(PAGE, headers=HTML)
    web["/rss"] = Page(rss(item(1, link=web.url("/1"))))
    assert len(raws(Reader(web, full_text=wish).visit())) == 1
    assert ("/1" in web.paths()) is asked


def test_a_page_that_cannot_be_read_leaves_the_teaser(web: Web) -> None:
    web["/robots.txt"] = Page("User-agent: *\nDisallow: /")
    web["/rss"] = Page(rss(item(1, text="Short.", link=web.url("/1"))))
    got = Reader(web).visit()
    assert raws(got)[0].body == b"Short."
    assert "robots.txt of 127.0.0.1 does not allow /1" in messages(got)[0]


def test_pages_on_other_private_hosts_stay_closed(web: Web) -> None:
    web["/rss"] = Page(rss(item(1, text="Short.", link=f"http://127.0.0.2:{web.port}/1")))
    got = Reader(web).visit()
    assert raws(got)[0].body == b"Short."
    assert "not a public host" in messages(got)[0]


def test_an_entry_without_any_text_is_left_out(web: Web) -> None:
    web["/rss"] = Page(rss(item(1, text="", link=None)))
    got = Reader(web).visit()
    assert keys(got) == []
    assert messages(got) == ["'Story 1' has no text; left out"]


def test_a_feed_with_a_bad_address_is_named() -> None:
    source = FeedSource(name="wires", url="file:///etc/passwd", allow_private=True)
    assert source.host == ""
    with pytest.raises(SourceError, match=r"^wires: only http and https are read"):
        list(source.fetch(FetchContext(now=MONDAY)))
