"""The text of a feed's bytes. A document may say how it is encoded; it may not choose a codec that harms."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from digest.net.charset import codec

if TYPE_CHECKING:
    from collections.abc import Iterator

DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""", re.IGNORECASE)
DECLARATION = re.compile(r"\s*<\?xml[^>]{0,1000}>")
SAMPLE = 20_000  # bytes to guess from
# First bytes of `<?` or a mark, as in XML 1.0, appendix F.1.
MARKS = (
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"<\x00r\x00", "utf-16-le"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def decoded(data: bytes, charset: str | None = None) -> str:
    """The text of `data` without its XML declaration.

    Believed in this order, each only if all bytes fit: a byte order mark, `charset` (from the transport), the XML
    declaration, UTF-8; else a guess from the bytes, then Windows-1252.
    """
    for name in _proposals(data, charset):
        try:
            text = data.decode(name)
        except (UnicodeError, LookupError):
            continue
        return _body(text.removeprefix("\ufeff"))
    return _body(data.decode(_guessed(data), "replace"))


def _body(text: str) -> str:
    declaration = DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _proposals(data: bytes, charset: str | None) -> Iterator[str]:
    for mark, name in MARKS:
        if data.startswith(mark):
            yield name
    declared = DECLARED.match(data)
    for proposed in (charset, declared[1].decode("ascii", "replace") if declared else None, "utf-8"):
        if proposed and (usable := codec(proposed)):
            yield usable


def _guessed(data: bytes) -> str:
    """The charset that the bytes look like; the sample is small because guessing is slow."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:SAMPLE]).best()
    return best.encoding if best else "cp1252"
