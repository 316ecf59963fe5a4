"""The text edition's typesetting: 72 columns, hanging indents, numbered links."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.stages.render.view import QuoteView

LINE_WIDTH = 72  # columns
# Combining marks, wide scripts, emoji: text with none of them is as wide as it is long.
WIDE_STOP = re.compile("(?<=[\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f\u300d\u300f])")
UNEVEN_WIDTH = re.compile("[\u0300-\u036f\u0483-\u0489\u0590-\u1fff\u2e80-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class NumberedLink:
    """A numbered address."""

    number: int
    url: str


@dataclass(slots=True)
class LinkNotes:
    """Numbers the addresses of one text edition, and lists the ones not yet listed."""

    numbers: dict[str, int] = field(default_factory=dict)
    waiting: list[NumberedLink] = field(default_factory=list)

    def note(self, url: str | None) -> str:
        """` [n]` for an address, nothing for none; the same number for the same address."""
        if not url:
            return ""
        if url not in self.numbers:
            self.numbers[url] = len(self.numbers) + 1
            self.waiting.append(NumberedLink(self.numbers[url], url))
        return f" [{self.numbers[url]}]"

    def take(self, quoted: Iterable[QuoteView] = ()) -> list[NumberedLink]:
        """The addresses since the last list, and those of quotations whose story has no number of its own."""
        for quote in quoted:
            self.note(quote.url)
        listed, self.waiting = self.waiting, []
        return listed


def wrap_text(text: str, first: str = "") -> str:
    """`text` in lines of at most 72 columns, the first one led by `first` and the others indented as far.

    Words are never broken; in a script without spaces a line ends after its punctuation.
    """
    width = LINE_WIDTH - len(first)
    lines = _wrap_narrow(text, width) if text.isascii() or not UNEVEN_WIDTH.search(text) else _wrap_uneven(text, width)
    return first + ("\n" + " " * len(first)).join(lines)


def column_count(text: str) -> int:
    """How many columns a terminal gives to `text`."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _wrap_narrow(text: str, width: int) -> list[str]:
    """Lines of a text whose characters all take one column."""
    lines: list[str] = []
    start = 0
    while len(text) - start > width:
        end = text.rfind(" ", start, start + width + 1)
        if end < 0:
            end = text.find(" ", start + width)
        if end < 0:
            break
        lines.append(text[start:end])
        start = end + 1
    lines.append(text[start:])
    return lines


def _wrap_uneven(text: str, width: int) -> list[str]:
    """Lines of a text with characters of no column or of two."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        for piece, space in _breakable_pieces(word, width):
            wide = column_count(piece)
            gap = 1 if space and line else 0
            if line and used + gap + wide > width:
                lines.append(line)
                line, used, gap = "", 0, 0
            line += " " * gap + piece
            used += gap + wide
    return [*lines, line]


def _breakable_pieces(word: str, width: int) -> list[tuple[str, bool]]:
    """The word, cut after the full stops and commas of scripts without spaces when it is long.

    Each piece with: a space may stand before it. A line never ends within a word, so that its words stay the HTML's.
    """
    if column_count(word) <= width:
        return [(word, True)]
    return [(piece, number == 0) for number, piece in enumerate(WIDE_STOP.split(word)) if piece]
