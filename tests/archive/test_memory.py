"""The memory of an issue survives its way into the store and back; a damaged one says so."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.archive.memory import decode_memory, encode_memory
from digest.errors import StoreError
from digest.model import RememberedArticle, RememberedEvent, RememberedIssue
from digest.text.novelty import pack_codes

AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
codes = st.integers(0, 2**40 - 1)
articles = st.builds(
    RememberedArticle,
    key=st.text(max_size=30),
    fingerprint=st.text("0123456789abcdef", max_size=16),
    event=st.text(max_size=20),
    printed=st.booleans(),
    sentences=st.binary(max_size=40),
    stems=st.binary(max_size=40),
)
events = st.builds(
    RememberedEvent,
    key=st.text(max_size=20),
    headline=st.text(max_size=80),
    theme=st.text(max_size=20),
    first_told=st.datetimes(timezones=st.just(UTC)),
    sources=st.dictionaries(st.text(max_size=10), st.integers(1, 99), max_size=4),
    stems=st.dictionaries(st.integers(0, 2**24 - 1), st.integers(1, 99), max_size=20),
)
issues = st.builds(
    RememberedIssue,
    id=st.text(max_size=30),
    at=st.datetimes(timezones=st.just(UTC)),
    articles=st.lists(articles, max_size=4).map(tuple),
    events=st.lists(events, max_size=3).map(tuple),
    sentences=st.frozensets(codes, max_size=20),
    headlines=st.lists(st.text(max_size=80), max_size=5).map(tuple),
)


def emptied(**parts) -> RememberedIssue:
    """The memory of an issue that told nothing but this."""
    given = {"articles": (), "events": (), "sentences": frozenset(), "headlines": ()}
    return RememberedIssue(id="i", at=AT, **(given | parts))


def headed(text: bytes) -> bytes:
    """A memory whose data is this JSON, without any hash."""
    head = zlib.compress(text)
    return struct.pack(">I", len(head)) + head + zlib.compress(b"")


@given(issues)
def test_what_is_kept_comes_back(told):
    assert decode_memory(encode_memory(told)) == told


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        zlib.compress(b"{}"),
        headed(b"{}"),
        headed(b"[]"),
        headed(b'{"version": 1, "id": 3}'),
        encode_memory(emptied(headlines=("A headline",)))[:20],
        encode_memory(emptied(sentences=frozenset({1, 2, 3})))[:-9],
    ],
)
def test_a_damaged_memory_says_so(content):
    with pytest.raises(StoreError, match="damaged"):
        decode_memory(content)


def test_a_memory_of_a_newer_program_says_so():
    with pytest.raises(StoreError, match="is of version 99, this program knows 1"):
        decode_memory(headed(b'{"version": 99}'))


def test_an_article_takes_a_few_hundred_bytes():
    def kept(number: int) -> RememberedArticle:
        return RememberedArticle(
            key=f"https://news.example/{number}",
            fingerprint=f"{number:016x}",
            event="",
            printed=False,
            sentences=pack_codes(((number * 7919 + n * 104_729) ** 3 % 2**40 for n in range(25)), 5),
            stems=pack_codes(((number * 31 + n * 7907) ** 2 % 2**16 for n in range(150)), 2),
        )

    assert len(encode_memory(emptied(articles=tuple(map(kept, range(200)))))) < 200 * 600
