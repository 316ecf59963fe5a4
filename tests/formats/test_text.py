"""Plain text of any charset becomes lines."""

from __future__ import annotations

import pytest

from digest.formats.text import TextFormat
from digest.model import DocumentKind, Raw
from digest.text.charset import decode
from digest.text.dates import find_date, plausible_date
from digest.text.normalise import normalise_text, one_line, unescape_entities
from digest.text.wrap import unwrap_paragraphs


def lines(body: bytes, charset=None):
    return next(
        iter(TextFormat().read(Raw(source="s", key="t", kind=DocumentKind.TEXT, body=body, charset=charset)))
    ).lines


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("Café – ja".encode(), None),
        ("Café – ja".encode("utf-8-sig"), None),
        ("Café – ja".encode("cp1252"), None),
        ("Café – ja".encode("utf-16"), None),
        ("Café – ja".encode("utf-16-le"), None),
        ("Café – ja".encode(), "iso-8859-1"),
        ("Café – ja".encode("cp1252"), "no-such-charset"),
        ("Café – ja".encode("mac-roman"), "macintosh"),
    ],
)
def test_text_of_any_charset_is_read(body, charset):
    assert lines(body, charset) == ("Café – ja",)


def test_charsets_that_hide_text_are_never_used():
    assert "<" not in decode(b"+ADw-script+AD4-", "utf-7")


def test_one_broken_byte_does_not_spoil_the_rest():
    assert decode("Café Zoë ".encode() + b"\xff") == "Café Zoë \ufffd"


def test_controls_and_invisible_characters_go_and_blanks_are_plain():
    assert normalise_text("a\u00a0b\x1b\u200b\u202ec\r\nd\x0be") == "a bc\nd\ne"


def test_mojibake_is_repaired_where_it_is_certain():
    assert normalise_text("Itâ€™s a cafÃ©, NÃO à la carte") == "It’s a café, NÃO à la carte"


def test_piled_marks_and_endless_words_are_cut():
    assert len(normalise_text("e" + "\u0301" * 500)) < 6
    assert len(normalise_text("a" * 50_000)) == 1000


def test_entities_are_resolved_once():
    assert unescape_entities("A &amp; B &amp;lt; AT&T") == "A & B &lt; AT&T"


def test_a_title_is_one_line_and_not_too_long():
    assert one_line("  Ferry\r\nBcc: x ") == "Ferry Bcc: x"
    assert len(one_line("word " * 500)) <= 301
    assert one_line(" \u200b ") is None


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("February 13, 2020 10:24 am", "2020-02-13T10:24:00"),
        ("13. Februar 2020, 10:24 Uhr", "2020-02-13T10:24:00"),
        ("Publié le 1er mars 2021 à 10h24", "2021-03-01T10:24:00"),
        ("13 de febrero de 2020", "2020-02-13"),
        ("18 Nov 2019 15:00 GMT", "2019-11-18T15:00:00+00:00"),
        ("2020年2月13日", "2020-02-13"),
    ],
)
def test_dates_are_kept_as_they_are_printed(line, iso):
    assert find_date(line).value.isoformat() == iso


@pytest.mark.parametrize(
    "line", ["January 3", "Wednesday, May 18th | 17 Iyyar 5782", "31 February 2020", "12 people in 2019"]
)
def test_what_is_no_complete_date_is_none(line):
    assert find_date(line) is None


def test_an_open_order_of_day_and_month_is_told():
    assert find_date("05/06/2020").open_order
    assert find_date("05/06/2020", "de").value.month == 6
    assert not find_date("25/06/2020").open_order
    assert plausible_date(find_date("5 June 1920") and find_date("5 June 1920").value) is None


def test_wrapped_paragraphs_are_joined_and_verse_is_not():
    wrapped = [
        "The council moved its decision on the ferry line to March after",
        "two hours of talks. Fishermen had asked for more time than that,",
    ]
    wrapped += [
        "and the chair agreed to hear them again before the budget is cut,",
        "as she told reporters who had waited in the rain outside.",
        "",
    ]
    assert len([line for line in unwrap_paragraphs(wrapped * 2) if line]) == 2
    verse = ["The sea was grey,", "and grey the day on which we left the town,", "and no one", "came."]
    assert unwrap_paragraphs(verse) == verse
