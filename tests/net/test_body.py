"""Bodies arrive whole however they are cut and packed, and never larger than allowed."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.response import HTTPResponse

from digest.errors import SourceError
from digest.net.body import read_body


class Dripping(io.BytesIO):
    """Bytes that arrive at most a few at a time, as from a slow server."""

    def __init__(self, data: bytes, step: int) -> None:
        super().__init__(data)
        self.step = step

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(self.step if size is None or size < 0 else min(size, self.step))


def answer(data: bytes, step: int = 65_536, **headers: str) -> HTTPResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTTPResponse(body=Dripping(data, step), headers=named, preload_content=False, decode_content=False)


def pack_raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKINGS = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZip ": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": pack_raw_deflate,
}


@pytest.mark.parametrize("coding", PACKINGS)
@given(data=st.binary(max_size=300), step=st.integers(1, 40))
def test_a_body_is_the_same_however_it_is_packed_and_cut(coding: str, data: bytes, step: int) -> None:
    assert read_body(answer(PACKINGS[coding](data), step, content_encoding=coding), 300) == data


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4), st.integers(1, 40))
def test_the_members_of_a_gzip_file_are_read_one_after_the_other(parts: list[bytes], step: int) -> None:
    packed = b"".join(gzip.compress(part) for part in parts)
    assert read_body(answer(packed, step, content_encoding="gzip"), 1_000) == b"".join(parts)


def test_what_follows_the_last_member_is_left_out() -> None:
    packed = gzip.compress(b"The ferry sails.") + b"\0" * 30
    assert read_body(answer(packed, content_encoding="gzip"), 100) == b"The ferry sails."


@pytest.mark.parametrize("coding", ["", "gzip", "deflate"])
@pytest.mark.parametrize("step", [1, 7, 65_536])
def test_the_limit_is_the_last_size_that_is_allowed(coding: str, step: int) -> None:
    data = bytes(range(100))  # in a packing these grow by a few bytes
    packed = PACKINGS[coding](data)
    most = len(packed)
    assert read_body(answer(packed, step, content_encoding=coding), most) == data
    with pytest.raises(SourceError, match=f"larger than allowed: more than {most - 1} bytes"):
        read_body(answer(packed, step, content_encoding=coding), most - 1)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_unpacked_bytes_count_too(coding: str) -> None:
    packed = PACKINGS[coding](bytes(5_000))
    assert len(packed) < 100
    assert read_body(answer(packed, content_encoding=coding), 5_000) == bytes(5_000)
    with pytest.raises(SourceError, match="more than 4,999 bytes"):
        read_body(answer(packed, content_encoding=coding), 4_999)


def test_members_that_are_small_alone_are_counted_together() -> None:
    packed = gzip.compress(bytes(600)) * 2
    with pytest.raises(SourceError, match="more than 1,000 bytes"):
        read_body(answer(packed, content_encoding="gzip"), 1_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate"])
@pytest.mark.parametrize("missing", [1, 5])
def test_a_packed_body_that_breaks_off_is_no_body(coding: str, missing: int) -> None:
    packed = PACKINGS[coding](b"The ferry sails at noon, said the harbour.")[:-missing]
    with pytest.raises(SourceError, match="breaks off"):
        read_body(answer(packed, content_encoding=coding), 1_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_an_empty_answer_is_an_empty_body(coding: str) -> None:
    assert read_body(answer(b"", content_encoding=coding), 10) == b""


@pytest.mark.parametrize(
    ("length", "message"),
    [
        ("11", "larger than allowed: 11 bytes, at most 10"),
        ("1234567", "larger than allowed: 1,234,567 bytes, at most 10"),
        ("-1", "impossible length"),
        ("ten", "impossible length"),
        ("", "impossible length"),
        ("\u00b2", "impossible length"),  # a digit, but no number
        ("1" * 19, "impossible length"),
    ],
)
def test_an_announced_length_is_believed_before_anything_is_read(length: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_body(answer(b"", content_length=length), 10)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "x" * 500])
def test_a_coding_that_was_not_asked_for_is_named_in_short(coding: str) -> None:
    with pytest.raises(SourceError, match="not asked for") as caught:
        read_body(answer(b"x", content_encoding=coding), 10)
    assert repr(coding[:20]) in str(caught.value)
    assert len(str(caught.value)) < 100
