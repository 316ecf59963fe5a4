"""What a stranger's feed says becomes plain lines and web addresses, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.feed.sanitise import (
    MAX_ADDRESS_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    plain_text,
    repair_mojibake,
    web_address,
)

BASE = "https://a.example/feeds/rss.xml"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Ferry &amp; bridge", "Ferry & bridge"),
        ("Ferry &amp;lt; bridge", "Ferry &lt; bridge"),  # resolved once
        ("<b>Ferry</b> line", "Ferry line"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),  # no markup
        ("a <3 b", "a <3 b"),
        ("Ferry<script>alert('x')</script> line", "Ferry line"),
        ("Ferry<STYLE type=x>p {}</Style> line", "Ferry line"),
        ("Ferry<script>never closed", "Ferry"),
        ("Ferry<!-- note --> line", "Ferry line"),
        ("  Ferry\r\n\tline  ", "Ferry line"),
        ("Ferry\u202eline", "Ferry line"),
        ("Ferry\x00\x1b[31mline", "Ferry [31mline"),
        ("Ferry\u2028line", "Ferry line"),
        ("Caf\u00c3\u00a9", "Café"),
        ("It\u0092s", "It’s"),
        ("Fährverkehr", "Fährverkehr"),
        ("<p></p>", None),
        ("&nbsp;", None),
        ("\u200b", None),
        ("", None),
        (None, None),
    ],
)
def test_a_title_is_what_a_reader_would_see(written: str | None, plain: str | None) -> None:
    assert plain_text(written) == plain


@given(st.text(max_size=400), st.integers(2, 60))
def test_a_plain_text_is_one_printable_line_within_its_limit(text: str, limit: int) -> None:
    plain = plain_text(text, limit)
    if plain is not None:
        assert 0 < len(plain) <= limit
        assert plain == " ".join(plain.split())
        assert not set(plain) & {"\x00", "\x1b", "\n", "\u202e", "\u2066", "\ufeff"}


def test_a_title_is_cut_only_when_it_is_too_long() -> None:
    assert plain_text("a" * MAX_TITLE_CHARACTERS) == "a" * MAX_TITLE_CHARACTERS
    assert plain_text("a" * (MAX_TITLE_CHARACTERS + 1)) == "a" * (MAX_TITLE_CHARACTERS - 1) + "…"
    assert plain_text("one two three", 9) == "one two…"


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_ascii_needs_no_repair(text: str) -> None:
    assert repair_mojibake(text) == text


@given(st.text(alphabet="äöüßéèçñøåÄÖ", min_size=1, max_size=20))
def test_text_that_was_read_in_the_wrong_charset_is_put_right(text: str) -> None:
    assert repair_mojibake(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("  https://a.example/1\n", "https://a.example/1"),
        ("HTTP://A.example/1", "HTTP://A.example/1"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.exam\u200bple/1", "https://a.example/1"),
        ("/1", "https://a.example/1"),
        ("1", "https://a.example/feeds/1"),
        ("../1?x=2#y", "https://a.example/1?x=2#y"),
        ("//b.example/1", "https://b.example/1"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("mailto:a@a.example", None),
        ("file:///etc/passwd", None),
        ("https:///x", None),
        ("https://@a.example", None),
        ("https:\\\\a.example", None),
        ("//[bad/1", None),
        ("\u200b", None),
        (" \n", None),  # not the feed's own address
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links(written: str | None, address: str | None) -> None:
    assert web_address(written, BASE) == address


def test_without_a_base_a_path_stays_a_path_and_a_host_without_scheme_is_none() -> None:
    assert web_address("/1") == "/1"
    assert web_address("//b.example/1") is None


@pytest.mark.parametrize("start", ["https://a.example/", "/"])
def test_an_address_has_a_greatest_length(start: str) -> None:
    whole = start + "x" * (MAX_ADDRESS_CHARACTERS - len(start))
    assert web_address(whole) == whole
    assert web_address(whole + "x") is None


@given(st.text(max_size=60), st.sampled_from([None, BASE]))
def test_no_text_becomes_an_address_of_another_scheme(text: str, base: str | None) -> None:
    for written in (text, "java" + text, "data:" + text, "//" + text):
        address = web_address(written, base)
        if address is None:
            continue
        assert len(address) <= MAX_ADDRESS_CHARACTERS
        assert address.lower().startswith(("http://", "https://")) or (base is None and not address.startswith("//"))
        assert web_address(address, base) in {address, address.replace("&amp;", "&")}
