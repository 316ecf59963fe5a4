"""Teasers for other articles inside the text: a label, a date, a headline, a cut snippet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import ends_sentence, is_running_text, word_count
from digest.text.boilerplate import comparison_key
from digest.text.dates import find_date

if TYPE_CHECKING:
    from digest.stages.clean.lines import DocumentLines

MAX_TEASER_LINES = 4  # lines that belong to one label
NUMBERED_START = re.compile(r"\d{1,2}[.)]\s")
SNIPPET_END = re.compile(r"(?:\.{3}|…)[”\"’»]?$")


def drop_teasers(page: DocumentLines) -> None:
    """Drop labelled teasers, and unlabelled ones that show their whole shape: headline, then a cut snippet."""
    kept = page.kept_indexes()
    at = 0
    while at < len(kept):
        taken = _labelled_teaser_length(page, kept, at) or _unlabelled_teaser_length(page, kept, at)
        for index in kept[at : at + taken]:
            page.drop_line(index, "teaser")
        at += max(1, taken)


def _labelled_teaser_length(page: DocumentLines, kept: list[int], at: int) -> int:
    line = page.lines[kept[at]]
    inline = _is_inline_teaser(page, line)
    if inline:
        return 1
    if not is_teaser_label(page, line):
        return 0
    taken = 1
    first = next((page.lines[index] for index in kept[at + 1 : at + 2]), "")
    last = not any(is_running_text(page.lines[index]) for index in kept[at + 1 :])  # nothing but links follows
    for index in kept[at + 1 : None if last else at + 1 + MAX_TEASER_LINES]:
        if not _may_be_teaser_line(page.lines[index]) or _line_style(page.lines[index]) != _line_style(first):
            break
        taken += 1
        if SNIPPET_END.search(page.lines[index]) and not last:
            break
    return taken


def _line_style(line: str) -> tuple[bool, bool]:
    """Capitals and numbering: a cross-head of the article that follows a teaser often looks different."""
    return line.isupper() and not is_bare_date(line), bool(NUMBERED_START.match(line)) and not is_bare_date(line)


def is_teaser_label(page: DocumentLines, line: str) -> bool:
    """The line is nothing but a label that announces other articles."""
    return word_count(line) <= 7 and comparison_key(line) in page.labels.phrase_keys("teaser")


def _is_inline_teaser(page: DocumentLines, line: str) -> bool:
    """A label and the headline in one line: "Read also: Ministers meet in Riga"."""
    bare = line.lstrip("[(>→»•–- ")
    match = page.labels.match_start("teaser", bare)
    if not match or word_count(line) > 30:
        return False
    rest = bare[match.end() :].lstrip()
    return rest[:1] in {":", "|", "»", ">", "→"} and not (ends_sentence(line) and line.endswith("."))


def _may_be_teaser_line(line: str) -> bool:
    if SNIPPET_END.search(line) or is_bare_date(line):
        return True
    return (not ends_sentence(line) and word_count(line) <= 25) or (line.endswith("?") and word_count(line) <= 16)


def _unlabelled_teaser_length(page: DocumentLines, kept: list[int], at: int) -> int:
    """[short label,] [date,] headline without full stop, snippet cut by "..."; 0 when the shape is not there."""
    for length in (4, 3):
        block = [page.lines[index] for index in kept[at : at + length]]
        if len(block) < length or not SNIPPET_END.search(block[-1]) or word_count(block[-1]) > 45:
            continue
        *front, date, head = block[:-1]
        if (
            is_bare_date(date)
            and not ends_sentence(head)
            and not is_running_text(head)
            and all(_is_short_label(line) for line in front)
        ):
            return length
    return 0


def _is_short_label(line: str) -> bool:
    return word_count(line) <= 6 and not ends_sentence(line)


def is_bare_date(line: str) -> bool:
    """Nothing but a date, a time and the words around them."""
    printed = find_date(line)
    if not printed:
        return False
    rest = line[: printed.start] + line[printed.end :]
    return word_count(rest) <= 3 and len(rest) <= 30
