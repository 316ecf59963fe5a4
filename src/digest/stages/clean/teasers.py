"""Teasers for other articles inside the text: a label, a date, a headline, a cut snippet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import finished, paragraph, word_count
from digest.text.boilerplate import loose
from digest.text.dates import find

if TYPE_CHECKING:
    from digest.stages.clean.lines import Page

MOST = 4  # lines that belong to one label
NUMBERED = re.compile(r"\d{1,2}[.)]\s")
SNIPPET = re.compile(r"(?:\.{3}|…)[”\"’»]?$")


def mark_teasers(page: Page) -> None:
    """Drop labelled teasers, and unlabelled ones that show their whole shape: headline, then a cut snippet."""
    kept = page.kept()
    at = 0
    while at < len(kept):
        taken = _labelled(page, kept, at) or _shaped(page, kept, at)
        for index in kept[at : at + taken]:
            page.drop(index, "teaser")
        at += max(1, taken)


def _labelled(page: Page, kept: list[int], at: int) -> int:
    line = page.lines[kept[at]]
    inline = _inline(page, line)
    if inline:
        return 1
    if not label(page, line):
        return 0
    taken = 1
    first = next((page.lines[index] for index in kept[at + 1 : at + 2]), "")
    last = not any(paragraph(page.lines[index]) for index in kept[at + 1 :])  # nothing but links follows
    for index in kept[at + 1 : None if last else at + 1 + MOST]:
        if not _piece(page.lines[index]) or _look(page.lines[index]) != _look(first):
            break
        taken += 1
        if SNIPPET.search(page.lines[index]) and not last:
            break
    return taken


def _look(line: str) -> tuple[bool, bool]:
    """Capitals and numbering: a cross-head of the article that follows a teaser often looks different."""
    return line.isupper() and not dated(line), bool(NUMBERED.match(line)) and not dated(line)


def label(page: Page, line: str) -> bool:
    """The line is nothing but a label that announces other articles."""
    return word_count(line) <= 7 and loose(line) in page.labels.words("teaser")


def _inline(page: Page, line: str) -> bool:
    """A label and the headline in one line: "Read also: Ministers meet in Riga"."""
    bare = line.lstrip("[(>→»•–- ")
    match = page.labels.starts("teaser", bare)
    if not match or word_count(line) > 30:
        return False
    rest = bare[match.end() :].lstrip()
    return rest[:1] in {":", "|", "»", ">", "→"} and not (finished(line) and line.endswith("."))


def _piece(line: str) -> bool:
    if SNIPPET.search(line) or dated(line):
        return True
    return (not finished(line) and word_count(line) <= 25) or (line.endswith("?") and word_count(line) <= 16)


def _shaped(page: Page, kept: list[int], at: int) -> int:
    """[short label,] [date,] headline without full stop, snippet cut by "..."; 0 when the shape is not there."""
    for length in (4, 3):
        block = [page.lines[index] for index in kept[at : at + length]]
        if len(block) < length or not SNIPPET.search(block[-1]) or word_count(block[-1]) > 45:
            continue
        *front, date, head = block[:-1]
        if dated(date) and not finished(head) and not paragraph(head) and all(_short(line) for line in front):
            return length
    return 0


def _short(line: str) -> bool:
    return word_count(line) <= 6 and not finished(line)


def dated(line: str) -> bool:
    """Nothing but a date, a time and the words around them."""
    printed = find(line)
    if not printed:
        return False
    rest = line[: printed.start] + line[printed.end :]
    return word_count(rest) <= 3 and len(rest) <= 30
