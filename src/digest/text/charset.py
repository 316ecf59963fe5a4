"""Bytes to text: UTF-8 first, then what the transport declared, then the Western default."""

from __future__ import annotations

import codecs
import re

from digest.errors import RejectedError

MAX_BYTES = 20_000_000  # no article is larger; a mail with pictures may come near

# Codecs that a header may ask for. Anything else (utf-7, rot13, unicode_escape ...) could smuggle text past us.
ALLOWED_CODECS = frozenset(
    """
    utf-8 ascii utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be iso8859-1 iso8859-2 iso8859-3 iso8859-4
    iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15
    iso8859-16 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp850 cp852 cp866 cp874
    koi8-r koi8-u mac-roman tis-620 big5 big5hkscs gb2312 gbk gb18030 hz euc_jp euc_kr cp932 cp949 shift_jis
    shift_jisx0213 iso2022_jp iso2022_kr johab
    """.split()
)
SEVEN_BIT_CODECS = frozenset({"iso2022_jp", "iso2022_kr", "hz"})  # pure ASCII bytes: UTF-8 would "succeed"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# First bytes of files that are no text, whatever their name says.
BINARY_SIGNATURES = (
    (b"%PDF-", "PDF"), (b"\x89PNG", "PNG image"), (b"\xff\xd8\xff", "JPEG image"), (b"GIF8", "GIF image"),
    (b"RIFF", "RIFF media file"), (b"PK\x03\x04", "ZIP archive or office document"), (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"), (b"\xfd7zXZ", "xz archive"), (b"7z\xbc\xaf", "7z archive"), (b"\x7fELF", "program"),
    (b"\xd0\xcf\x11\xe0", "old office document"), (b"SQLite format 3\x00", "database"), (b"OggS", "media file"),
    (b"ID3", "media file"), (b"\x00\x00\x01\x00", "icon"), (b"{\\rtf", "RTF document"), (b"\xca\xfe\xba\xbe", "program"),
)  # fmt: skip
ENCODED_SURROGATES = re.compile(
    rb"\xed[\xa0-\xbf][\x80-\xbf]"
)  # UTF-16 surrogates in UTF-8: never characters (RFC 3629, 3)
CONTROL_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\x0b\f\r\x1b")


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of `body`; RejectedError when it is empty, too large or not text at all.

    A byte order mark wins, then valid UTF-8, then `declared` if it names a real charset, then UTF-8 with a
    few broken bytes, then Windows-1252, which can read anything.
    """
    if not body.strip(b"\x00 \t\r\n"):
        raise RejectedError("empty document")
    if len(body) > MAX_BYTES:
        raise RejectedError(f"larger than {MAX_BYTES // 1_000_000} MB")
    for mark, name in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    _refuse_binary(body)
    charset = allowed_codec(declared)
    wide = _detect_utf16(body)
    body = ENCODED_SURROGATES.sub(b"", body)
    for codec in (wide, charset if charset in SEVEN_BIT_CODECS else None, "utf-8", charset):
        if codec:
            try:
                return body.decode(codec)
            except UnicodeDecodeError:
                continue
    return _decode_western(body)


def allowed_codec(charset: str | None) -> str | None:
    """The codec's own name when `charset` is one we decode, else None."""
    try:
        name = codecs.lookup((charset or "").strip("\"' \t")).name
    except (LookupError, ValueError):
        return None
    return name if name in ALLOWED_CODECS else None


def _refuse_binary(body: bytes) -> None:
    for mark, what in BINARY_SIGNATURES:
        if body.startswith(mark):
            raise RejectedError(f"not text but a {what}")
    sample = body[:65536]
    controls = len(sample) - len(sample.translate(None, CONTROL_BYTES))
    if controls * 10 > len(sample) and not _detect_utf16(body):
        raise RejectedError("not text: binary data")


def _detect_utf16(body: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is NUL."""
    sample = body[:2000]
    half = len(sample) // 2
    if half < 4 or sample.count(0) * 5 < half * 4:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _decode_western(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", text))
    if broken <= good:
        return text
    return "".join(
        _decode_cp1252(piece) for piece in re.findall(rb"[^\x81\x8d\x8f\x90\x9d]+|[\x81\x8d\x8f\x90\x9d]+", body)
    )


def _decode_cp1252(piece: bytes) -> str:
    return piece.decode("cp1252", "ignore")


# What is wider than the name that is used for it (WHATWG Encoding Standard, section 4.2).
WIDER = {"gb2312": "gb18030", "hz": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8"}
REFUSED = frozenset({"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "mbcs", "oem"})


def codec(charset: str) -> str | None:
    """The codec for a declared charset; None when there is none or it must not be used."""
    try:
        info = codecs.lookup(charset)
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name.replace("_", "-") in REFUSED:  # noqa: SLF001 - Python offers no other way to ask
        return None
    return WIDER.get(info.name, info.name)
