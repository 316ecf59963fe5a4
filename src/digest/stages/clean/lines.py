"""The lines of one document while it is cleaned: which are kept, why others were dropped, what they said of the article."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digest.model import DroppedPiece
from digest.text.boilerplate import PhraseLists, comparison_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

SPACES = re.compile(r"\s+")
# The end of a sentence, with closing quotes, brackets and footnote marks behind it; CJK and Arabic marks too.
SENTENCE_END = re.compile(r"(?:[.!?…。！？؟۔।]|\.{3})[”\"’'»›“)\]】」』*]*(?:\s?\[\d+\])*$")
SENTENCE_MARK = re.compile(r"(?<![.!?…。！？؟])[.!?…。！？؟](?=[\s”\"’'»)\]」』]|$|[^\x00-\x7f])")
BULLET_START = re.compile(r"^(?:[-–—•·▪●○◦‣*■►▶»>]|\d{1,2}[.)]|[a-z]\))\s+")
LETTER = re.compile(r"[^\W_]")
TAKEN_REASON = "taken"  # a line that became the title or the standfirst: neither body nor dropped
WIDE_CHARACTER = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(slots=True)
class DocumentLines:
    """Lines without blanks around them; `reasons[i]` says why line i is not the article, None while it is."""

    lines: list[str]
    gaps: list[bool]  # a blank line stands before
    labels: PhraseLists
    language: str
    now: datetime | None = None
    reasons: list[str | None] = field(default_factory=list)
    extra: list[DroppedPiece] = field(default_factory=list)  # pieces cut from inside lines
    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: datetime | date | None = None
    standfirst: str | None = None
    pending: list[int] = field(default_factory=list)  # lines to drop once head and tail are read
    truncated: bool = False
    unsure: bool = False

    def __post_init__(self) -> None:
        self.reasons = [None] * len(self.lines)

    def drop_line(self, index: int, reason: str) -> None:
        """Line `index` is not the article; the first reason given stands."""
        if self.reasons[index] is None:
            self.reasons[index] = reason

    def take_line(self, index: int) -> str:
        """Line `index` leaves the text because it has a field of its own; returns the line."""
        self.reasons[index] = TAKEN_REASON
        return self.lines[index]

    def drop_pending(self) -> None:
        """The lines beside the article have been read; what is left of them goes."""
        for index in self.pending:
            self.drop_line(index, "page furniture")
        self.pending.clear()

    def kept_indexes(self) -> list[int]:
        """Indexes of the lines that are still the article."""
        return [index for index, reason in enumerate(self.reasons) if reason is None]

    def kept_text(self) -> str:
        return "\n".join(self.lines[index] for index in self.kept_indexes())

    def dropped_pieces(self) -> tuple[DroppedPiece, ...]:
        """Everything that was removed, in order."""
        pairs = zip(self.lines, self.reasons, strict=True)
        return (
            *(DroppedPiece(text=line, reason=reason) for line, reason in pairs if reason and reason != TAKEN_REASON),
            *self.extra,
        )


def build_document_lines(
    lines: Iterable[str], labels: PhraseLists, language: str, now: datetime | None = None
) -> DocumentLines:
    """A page of `lines`, blanks collapsed; an empty line only marks a gap."""
    texts, gaps, gap = [], [], False
    for line in lines:
        flat = SPACES.sub(" ", line).strip()
        if flat:
            texts.append(flat)
            gaps.append(gap)
        gap = not flat
    return DocumentLines(texts, gaps, labels, language, now)


def word_count(line: str) -> int:
    """Words separated by blanks; where a script writes none, two characters count as a word."""
    return len(line.split()) + len(WIDE_CHARACTER.findall(line)) // 2


def ends_sentence(line: str) -> bool:
    """The line ends as a sentence does."""
    return bool(SENTENCE_END.search(line[-40:]))


def is_running_text(line: str) -> bool:
    """The line reads like running text: a whole sentence of some length, or several."""
    words = word_count(line)
    return (
        (words >= 14 and ends_sentence(line)) or (words >= 30) or (words >= 9 and len(SENTENCE_MARK.findall(line)) > 1)
    )


def is_same_line(one: str, other: str) -> bool:
    """Two lines say the same, leading dashes, case and punctuation aside."""
    if not -12 < len(one) - len(other) < 12:
        return False
    left = comparison_key(one)
    return bool(left) and left == comparison_key(other)
