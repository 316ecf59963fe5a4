"""An address alone tells what kind of source stands there."""

from __future__ import annotations

import json

import pytest

from digest.errors import SourceError
from digest.sources.opml import Subscription, write_opml
from digest.sources.recognise import recognise_source
from tests.sources.feed.feeds import item, rss
from tests.webserver import Page, Web

HTML = {"Content-Type": "text/html; charset=utf-8"}
LINK = '<link rel="alternate" type="application/rss+xml" href="/feed">'
JSON_FEED = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": []})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rss(item(1)), "feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title></feed>', "feed"),
        (JSON_FEED, "feed"),
        (write_opml("Mine", [Subscription(url="https://a.example/rss")]), "opml"),
        ("<urlset><url><loc>https://a.example/1</loc></url></urlset>", "sitemap"),
        ("<sitemapindex><sitemap><loc>https://a.example/1</loc></sitemap></sitemapindex>", "sitemap"),
        ("<html><head><title>x</title></head><body>One</body></html>", "page"),
        ("<!DOCTYPE html><p>One", "page"),
    ],
)
def test_what_stands_at_an_address_is_known_by_its_content(web: Web, body: bytes | str, kind: str) -> None:
    web["/x"] = Page(body, headers={"Content-Type": "text/plain"})
    assert recognise_source(web.url("/x"), allow_private=True) == (kind, web.url("/x"))


def test_a_page_that_names_a_feed_is_that_feed(web: Web) -> None:
    web["/x"] = Page(f"<html><head>{LINK}</head><body>One</body></html>", headers=HTML)
    assert recognise_source(web.url("/x"), allow_private=True) == ("feed", web.url("/feed"))


def test_a_feed_that_a_moved_page_names_is_where_the_page_now_is(web: Web) -> None:
    web["/x"] = Page(status=302, headers={"Location": "/new/"})
    web["/new/"] = Page(f"<html><head>{LINK.replace('/feed', 'feed')}</head></html>", headers=HTML)
    assert recognise_source(web.url("/x"), allow_private=True) == ("feed", web.url("/new/feed"))


@pytest.mark.parametrize(("status", "used"), [(301, "/new"), (308, "/new"), (302, "/x"), (307, "/x")])
def test_only_what_moved_for_good_is_used_at_its_new_address(web: Web, status: int, used: str) -> None:
    web["/x"] = Page(status=status, headers={"Location": "/new"})
    web["/new"] = Page(rss(item(1)))
    assert recognise_source(web.url("/x"), allow_private=True) == ("feed", web.url(used))


@pytest.mark.parametrize("body", ["", "hello", "%PDF-1.7", '{"a": 1}', "<data/>"])
def test_what_is_of_no_use_is_named_without_its_query(web: Web, body: str) -> None:
    web["/x?token=secret"] = Page(body)
    with pytest.raises(SourceError, match="neither a feed, a list of feeds, a sitemap nor a page") as caught:
        recognise_source(web.url("/x?token=secret"), allow_private=True)
    assert web.url("/x") in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_private_host_is_asked_only_when_that_is_allowed(web: Web) -> None:
    web["/x"] = Page(rss(item(1)))
    with pytest.raises(SourceError, match="not a public host"):
        recognise_source(web.url("/x"), allow_private=False)
    assert web.asked == []


def test_an_address_that_does_not_answer_well_is_told(web: Web) -> None:
    with pytest.raises(SourceError, match="HTTP 404: not found"):
        recognise_source(web.url("/gone"), allow_private=True)
