"""Charsets that a stranger may name. Python has codecs that hide markup or are no charsets at all."""

from __future__ import annotations

import codecs

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
