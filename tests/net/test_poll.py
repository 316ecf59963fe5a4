"""A document is asked for when it may have changed, and a server that wants peace has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.net.context import FetchContext, InMemoryState
from digest.net.fetcher import Fetcher, FetchError, FetchLimits, Response
from digest.net.poll import forget_validators, poll_document
from tests.webserver import Page, Web

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND


class Poller:
    """One document, asked for again and again by one source."""

    def __init__(self, web: Web, path: str = "/x") -> None:
        self.web, self.url, self.memory = web, web.url(path), InMemoryState()

    def visit(self, now: datetime, *, afresh: bool = False) -> FetchContext:
        fetcher = Fetcher(FetchLimits(seconds=2, patience=1, tries=1), sleep=lambda _seconds: None)
        return FetchContext(now=now, state=self.memory, fetcher=fetcher, afresh=afresh)

    def poll(self, now: datetime = NOW, *, known: bool = True, afresh: bool = False) -> Response | None:
        visit = self.visit(now, afresh=afresh)
        return poll_document(visit, "wires", self.url, allowed=self.web.place, known=known)


def asked_headers(web: Web, name: str) -> list[str | None]:
    return [headers.get(name) for _, headers in web.asked]


def test_the_same_bytes_are_no_news_to_who_knows_them(web: Web) -> None:
    web["/x"] = Page("One")
    poller = Poller(web)
    first = poller.poll()
    assert first is not None
    assert first.body == b"One"
    assert poller.poll(NOW + HOUR) is None
    again = poller.poll(NOW + HOUR, known=False)
    assert again is not None
    assert again.body == b"One"
    web["/x"] = Page("Two")
    assert poller.poll(NOW + 2 * HOUR) is not None


def test_each_source_has_its_own_memory(web: Web) -> None:
    web["/x"] = Page("One")
    poller = Poller(web)
    poller.poll()
    assert poll_document(poller.visit(NOW), "other", poller.url, allowed=web.place, known=True) is not None


def test_validators_go_back_as_they_came_and_outlive_a_304_without_any(web: Web) -> None:
    date = "Sat, 21 Nov 2026 06:00:00 GMT"
    web["/x"] = lambda headers, _: (
        Page(status=304)
        if "if-none-match" in headers
        else Page("One", headers={"ETag": 'W/"a"', "Last-Modified": date})
    )
    poller = Poller(web)
    assert [poller.poll(NOW + hours * HOUR) is None for hours in range(3)] == [False, True, True]
    assert asked_headers(web, "if-none-match") == [None, 'W/"a"', 'W/"a"']
    assert asked_headers(web, "if-modified-since") == [None, date, date]


@pytest.mark.parametrize("headers", [{"Last-Modified": "yesterday"}, {}])
def test_validators_of_an_older_answer_are_dropped_with_it(web: Web, headers: dict[str, str]) -> None:
    web["/x"] = Page("One", headers={"ETag": '"1"'})
    poller = Poller(web)
    poller.poll()
    web["/x"] = Page("Two", headers=headers)
    poller.poll(NOW + HOUR)
    poller.poll(NOW + 2 * HOUR)
    assert asked_headers(web, "if-none-match") == [None, '"1"', None]
    assert asked_headers(web, "if-modified-since") == [None, None, headers.get("Last-Modified")]


@pytest.mark.parametrize("tag", ['"caf\u00e9"', '"' + "x" * 600 + '"', '"a\tb"'])
def test_a_validator_that_cannot_be_sent_back_is_not(web: Web, tag: str) -> None:
    web["/x"] = Page("One", headers={"ETag": tag})
    poller = Poller(web)
    poller.poll()
    assert poller.poll(NOW + HOUR) is None
    assert asked_headers(web, "if-none-match") == [None, None]


def test_forgotten_validators_are_not_sent_and_the_document_is_new(web: Web) -> None:
    web["/x"] = Page("One", headers={"ETag": '"1"', "Cache-Control": "max-age=3600"})
    poller = Poller(web)
    poller.poll()
    forget_validators(poller.visit(NOW), "wires", poller.url)
    assert poller.poll(NOW + SECOND) is not None
    assert asked_headers(web, "if-none-match") == [None, None]


@pytest.mark.parametrize(
    ("headers", "good_for"),
    [
        ({}, timedelta()),
        ({"Cache-Control": "max-age=600"}, 10 * MINUTE),
        ({"Cache-Control": 'public, Max-Age="600"'}, 10 * MINUTE),
        ({"Cache-Control": "max-age=600", "Age": "240"}, 6 * MINUTE),
        ({"Cache-Control": "max-age=600", "Age": "900"}, timedelta()),
        ({"Cache-Control": "max-age=600", "Age": "old"}, 10 * MINUTE),
        ({"Cache-Control": "max-age=600", "Age": "\u00b2"}, 10 * MINUTE),
        ({"Cache-Control": "max-age=600, no-cache"}, timedelta()),
        ({"Cache-Control": "no-store, max-age=600"}, timedelta()),
        ({"Cache-Control": "s-max-age=600"}, timedelta()),
        ({"Cache-Control": "max-age=soon"}, timedelta()),
        ({"Cache-Control": "max-age=999999999"}, 6 * HOUR),
    ],
)
def test_an_answer_is_good_for_as_long_as_it_says_within_reason(
    web: Web, headers: dict[str, str], good_for: timedelta
) -> None:
    web["/x"] = Page("One", headers=headers)
    poller = Poller(web)
    poller.poll()
    if good_for:
        assert poller.poll(NOW + good_for - SECOND) is None
        assert len(web.asked) == 1
    poller.poll(NOW + good_for)
    assert len(web.asked) == 2


def test_a_good_answer_is_asked_for_again_when_wished_or_when_the_clock_went_back(web: Web) -> None:
    web["/x"] = Page("One", headers={"Cache-Control": "max-age=3600"})
    poller = Poller(web)
    poller.poll()
    poller.poll(NOW + MINUTE, afresh=True)
    poller.poll(NOW - MINUTE)
    assert len(web.asked) == 3


@pytest.mark.parametrize(
    ("page", "pause"),
    [
        (Page(status=410), 7 * DAY),
        (Page(status=429), 15 * MINUTE),
        (Page(status=503), 15 * MINUTE),
        (Page(status=503, headers={"Retry-After": "3600"}), HOUR),
        (Page(status=429, headers={"Retry-After": "99999999"}), DAY),
        (Page(status=429, headers={"Retry-After": "\u00b2"}), 15 * MINUTE),
        (Page(status=404), timedelta()),
        (Page(status=500), timedelta()),
    ],
)
def test_a_refusal_is_believed_for_as_long_as_it_says(web: Web, page: Page, pause: timedelta) -> None:
    web["/x"] = page
    poller = Poller(web)
    with pytest.raises(FetchError, match=f"^HTTP {page.status}") as first:
        poller.poll()
    if pause:
        with pytest.raises(FetchError) as second:
            poller.poll(NOW + pause - SECOND)
        assert str(second.value) == f"{first.value} (not asked again before {NOW + pause:%Y-%m-%d %H:%M} UTC)"
        assert len(web.asked) == 1
    web["/x"] = Page("One")
    assert poller.poll(NOW + pause) is not None


def test_a_refusal_forgets_nothing_of_the_document(web: Web) -> None:
    web["/x"] = Page("One", headers={"ETag": '"1"'})
    poller = Poller(web)
    poller.poll()
    web["/x"] = Page(status=503)
    with pytest.raises(FetchError):
        poller.poll(NOW + HOUR)
    web["/x"] = Page(status=304)
    assert poller.poll(NOW + 2 * HOUR) is None
    assert asked_headers(web, "if-none-match") == [None, '"1"', '"1"']


def test_a_new_address_that_dies_is_given_up_for_the_configured_one(web: Web) -> None:
    web["/x"], web["/new"] = Page(status=301, headers={"Location": "/new"}), Page("One")
    poller = Poller(web)
    poller.poll()
    web["/x"], web["/new"] = Page("Two"), Page(status=404)
    with pytest.raises(FetchError, match="HTTP 404"):
        poller.poll(NOW + HOUR)
    found = poller.poll(NOW + 2 * HOUR)
    assert found is not None
    assert found.body == b"Two"
    assert web.paths() == ["/x", "/new", "/new", "/x"]


def test_robots_txt_is_asked_for_only_when_it_is_to_be_obeyed(web: Web) -> None:
    web["/robots.txt"], web["/x"] = Page("User-agent: *\nDisallow: /x"), Page("One")
    poller = Poller(web)
    assert poller.poll() is not None
    with pytest.raises(FetchError, match="does not allow /x"):
        poll_document(poller.visit(NOW), "wires", poller.url, allowed=web.place, known=False, robots=True)
    assert web.paths() == ["/x", "/robots.txt"]
