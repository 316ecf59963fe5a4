"""Readers' comments below an article: from their label, or their first "X on ... said:", to the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import is_running_text, word_count
from digest.text.dates import find_date, has_relative_time

if TYPE_CHECKING:
    from digest.stages.clean.lines import DocumentLines

MIN_COMMENT_HEADS = 2  # heads of comments that prove a section
MAX_LABEL_DISTANCE = 6  # lines between the section's label and its first head
SPEECH_VERB_END = re.compile(
    r"\b(?:said|says|writes|wrote|sagt|sagte|schreibt|schrieb|a dit|dit|dice|dijo|ha detto|scrive|zegt|schreef|disse)\s*:$",
    re.IGNORECASE,
)


def drop_comments(page: DocumentLines) -> None:
    """Drop a section of comments; times and names without a label or "said:" may be a live blog and stay."""
    body = next((index for index in page.kept_indexes() if is_running_text(page.lines[index])), None)
    if body is None:
        return
    heads = [index for index in page.kept_indexes() if index > body and _is_comment_head(page.lines[index])]
    label = next((index for index in _comment_labels(page, heads) if index > body), None)
    said = [index for index in heads if SPEECH_VERB_END.search(page.lines[index][-40:])]
    if len(heads) < MIN_COMMENT_HEADS or (label is None and len(said) < MIN_COMMENT_HEADS):
        return
    start = label if label is not None and label < heads[0] else (said or heads)[0]
    for index in range(start, len(page.lines)):
        page.drop_line(index, "comments")


def _is_comment_head(line: str) -> bool:
    """Who wrote a comment and when: short, with a date or a relative time, and not a sentence."""
    if word_count(line) > 14 or line[-1] in ".!?":
        return False
    return find_date(line) is not None or has_relative_time(line)


def _comment_labels(page: DocumentLines, heads: list[int]) -> list[int]:
    """Lines that announce comments, close above the first head."""
    if not heads:
        return []
    above = range(max(0, heads[0] - MAX_LABEL_DISTANCE), heads[0])
    return [
        index
        for index in above
        if page.reasons[index] == "comments"
        or (word_count(page.lines[index]) <= 4 and page.labels.find_phrases("count", page.lines[index]))
    ]
