"""An entry is the same entry as long as its feed means the same, and another one when it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.feed.entry import Entry
from digest.sources.feed.identity import MAX_KEY_CHARACTERS, comparable_link, entry_fingerprint, key_of

LINK = "https://news.example/ferry?id=7"


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (Entry(id="tag:7", link=LINK, title="Ferry"), "tag:7"),
        (Entry(id=None, link=LINK, title="Ferry"), LINK),
        (Entry(id="", link=LINK), LINK),
        (Entry(id=" 7\u200b\x00 ", link=LINK), "7"),
        (Entry(id="a\r\nBcc: b"), "a Bcc: b"),
    ],
)
def test_the_key_is_the_id_else_the_link(entry: Entry, key: str) -> None:
    assert key_of(entry) == key


def test_without_id_and_link_title_and_day_are_the_key() -> None:
    ferry = Entry(title="Ferry", published=date(2026, 11, 20))
    assert key_of(ferry).startswith("text:")
    assert key_of(ferry) == key_of(Entry(title="Ferry", published=date(2026, 11, 20), content="Corrected."))
    assert key_of(ferry) != key_of(Entry(title="Ferry", published=date(2026, 11, 21)))
    assert key_of(ferry) != key_of(Entry(title="Bridge", published=date(2026, 11, 20)))


def test_without_a_title_the_text_is_the_key() -> None:
    assert key_of(Entry(content="<p>One.</p>")) == key_of(Entry(content="One."))
    assert key_of(Entry(content="One.")) != key_of(Entry(content="Two."))


def test_long_ids_are_cut_and_stay_different() -> None:
    whole = "x" * MAX_KEY_CHARACTERS
    assert key_of(Entry(id=whole)) == whole
    first, second = key_of(Entry(id=whole + "a")), key_of(Entry(id=whole + "b"))
    assert first != second
    assert len(first) <= MAX_KEY_CHARACTERS


@given(
    st.builds(
        Entry,
        id=st.none() | st.text(max_size=400),
        link=st.none() | st.text(max_size=400),
        title=st.none() | st.text(max_size=20),
        content=st.text(max_size=20),
        published=st.none() | st.datetimes(timezones=st.just(UTC)),
    )
)
def test_every_entry_has_a_key_of_bounded_length(entry: Entry) -> None:
    key = key_of(entry)
    assert 0 < len(key) <= MAX_KEY_CHARACTERS
    assert not set(key) & {"\n", "\r", "\x00", "\x1b", "\u202e"}
    assert len(entry_fingerprint(entry)) == 16


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/ferry?id=7",
        "https://www.news.example/ferry?id=7",
        "https://News.Example/ferry?id=7",
        "https://news.example/ferry/?id=7",
        "https://news.example/ferry?id=7#comments",
        "https://news.example/ferry?utm_source=rss&id=7&utm_medium=x",
        "https://news.example/ferry?id=7&fbclid=abc&ref=home",
        "https://news.example/ferry?id=7&UTM_Campaign=x&at_medium=y",
        "https://news.example/ferry?id=%37",
    ],
)
def test_links_that_show_the_same_page_are_equal(other: str) -> None:
    assert comparable_link(other) == comparable_link(LINK)


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/ferry?id=8",
        "https://news.example/ferry",
        "https://news.example/Ferry?id=7",
        "https://m.news.example/ferry?id=7",
        "https://news.example:8443/ferry?id=7",
        "https://news.example/ferry?id=7&page=2",
        "https://news.example/ferry?id=7&reference=x",  # begins like a tracker
        "https://[bad/ferry?id=7",
        "",
    ],
)
def test_links_that_show_another_page_are_not(other: str) -> None:
    assert comparable_link(other) != comparable_link(LINK)


def test_no_link_is_equal_to_no_link_only() -> None:
    assert comparable_link(None) == comparable_link("") == ""
    assert comparable_link("https://[bad") != comparable_link("https://[worse")


@pytest.mark.parametrize(
    ("content", "same"),
    [
        ("<p>The  ferry\n sails.</p>", True),
        ("<div class='x'><p>The ferry sails.</p></div>", True),
        ("The ferry sails.", True),
        ("<p>The ferry sails!</p>", False),
        ("<p>The ferry sails.</p><p>Corrected.</p>", False),
        ("", False),
    ],
)
def test_an_entry_has_changed_when_its_words_have(content: str, same: bool) -> None:
    before = Entry(id="1", title="Ferry", content="<p>The ferry sails.</p>")
    assert (entry_fingerprint(before) == entry_fingerprint(Entry(id="1", title="Ferry", content=content))) is same


def test_a_new_title_is_a_change_and_a_new_date_is_none() -> None:
    entry = Entry(id="1", title="Ferry", content="It sails.")
    dated = Entry(id="1", title="Ferry", content="It sails.", published=datetime(2026, 11, 20, tzinfo=UTC))
    assert entry_fingerprint(entry) == entry_fingerprint(dated)
    assert entry_fingerprint(entry) != entry_fingerprint(Entry(id="1", title="Ferries", content="It sails."))
