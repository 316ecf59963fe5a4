"""Which regular expressions are tried: those that end soon on any text.

Python's engine goes back and tries again; a repetition of something that can itself be read in several ways takes time without bound. Such
patterns are refused when they are read, and what is left is tried on a bounded stretch.
"""

from __future__ import annotations

import re

MAX_PATTERN_CHARACTERS = 200
MAX_OPEN_REPETITIONS = 2  # of unbounded ones: each multiplies the time by the length of the text
_PIECE = re.compile(
    r"\\(?P<escaped>.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<special>\(\?(?!:))|(?P<open>\((?:\?:)?)|(?P<close>\))"
    r"|(?P<repeat>[*+?]\??|\{\d*,?\d*\}\??)|(?P<either>\|)|.",
    re.DOTALL,
)


def pattern_fault(pattern: str) -> str:
    """Why a pattern is not tried; "" when it may be."""
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        return f"a pattern has at most {MAX_PATTERN_CHARACTERS} characters"
    groups: list[bool] = []  # for each open bracket, whether it holds a choice or a repetition
    open_repetitions = 0
    closed_group_varies: bool | None = None  # of the piece just read; None: it is no group
    for piece in _PIECE.finditer(pattern):
        kind = piece.lastgroup
        if kind == "special":
            return "a pattern has no (?...) but (?:...)"
        if kind == "escaped" and piece["escaped"].isdigit():
            return "a pattern refers to no group"
        if kind == "repeat":
            if closed_group_varies and piece[0] != "?":
                return "a repetition of what holds a choice or a repetition may never end"
            open_repetitions += _is_unbounded(piece[0])
            if open_repetitions > MAX_OPEN_REPETITIONS:
                return f"a pattern has at most {MAX_OPEN_REPETITIONS} repetitions without an end (*, +)"
        if kind == "open":
            groups.append(False)
        if kind in ("repeat", "either") and groups:
            groups = [True] * len(groups)
        closed_group_varies = groups.pop() if kind == "close" and groups else None
    return ""


def _is_unbounded(repeat: str) -> bool:
    return repeat[0] in "*+" or re.fullmatch(r"\{\d*,\}\??", repeat) is not None
