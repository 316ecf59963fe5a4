"""What the stage promises for any input."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import RejectedError, UsageError
from digest.formats.text import TextFormat
from digest.model import DocumentKind
from digest.stages.clean import clean
from digest.stages.jsonl import raw_from_row, row_from_article

BODY = (
    "The harbour council met on Monday to decide on the new ferry line.",
    "Its chair said that the vote would be repeated in March, after the budget talks are over.",
    "Fishermen had asked for more time. “We were not heard,” said one of them.",
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"\x00\x00", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (bytes(range(32)) * 9, "binary"),
        (b"\xe2\x80\x93\n-\n", "boilerplate"),
    ],
)
def test_what_holds_no_text_is_rejected_with_its_reason(article, body, reason):
    with pytest.raises(RejectedError, match=reason):
        article(body)


def test_a_row_comes_in_and_goes_out():
    raw = raw_from_row({"id": 7, "text": "\n".join(BODY), "title": "Ferry vote", "url": "https://a.example/1"})
    row = row_from_article(clean(raw, formats={DocumentKind.TEXT: TextFormat()})[0])
    assert (row["id"], row["title"], row["paragraphs"]) == ("7", "Ferry vote", list(BODY))


def test_lone_surrogates_in_a_row_are_undecodable_bytes():
    assert raw_from_row({"id": "a", "text": "caf\udce9"}).body == b"caf\xe9"


@pytest.mark.parametrize(
    "row", [{}, {"id": "a"}, {"id": "a", "text": 3}, {"text": "x"}, {"id": "a", "text": "x", "html": "y"}]
)
def test_a_row_without_id_or_content_is_a_usage_error(row):
    with pytest.raises(UsageError):
        raw_from_row(row)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_cleaned_or_rejected_and_the_output_is_plain_lines(text):
    raw = raw_from_row({"id": "a", "text": text})
    try:
        found = clean(raw, formats={DocumentKind.TEXT: TextFormat()})[0]
    except RejectedError:
        return
    assert found.paragraphs
    assert all(line and line == line.strip() and "\n" not in line for line in found.paragraphs)
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in found.text.replace("\n", ""))
    found.text.encode("utf-8")


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=300))
def test_the_same_input_gives_the_same_article(text):
    raw = raw_from_row({"id": "a", "text": text + "\n" + "\n".join(BODY)})
    formats = {DocumentKind.TEXT: TextFormat()}
    assert clean(raw, formats=formats) == clean(raw, formats=formats)
