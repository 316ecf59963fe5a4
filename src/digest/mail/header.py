"""Text from outside as one safe line of a header field."""

from __future__ import annotations

import unicodedata

MAX_HEADER_CHARACTERS = 200  # characters of a header value taken from outside
INVISIBLE_CHARACTERS = dict.fromkeys(
    (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0x2028, 0x2029)
)


def header_line(text: str, longest: int = MAX_HEADER_CHARACTERS) -> str:
    """`text` as one line that is safe in a header: no line breaks, controls, direction marks or encoded words."""
    visible = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in text[: 4 * longest].translate(INVISIBLE_CHARACTERS)
        if unicodedata.category(c) != "Cs"
    )
    line = " ".join(visible.replace("=?", "= ?").split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
