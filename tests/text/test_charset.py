"""Bytes to text: what is text is read whatever it claims to be, what is none is refused with what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import RejectedError
from digest.text.charset import allowed_codec, codec, decode

GERMAN = "Die Straße über den Fluß kostet fünf Euro – „viel“, sagen die Bürger. "


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        ("Ministers met in Bonn on Monday. " * 9, "utf-16-le"),
        ("Ministers met in Bonn on Monday. " * 9, "utf-16-be"),
        (GERMAN.replace("„", '"').replace("“", '"').replace("–", "-"), "latin-1"),
        (GERMAN, "cp1252"),
        ("日本語の記事です。" * 5, "utf-8"),
        ("مجلس الميناء يصوت", "utf-8"),
    ],
)
def test_text_is_read_without_a_declaration(text: str, encoding: str):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("Совет гавани проголосовал в понедельник.", "koi8-r", "koi8-r"),
        ("Совет гавани проголосовал в понедельник.", "cp1251", "windows-1251"),
        ("港務局は月曜日に投票した。", "shift_jis", "Shift_JIS"),
        ("港务局星期一投票。", "gb18030", "GB18030"),
        ("Rada portu głosowała w poniedziałek.", "iso8859-2", "ISO-8859-2"),
        ("Το συμβούλιο ψήφισε.", "iso8859-7", "iso-8859-7"),
    ],
)
def test_the_transports_declaration_is_heeded(text: str, encoding: str, declared: str):
    assert decode(text.encode(encoding), declared) == text


@pytest.mark.parametrize("declared", ["latin-1", "us-ascii", "utf-16", "klingon", "zip", "hex", "", None])
def test_valid_utf8_is_utf8_whatever_is_declared(declared: str | None):
    assert decode(GERMAN.encode(), declared) == GERMAN


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n" + b"x" * 100, "PDF"),
        (b"PK\x03\x04" + b"\x00" * 100, "not text"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "not text"),
        (bytes(range(256)) * 50, "not text"),
    ],
)
def test_what_is_no_text_is_refused(body: bytes, message: str):
    with pytest.raises(RejectedError, match=f"(?i){message}"):
        decode(body)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UTF-8", "utf-8"),
        ("Windows-1252", "cp1252"),
        ("latin1", "iso8859-1"),
        ("zlib", None),
        ("rot13", None),
        ("idna", None),
        ("unicode_escape", None),
        ("x" * 5000, None),
        ("\x00", None),
        (None, None),
    ],
)
def test_only_encodings_of_text_are_allowed(name: str | None, expected: str | None):
    assert allowed_codec(name) == expected


@pytest.mark.parametrize("name", ["hex", "base64", "bz2", "punycode", "raw_unicode_escape", "nothing"])
def test_codecs_that_do_more_than_read_are_refused(name: str):
    assert codec(name) is None


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_text_in_utf8_comes_back(text: str):
    try:
        assert decode(text.encode()) == text.removeprefix("\ufeff")
    except RejectedError:
        assert not text.strip("\ufeff").strip() or text.encode()[:4] in {b"%PDF", b"PK\x03\x04"}


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "latin-1", "shift_jis", "utf-16"]))
def test_any_bytes_are_text_or_are_refused(body: bytes, declared: str | None):
    try:
        text = decode(body, declared)
    except RejectedError:
        return
    text.encode()  # nothing that no file could hold
