"""The bytes of an answer, decoded, and never more of them than asked for."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from digest.errors import SourceError

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse

PIECE_BYTES = 65_536
GZIP_WINDOW = 31  # window bits: with gzip header
ZLIB_WINDOW = 15
RAW_DEFLATE_WINDOW = -15


def read_body(response: HTTPResponse, most: int) -> bytes:
    """The whole body, its content coding undone; raises SourceError when it is larger than `most` or broken."""
    length = response.headers.get("content-length", "0").split(",")[0].strip()
    if not length.isdecimal() or len(length) > 18:
        raise SourceError("answers with an impossible length")
    if int(length) > most:
        raise SourceError(f"larger than allowed: {int(length):,} bytes, at most {most:,}")
    coding = response.headers.get("content-encoding", "").strip().lower()
    inflate = {"gzip": GZIP_WINDOW, "x-gzip": GZIP_WINDOW, "deflate": ZLIB_WINDOW}.get(coding)
    if inflate is None and coding not in {"", "identity"}:
        raise SourceError(f"answers in a coding that was not asked for ({coding[:20]!r})")
    return _read_compressed(response, inflate, most) if inflate else _read_plain(response, most)


def _read_plain(response: HTTPResponse, most: int) -> bytes:
    pieces, size = [], 0
    while piece := response.read1(PIECE_BYTES, decode_content=False):
        size += len(piece)
        _check_size(size, most)
        pieces.append(piece)
    return b"".join(pieces)


def _read_compressed(response: HTTPResponse, window: int, most: int) -> bytes:
    """The body unpacked piece by piece, so that a small bomb is cut before it grows."""
    unpacker, whole, size = zlib.decompressobj(window), bytearray(), 0
    while piece := response.read1(PIECE_BYTES, decode_content=False):
        if size == 0 and len(piece) == 1:  # the first two bytes tell the formats apart
            piece += response.read1(PIECE_BYTES, decode_content=False)
        size += len(piece)
        _check_size(size, most)
        if window == ZLIB_WINDOW and not whole and size == len(piece) and not _is_zlib(piece):
            unpacker = zlib.decompressobj(RAW_DEFLATE_WINDOW)
        while piece:
            try:
                whole += unpacker.decompress(piece, most + 1 - len(whole))
            except zlib.error as error:
                raise SourceError("answers with a broken compression") from error
            _check_size(len(whole), most)
            piece = unpacker.unconsumed_tail or unpacker.unused_data
            if unpacker.eof:
                if not piece.startswith(b"\x1f\x8b"):
                    break
                unpacker = zlib.decompressobj(window)  # a further member of the same file
    if size and not unpacker.eof:
        raise SourceError("answers with a compression that breaks off")
    return bytes(whole)


def _is_zlib(start: bytes) -> bool:
    """Many servers send raw deflate under the name of zlib's format, RFC 9110 section 8.4.1.2."""
    return len(start) > 1 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise SourceError(f"larger than allowed: more than {most:,} bytes")
