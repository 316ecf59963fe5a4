"""One form for every text: nothing invisible, nothing that steers, and the same again when it is done twice."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digest.text.normalise import MOJIBAKE_LEAD, normalise_text, one_line, unescape_entities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\u00a0b\u2009c\u3000d", "a b c d"),
        ("zero\u200bwidth\u2060joiner", "zerowidthjoiner"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ufeffmark", "mark"),
        ("steered\u202eright", "steeredright"),
        ("bell\x07 and escape\x1b[31m", "bell and escape[31m"),
        ("cafe\u0301", "caf\u00e9"),
        ("line\u2028separator", "line\nseparator"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_text_in_its_one_form(text: str, expected: str):
    assert normalise_text(text) == expected


@pytest.mark.parametrize(
    ("broken", "mended"),
    [("Donâ€™t", "Don’t"), ("cafÃ©", "café"), ("â€œQuotedâ€\x9d", "“Quoted”"), ("fÃ¼nf", "fünf")],
)
def test_certain_mojibake_is_repaired(broken: str, mended: str):
    assert normalise_text(broken) == mended


@pytest.mark.parametrize("text", ["Ãngela", "São Paulo", "€5 and £6", "naïve café", "Ærøskøbing", "Łódź"])
def test_rare_letters_are_no_mojibake(text: str):
    assert normalise_text(text) == text


@given(st.text(max_size=200))
def test_twice_is_as_once(text: str):
    once = normalise_text(text)
    assume(not MOJIBAKE_LEAD.search(once))  # a text misread twice is repaired once
    assert normalise_text(once) == once


@given(st.text(max_size=200))
def test_nothing_invisible_is_left(text: str):
    left = {unicodedata.category(character) for character in normalise_text(text).replace("\n", "").replace("\t", "")}
    assert "Cc" not in left
    assert not set("\u200b\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad") & set(normalise_text(text))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("  two\n lines ", 300, "two lines"),
        ("", 300, None),
        (" \n\u200b", 300, None),
        (None, 300, None),
        ("abcdef", 3, "abc"),
    ],
)
def test_a_title_is_one_line_of_at_most_so_many_characters(text: str | None, limit: int, expected: str | None):
    found = one_line(text, limit)
    assert found == expected or (found is not None and len(found) <= limit and found.startswith(str(expected)[:1]))


@given(st.text(max_size=400), st.integers(1, 80))
def test_one_line_is_one_line(text: str, limit: int):
    line = one_line(text, limit)
    assert line is None or (line.strip() == line and "\n" not in line and 0 < len(line) <= limit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q&amp;A", "Q&A"),
        ("&lt;b&gt;", "<b>"),
        ("&#8217;s and &#x2019;s", "’s and ’s"),
        ("&eacute;t&eacute;", "été"),
        ("R&D & more", "R&D & more"),
        ("&amp;amp;", "&amp;"),  # resolved once
        ("&nosuchthing;", "&nosuchthing;"),
        ("&#0;&#x110000;", None),
    ],
)
def test_entities_are_resolved_once_and_a_bare_one_stays(text: str, expected: str | None):
    found = unescape_entities(text)
    assert found == expected if expected is not None else "\x00" not in found
