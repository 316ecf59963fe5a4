"""Texts and addresses from a feed, made harmless: one line, no markup, http(s) only."""

from __future__ import annotations

import html
import re
from contextlib import suppress
from functools import cache
from urllib.parse import urljoin

MAX_TITLE_CHARACTERS = 300  # characters; a longer title is not one
MAX_ADDRESS_CHARACTERS = 2000  # characters; longer ones are attacks or mistakes
MARKUP_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
SCRIPT_OR_STYLE = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1[^<>]*>|\Z)", re.IGNORECASE | re.DOTALL)
URL_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#@\\]", re.IGNORECASE)
# What must never reach a terminal, a header or a layout: controls, direction marks, surrogates, non-characters.
UNSEEN_CHARACTERS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]+"
)


def plain_text(text: str | None, limit: int = MAX_TITLE_CHARACTERS) -> str | None:
    """`text` without markup and entities, on one line of at most `limit` characters; None when nothing is left."""
    if not text:
        return None
    text = text[: 20 * limit]
    if "<" in text:
        text = MARKUP_TAG.sub("", SCRIPT_OR_STYLE.sub("", text))
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = repair_mojibake(text)
    if not text.isprintable():
        text = UNSEEN_CHARACTERS.sub(" ", text)
    text = " ".join(text.split())
    return (text if len(text) <= limit else text[: limit - 1].rstrip() + "…") or None


def repair_mojibake(text: str) -> str:
    """UTF-8 that was once read as Latin-1, and Windows-1252 read as Latin-1, put right."""
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(_windows_1252_table())


def web_address(text: str | None, base: str | None = None) -> str | None:
    """`text` as an http(s) address, resolved against `base`; None for every other scheme and for nonsense."""
    if not text:
        return None
    link = text.strip() if text.isprintable() else UNSEEN_CHARACTERS.sub("", text).strip()
    if "&amp;" in link:
        link = link.replace("&amp;", "&")
    if WEB_ADDRESS.match(link) and len(link) <= MAX_ADDRESS_CHARACTERS:
        return link
    if link and not URL_SCHEME.match(link) and base:  # nothing is no way to the base itself
        try:
            link = urljoin(base, link)
        except ValueError:
            return None
    if not link or len(link) > MAX_ADDRESS_CHARACTERS or link.startswith("//"):
        return None
    return link if not URL_SCHEME.match(link) or WEB_ADDRESS.match(link) else None


@cache
def _windows_1252_table() -> dict[int, str]:
    return {
        code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    }
