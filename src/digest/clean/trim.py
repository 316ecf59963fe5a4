"""Where the article begins and ends in a whole page of text: the segment with the greatest sum of line scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.clean.page import finished, paragraph, word_count
from digest.text.words import stop_words, words

if TYPE_CHECKING:
    from digest.clean.page import Page

FLOOR = -16.0  # no single line may cost more
MENU = 8  # short lines in a row above or below the text that make a page of it


def trim(page: Page) -> None:
    """Drop what lies outside the best segment, when the text is a page with menus rather than an article."""
    kept = page.kept()
    if not _chrome(page, kept):
        return
    scores = [max(FLOOR, _score(page.lines[index], page.language)) for index in kept]
    start, end = best_segment(scores)
    for index in (*kept[:start], *kept[end:]):
        page.drop(index, "page furniture")


def best_segment(scores: list[float]) -> tuple[int, int]:
    """[start, end) of the contiguous run with the greatest sum (Bentley 1984); everything when none is positive."""
    best, begin, end = 0.0, 0, len(scores)
    total, start = 0.0, 0
    for position, score in enumerate(scores):
        total += score
        if total <= 0:
            total, start = 0.0, position + 1
        elif total > best:
            best, begin, end = total, start, position + 1
    return begin, end


def _chrome(page: Page, kept: list[int]) -> bool:
    short = [not finished(page.lines[index]) and word_count(page.lines[index]) <= 6 for index in kept]
    running = sum(paragraph(page.lines[index]) for index in kept)
    return running > 2 and sum(short) >= 20 and sum(short) * 3 > len(kept)


def _score(line: str, language: str) -> float:
    tokens = words(line)
    count = max(len(tokens), word_count(line))
    stops = stop_words(language)
    density = sum(token in stops for token in tokens) / len(tokens) if tokens and stops else 0.4
    value = min(count, 60) * (0.5 + density) + (4 if finished(line) else -6) - (8 if count < 6 else 0)
    return value - 7 - (10 if density < 0.15 else 0)
