"""Readers' comments below an article: from their label, or their first "X on ... said:", to the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import paragraph, word_count
from digest.text.dates import find, relative

if TYPE_CHECKING:
    from digest.stages.clean.lines import Page

LEAST = 2  # heads of comments that prove a section
NEAR = 6  # lines between the section's label and its first head
SAYS = re.compile(
    r"\b(?:said|says|writes|wrote|sagt|sagte|schreibt|schrieb|a dit|dit|dice|dijo|ha detto|scrive|zegt|schreef|disse)\s*:$",
    re.IGNORECASE,
)


def mark_comments(page: Page) -> None:
    """Drop a section of comments; times and names without a label or "said:" may be a live blog and stay."""
    body = next((index for index in page.kept() if paragraph(page.lines[index])), None)
    if body is None:
        return
    heads = [index for index in page.kept() if index > body and _head(page.lines[index])]
    label = next((index for index in _labels(page, heads) if index > body), None)
    said = [index for index in heads if SAYS.search(page.lines[index][-40:])]
    if len(heads) < LEAST or (label is None and len(said) < LEAST):
        return
    start = label if label is not None and label < heads[0] else (said or heads)[0]
    for index in range(start, len(page.lines)):
        page.drop(index, "comments")


def _head(line: str) -> bool:
    """Who wrote a comment and when: short, with a date or a relative time, and not a sentence."""
    if word_count(line) > 14 or line[-1] in ".!?":
        return False
    return find(line) is not None or relative(line)


def _labels(page: Page, heads: list[int]) -> list[int]:
    """Lines that announce comments, close above the first head."""
    if not heads:
        return []
    above = range(max(0, heads[0] - NEAR), heads[0])
    return [
        index
        for index in above
        if page.reasons[index] == "comments"
        or (word_count(page.lines[index]) <= 4 and page.labels.find("count", page.lines[index]))
    ]
