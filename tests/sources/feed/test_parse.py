from __future__ import annotations

import contextlib
import io
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import SourceError
from digest.sources.feed.fast import parse_clean_feed
from digest.sources.feed.parse import parse_feed
from digest.sources.feed.tolerant import parse_any_feed
from tests.sources.feed.feeds import item, rss

if TYPE_CHECKING:
    import random

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><title type="html">Ferry &amp;amp; bridge</title><id>tag:a.example,2026:1</id><link rel="self" href="https://a.example/self"/>
<link href="https://a.example/1"/><updated>2026-11-21T08:00:00+01:00</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It <b>sails</b>.</p></div></content></entry></feed>"""


def test_a_clean_rss_feed_is_read_quickly_and_wholly() -> None:
    feed = parse_clean_feed(rss(item(1, date="Sat, 21 Nov 2026 08:00:00 +0100", text="<p>It sails.</p>")).encode())
    assert feed is not None
    (entry,) = feed.entries
    assert (feed.format, feed.title) == ("rss20", "News")
    assert (entry.id, entry.title, entry.link) == ("id-1", "Story 1", "https://news.example/1")
    assert entry.published == datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert entry.content == "<p>It sails.</p>"


def test_a_clean_atom_feed_is_read_quickly_and_wholly() -> None:
    feed = parse_clean_feed(ATOM.encode())
    assert feed is not None
    (entry,) = feed.entries
    assert (feed.format, entry.id, entry.title, entry.link) == (
        "atom10",
        "tag:a.example,2026:1",
        "Ferry & bridge",
        "https://a.example/1",
    )
    assert entry.published == datetime(2026, 11, 21, 7, tzinfo=UTC)
    assert "<b>sails</b>" in entry.content


words = st.text(alphabet="ab é<>&;\"'/!-x1", max_size=12)
rss_title = st.one_of(
    st.builds("<title>{}</title>".format, words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))),
    st.just("<title><![CDATA[A <b>bold</b> &amp; plain one]]></title>"),
)
rss_part = st.one_of(
    rss_title,
    st.sampled_from(
        [
            "<link>https://a.example/1?x=1&amp;y=2</link>",
            "<link>/relative</link>",
            "<link/>",
            "<guid>https://a.example/guid</guid>",
            "<guid isPermaLink='false'>abc</guid>",
            "<guid isPermaLink='true'>https://a.example/guid2</guid>",
            "<pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate>",
            "<pubDate>21 Nov 26 08:00 EST</pubDate>",
            "<pubDate>Sat, 21 Nov 2026 08:00:00</pubDate>",
            "<pubDate>soon</pubDate>",
            "<dc:date>2026-11-20T08:00:00Z</dc:date>",
            "<dc:date>2026-11-20</dc:date>",
            "<dc:title>Other</dc:title>",
            "<media:title>Picture</media:title>",
            "<media:group><media:title>Deep</media:title></media:group>",
            "<atom:link href='https://a.example/atom'/>",
            "<atom:link rel='self' href='https://a.example/self'/>",
            "<atom:updated>2026-11-19T08:00:00Z</atom:updated>",
            "<dcterms:modified>2026-11-18T08:00:00Z</dcterms:modified>",
            "<itunes:title>Episode</itunes:title>",
            "<source url='https://b.example/'>B</source>",
            "<image><title>I</title><link>https://c.example/</link></image>",
            "<id>odd</id>",
            "<updated>2026-11-17T08:00:00Z</updated>",
            "<content:encoded>text</content:encoded>",
            "<description>text</description>",
            "<category>x</category>",
        ]
    ),
)
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "media": "http://search.yahoo.com/mrss/",
        "atom": "http://www.w3.org/2005/Atom",
        "dcterms": "http://purl.org/dc/terms/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "content": "http://purl.org/rss/1.0/modules/content/",
    }.items()
)
atom_part = st.sampled_from(
    [
        "<title>Plain</title>",
        "<title type='html'>A &lt;b&gt;bold&lt;/b&gt; one</title>",
        "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>X <i>y</i></div></title>",
        "<id>tag:a,1</id>",
        "<id>https://a.example/id</id>",
        "<link href='https://a.example/1'/>",
        "<link rel='alternate' type='text/html' href='https://a.example/2'/>",
        "<link rel='alternate' type='application/pdf' href='https://a.example/3'/>",
        "<link rel='enclosure' href='https://a.example/4'/>",
        "<link href='/relative'/>",
        "<published>2026-11-21T08:00:00Z</published>",
        "<updated>2026-11-21T09:30:00.123+05:30</updated>",
        "<updated>never</updated>",
        "<summary>short</summary>",
        "<content type='html'>&lt;p&gt;long&lt;/p&gt;</content>",
        "<source><title>S</title><id>s</id><updated>2020-01-01T00:00:00Z</updated></source>",
        "<author><name>N</name></author>",
    ]
)


def normal(title: str | None) -> str:
    """A title as `plain` leaves it."""
    from digest.sources.feed.sanitise import plain_text

    return plain_text(title) or ""


def agrees(data: bytes) -> None:
    """Where the quick reader answers at all, it answers as feedparser does."""
    import calendar

    quick = parse_clean_feed(data)
    if quick is None:
        return
    slow = feedparser.parse(io.BytesIO(data), sanitize_html=False)
    assert len(quick.entries) == len(slow.entries)
    for mine, theirs in zip(quick.entries, slow.entries, strict=True):
        assert (mine.id, mine.link) == (theirs.get("id") or None, theirs.get("link"))
        assert mine.title == normal(theirs.get("title"))
        parsed = theirs.get("published_parsed") or theirs.get("updated_parsed")
        moment = mine.published
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
        assert (moment and moment.timestamp()) == (parsed and calendar.timegm(parsed))


def shuffled(tag: str, parts: list[str], needed: tuple[str, ...], order: random.Random) -> str:
    """An entry of these parts with what a clean one must have, in any order."""
    parts = [part for part in parts if not part.startswith("<title")] + list(needed)
    order.shuffle(parts)
    return f"<{tag}>{''.join(parts)}</{tag}>"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(rss_part, max_size=4), min_size=1, max_size=2), rss_title, st.randoms())
def test_the_quick_reader_never_contradicts_feedparser_on_rss(
    items: list[list[str]], title: str, order: random.Random
) -> None:
    needed = (title, "<link>https://a.example/1?x=1&amp;y=2</link>")
    body = "".join(shuffled("item", parts, needed, order) for parts in items)
    agrees(f'<rss version="2.0" {NAMESPACES}><channel><title>N</title>{body}</channel></rss>'.encode())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(atom_part, max_size=4), min_size=1, max_size=2), st.randoms())
def test_the_quick_reader_never_contradicts_feedparser_on_atom(entries: list[list[str]], order: random.Random) -> None:
    needed = ("<title>T</title>", "<id>https://a.example/id</id>")
    body = "".join(shuffled("entry", parts, needed, order) for parts in entries)
    agrees(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title>{body}</feed>'.encode())


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(alphabet="<>/!?[]-rsitemcdan \"'&;", max_size=80).map(str.encode)))
def test_any_bytes_are_a_feed_or_a_source_error(data: bytes) -> None:
    for body in (data, b"<rss version='2.0'><channel><item>" + data, b"<feed>" + data, b"{" + data):
        with contextlib.suppress(SourceError):
            assert parse_feed(body) is not None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!doctype html><html><head><title>x</title></head><body>x</body></html>", "an HTML page"),
        (b"hello", "not a feed"),
        (b"%PDF-1.7", "not a feed"),
        (b"[" * 50, "not a feed"),
        (b'{"a":' * 100_000, "broken JSON"),
        (b'{"items": []}', "no JSON Feed"),
        (b"<rss>" + b" " * 10_000_001, "more than a feed may have"),
        (b"<rss><item " + b" ".join(b'a%d="x"' % number for number in range(600)) + b">", "hundreds of attributes"),
    ],
)
def test_what_is_no_feed_is_said_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        parse_feed(data)


def test_entities_of_its_own_are_neither_expanded_nor_fetched() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{bomb}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for head in (doctype, "<!-- <a> -->" + doctype, doctype.replace("<!DOCTYPE rss [", "<!DOCTYPE rss [<!-- <b> -->")):
        feed = parse_feed(
            rss(item(1, title="T")).replace("<title>T", "<title>&l9; &x; T").replace("?>", "?>" + head, 1).encode()
        )
        assert len(feed.entries) == 1
        assert "lollol" not in str(feed)
        assert "root:" not in str(feed)
        assert feed.problems


def test_a_broken_feed_is_read_as_far_as_it_goes() -> None:
    feed = parse_feed(rss(item(1), item(2)).encode()[:-60])
    assert [entry.title for entry in feed.entries] == ["Story 1", "Story 2"]
    assert feed.problems[0].startswith("not well-formed")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "java\tscript:x",
        " JaVaScRiPt:x",
        "data:text/html,x",
        "file:///x",
        "//evil.example",
        "blob:https://x/1",
        "http://",
    ],
)
def test_no_link_leads_elsewhere_than_the_web(link: str) -> None:
    (entry,) = parse_feed(rss(item(1, link=link)).encode()).entries
    assert entry.link is None


def test_relative_links_are_resolved_against_where_the_feed_came_from() -> None:
    (entry,) = parse_feed(rss(item(1, link="/story?a=1&b=2")).encode(), url="https://a.example/rss").entries
    assert entry.link == "https://a.example/story?a=1&b=2"


def test_titles_are_one_plain_line() -> None:
    titles = [
        "<img src=x onerror=alert(1)>Ferry",
        "a\x1b[31m\u202eb",
        "t &amp;amp; x",
        "<script>x</script>y",
        "w " * 9999,
        "MÃ¼ller",
    ]
    feed = parse_feed(rss(*(item(n, title=title) for n, title in enumerate(titles))).encode())
    assert [entry.title for entry in feed.entries][:4] == ["Ferry", "a [31m b", "t &amp; x", "y"]
    assert len(feed.entries[4].title or "") <= 300
    assert feed.entries[5].title == "Müller"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-32", "iso-8859-1", "windows-1252"])
def test_declared_charsets_are_followed(charset: str) -> None:
    text = rss(item(1, title="Café")).replace('encoding="utf-8"', f'encoding="{charset}"')
    assert parse_feed(text.encode(charset)).entries[0].title == "Café"
    assert (
        parse_feed(text.replace(f' encoding="{charset}"', "").encode(charset), charset=charset).entries[0].title
        == "Café"
    )


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "rot13", "x-nope"])
def test_dangerous_charsets_are_not(charset: str) -> None:
    text = rss(item(1, title="+ADw-b+AD4- \\u0041")).replace('encoding="utf-8"', f'encoding="{charset}"')
    for feed in (parse_feed(text.encode()), parse_feed(text.encode(), charset=charset)):
        assert feed.entries[0].title == "+ADw-b+AD4- \\u0041"


def test_a_json_feed_is_read() -> None:
    feed = parse_feed(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "News",
                "items": [
                    {
                        "id": 1,
                        "url": "/1",
                        "title": "One",
                        "content_html": "<p>x</p>",
                        "date_published": "2026-11-21T08:00:00Z",
                    },
                    {"id": "2", "external_url": "https://b.example/2", "content_text": "Two", "date_modified": "soon"},
                    "odd",
                ],
            }
        ).encode(),
        url="https://a.example/feed.json",
    )
    first, second = feed.entries
    assert (feed.format, first.id, first.link, first.html) == ("json11", "1", "https://a.example/1", True)
    assert (second.title, second.link, second.html, second.misdated) == (None, "https://b.example/2", False, True)
    assert feed.problems == ("1 items are no objects; left out",)


@pytest.mark.parametrize(
    "bad", [b"<!--", b"<a ", b"</a", b"&", b"<![CDATA[", b"<!DOCTYPE[", b"<?", b"<x>", b'a="', b"<item>"]
)
def test_time_grows_with_the_size_only(bad: bytes) -> None:
    import time

    def cost(times: int) -> float:
        begin = time.process_time()
        with contextlib.suppress(SourceError):
            parse_any_feed(b"<rss version='2.0'><channel><item><title>" + bad * times)
        return time.process_time() - begin

    cost(10)
    assert cost(8_000) < 40 * max(cost(1_000), 0.01)
