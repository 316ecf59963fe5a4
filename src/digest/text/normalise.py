"""One form for every text: composed letters, plain blanks, no invisible or controlling characters."""

from __future__ import annotations

import html
import re
import unicodedata

MAX_WORD_CHARACTERS = 1000  # characters; a longer run of letters and digits is no word of any language
MAX_COMBINING_MARKS = 3  # combining marks on one letter; Vietnamese and Hebrew need two or three

_DROP = [*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x34F, 0x180E, 0x200B]
_DROP += [0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC)]
_DROP += [0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, *range(0xE0000, 0xE0080)]
_BLANK = [0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_BREAK = [0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029]
CHARACTER_TABLE: dict[int, str | None] = {
    **dict.fromkeys(_DROP),
    **dict.fromkeys(_BLANK, " "),
    **dict.fromkeys(_BREAK, "\n"),
}
LONE_SURROGATES = re.compile(r"[\ud800-\udfff]+")
STRAY_JOINERS = re.compile(
    r"(?<![\u0590-\u0dff\u1000-\u109f\u1780-\u17ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]+"
)
COMBINING_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
EXCESS_MARKS = re.compile(f"({COMBINING_MARK}{{{MAX_COMBINING_MARKS}}}){COMBINING_MARK}+")
OVERLONG_WORD = re.compile(rf"(\w{{{MAX_WORD_CHARACTERS}}})\w+")
SPACES = re.compile(r"[ \n]+")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10});")
# UTF-8 read as Windows-1252 shows one of these leads before a character that Western text never puts there.
MOJIBAKE = re.compile(r"[\u0080-\u00ff\u0152-\u2122]{2,}")
MOJIBAKE_LEAD = re.compile(
    r"[ÃÂâð][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
)


def normalise_text(text: str) -> str:
    """`text` in NFC with LF line ends, plain blanks and nothing invisible; linear in its length."""
    text = LONE_SURROGATES.sub("", text.replace("\r\n", "\n"))
    if not text.isascii():
        if MOJIBAKE_LEAD.search(text):
            text = MOJIBAKE.sub(_repair_mojibake, text)
        text = EXCESS_MARKS.sub(r"\1", STRAY_JOINERS.sub("", text))
        text = EXCESS_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    return OVERLONG_WORD.sub(r"\1", text.translate(CHARACTER_TABLE))


def one_line(text: str | None, limit: int = 300) -> str | None:
    """`text` as one line fit for a title, a name or a header; None when nothing is left."""
    flat = SPACES.sub(" ", normalise_text((text or "")[: limit * 20])).strip()
    if len(flat) > limit:
        flat = flat[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…"
    return flat or None


def unescape_entities(text: str) -> str:
    """HTML entities that a sloppy copy left in plain text, resolved once; a bare `&` stays."""
    return ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def _repair_mojibake(match: re.Match[str]) -> str:
    run = match[0]
    if not MOJIBAKE_LEAD.search(run):
        return run
    try:
        data = b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in run)
        return data.decode("utf-8")
    except UnicodeError:
        return run
