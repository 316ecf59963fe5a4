"""Where the article stands in a whole page of text: every line is scored, then the best lines are taken together."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from digest.stages.clean.features import FEATURE_NAMES, feature_table
from digest.stages.clean.lines import is_running_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.stages.clean.lines import DocumentLines

STRETCH_COST = 0.5  # what it costs to begin or end a stretch of article
KEEP_BIAS = 0.4  # added to every score: a kept line of furniture harms less than a lost line of news
INSIDE_TOLERANCE = 2.5  # a line between article lines goes only when its score is below minus this
MAX_ABSOLUTE_SCORE = 6.0  # no single line may decide alone
HEAD_LINES, FOOT_LINES = (
    12,
    6,
)  # lines above and below the article that are read for title, byline, source before they go
MIN_SURROUNDING_LINES = (
    8  # lines above or below the article that may make a page of a text; a scraped article has fewer
)
MAX_MENU_SCORE = -2.8  # the highest mean score that a menu has; lists and verse inside articles score higher
MAX_FOOTER_SCORE = -3.5  # the same below an article that has no menu above it: a list may well end an article
MIN_NAMED_LINES = 1  # of these lines or beside them that a rule has named, at least
MIN_MENU_LINES = 20  # lines that make a page without any help of rules
CERTAIN_REASONS = frozenset(
    [
        "share",
        "comments",
        "marker",
        "notice",
        "promotion",
        "tags",
        "copyright",
        "advertisement",
        "teaser",
        "continue",
        "address",
    ]
) | {"reading time"}


# Nodes of one tree: (feature, threshold, node below or at it, node above it), or the value of a leaf.
Tree = list["tuple[int, float, int, int] | float"]


def trim_to_article(page: DocumentLines) -> None:
    """Drop what lies around and, where it is very unlike the article, inside it; texts that are no page stay whole.

    The lines nearest to the article are only put on `page.pending`: they may hold title and byline.
    """
    if not _may_be_page(page):
        return
    gone = [reason is not None for reason in page.reasons]
    scores = _score_lines(page)
    keep = choose_kept_lines(scores, gone)
    article = [at for at, value in enumerate(keep) if value]
    if not article or sum(is_running_text(page.lines[at]) for at in article) < 2:
        return
    first, last = article[0], article[-1]
    above = _remaining_lines(0, first, gone)
    below = _remaining_lines(last + 1, len(keep), gone)
    menu = _is_page_menu(page, above, scores, MAX_MENU_SCORE)
    if menu:
        _drop_or_postpone(page, above, beside=range(first - HEAD_LINES, first))
        _drop_or_postpone(
            page, _remaining_lines(first, last, [lost or value for lost, value in zip(gone, keep, strict=True)])
        )
    if menu or _is_page_menu(page, below, scores, MAX_FOOTER_SCORE):
        _drop_or_postpone(page, below, beside=range(last + 1, last + 1 + FOOT_LINES))


def _may_be_page(page: DocumentLines) -> bool:
    """A cheap look: only where many lines are no running text is the table asked."""
    return sum(not is_running_text(page.lines[at]) for at in page.kept_indexes()) >= MIN_SURROUNDING_LINES


def _remaining_lines(start: int, end: int, gone: Sequence[bool]) -> list[int]:
    return [at for at in range(start, end) if not gone[at]]


def _is_page_menu(page: DocumentLines, lines: list[int], scores: Sequence[float], highest: float) -> bool:
    """The lines beside the article are a page's menu or footer, not a list or verse that belongs to the text."""
    if len(lines) < MIN_SURROUNDING_LINES or sum(scores[at] for at in lines) / len(lines) > highest:
        return False
    named = sum(reason in CERTAIN_REASONS for reason in page.reasons[max(0, lines[0] - 2) : lines[-1] + 3])
    return len(lines) >= MIN_MENU_LINES or named >= MIN_NAMED_LINES


def _drop_or_postpone(page: DocumentLines, lines: list[int], beside: range = range(0)) -> None:
    for at in lines:
        if at in beside:
            page.pending.append(at)
        else:
            page.drop_line(at, "page furniture")


def choose_kept_lines(scores: Sequence[float], gone: Sequence[bool]) -> list[bool]:
    """Which lines to keep: the choice of stretches with the greatest sum of scores (Viterbi, two states)."""
    values = [
        -0.2 if lost else max(-MAX_ABSOLUTE_SCORE, min(MAX_ABSOLUTE_SCORE, score + KEEP_BIAS))
        for score, lost in zip(scores, gone, strict=True)
    ]
    keep = best_stretches(values, STRETCH_COST)
    article = [at for at, value in enumerate(keep) if value]
    if article:
        for at in range(article[0], article[-1]):
            keep[at] = keep[at] or values[at] > -INSIDE_TOLERANCE
    return [value and not lost for value, lost in zip(keep, gone, strict=True)]


def best_stretches(values: Sequence[float], cost: float) -> list[bool]:
    """The subset with the greatest sum, where each beginning and each end of a stretch costs `cost`."""
    inside, outside = -cost, 0.0
    came: list[tuple[bool, bool]] = []  # whether the best way into (inside, outside) was a switch
    for value in values:
        came.append((outside - cost > inside, inside - cost > outside))
        inside, outside = max(inside, outside - cost) + value, max(outside, inside - cost)
    state = inside - cost > outside
    chosen = []
    for switched_in, switched_out in reversed(came):
        chosen.append(state)
        state = not state if (switched_in if state else switched_out) else state
    return chosen[::-1]


def _score_lines(page: DocumentLines) -> list[float]:
    base, trees = _load_model()
    return [base + sum(_tree_value(tree, row) for tree in trees) for row in feature_table(page)]


def _tree_value(tree: Tree, row: Sequence[float]) -> float:
    node = tree[0]
    while type(node) is tuple:
        node = tree[node[2] if row[node[0]] <= node[1] else node[3]]
    return node  # type: ignore[return-value]  # every path ends in a number


@cache
def _load_model() -> tuple[float, list[Tree]]:
    """The trained table (training/lines.py)."""
    data = json.loads((files("digest.stages.clean") / "lines.json").read_text("utf-8"))
    if tuple(data["names"]) != FEATURE_NAMES:
        raise ValueError("lines.json was trained on other features: run training/lines.py")
    trees: list[Tree] = [
        [tuple(node) if isinstance(node, list) else float(node) for node in tree] for tree in data["trees"]
    ]
    return float(data["base"]), trees
