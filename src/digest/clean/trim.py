"""Where the article stands in a whole page of text: every line is scored, then the best lines are taken together."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from digest.clean.features import NAMES, table
from digest.clean.page import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.clean.page import Page

SWITCH = 0.5  # what it costs to begin or end a stretch of article
LEAN = 0.8  # added to every score: a kept line of furniture harms less than a lost line of news
INSIDE = 2.5  # a line between article lines goes only when its score is below minus this
CLAMP = 6.0  # no single line may decide alone
HEAD, FOOT = 12, 6  # lines above and below the article that are read for title, byline, source before they go
FURNITURE = 8  # lines around the article, besides those that rules have named, that make a page of a text
NAMED = 3  # lines that rules have named
MENU = 30  # lines around the article that make a page of a text without any help of rules
CERTAIN = frozenset("share comments marker notice promotion tags copyright advertisement teaser continue address".split()) | {"reading time"}


def trim(page: Page) -> None:
    """Drop what lies around and, where it is very unlike the article, inside it; texts that are no page stay whole.

    The lines nearest to the article are only put on `page.pending`: they may hold title and byline.
    """
    if len(page.lines) < FURNITURE + 4:
        return
    gone = [reason is not None for reason in page.reasons]
    keep = kept_by(_scores(page), gone)
    article = [at for at, value in enumerate(keep) if value]
    if not article or not _is_page(page, article):
        return
    first, last = article[0], article[-1]
    for at, value in enumerate(keep):
        if value or gone[at]:
            continue
        if first - HEAD <= at < first or last < at <= last + FOOT:
            page.pending.append(at)
        else:
            page.drop(at, "page furniture")


def kept_by(scores: Sequence[float], gone: Sequence[bool]) -> list[bool]:
    """Which lines to keep: the choice of stretches with the greatest sum of scores (Viterbi, two states)."""
    values = [-0.2 if lost else max(-CLAMP, min(CLAMP, score + LEAN)) for score, lost in zip(scores, gone, strict=True)]
    keep = stretches(values, SWITCH)
    article = [at for at, value in enumerate(keep) if value]
    if article:
        for at in range(article[0], article[-1]):
            keep[at] = keep[at] or values[at] > -INSIDE
    return [value and not lost for value, lost in zip(keep, gone, strict=True)]


def stretches(values: Sequence[float], cost: float) -> list[bool]:
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


def _is_page(page: Page, article: list[int]) -> bool:
    """Furniture stands around running text: a poem, a list or a note has none, whatever its lines look like."""
    inside = set(article)
    if sum(paragraph(page.lines[at]) for at in article) < 2:
        return False
    around = [at for at in page.kept() if at not in inside]
    named = sum(reason in CERTAIN for reason in page.reasons)
    if len(around) >= MENU:
        return True
    return len(around) + named >= FURNITURE and named >= NAMED


def _scores(page: Page) -> list[float]:
    base, trees = _model()
    return [base + sum(_leaf(tree, row) for tree in trees) for row in table(page)]


def _leaf(tree: Sequence[float | Sequence[float]], row: Sequence[float]) -> float:
    node = tree[0]
    while not isinstance(node, float):
        feature, threshold, left, right = node
        node = tree[int(left if row[int(feature)] <= threshold else right)]
    return node


@cache
def _model() -> tuple[float, list[list[float | tuple[float, ...]]]]:
    """The trained table (benchmarks/train_lines.py)."""
    data = json.loads((files("digest.clean") / "lines.json").read_text("utf-8"))
    if tuple(data["names"]) != NAMES:
        raise ValueError("lines.json was trained on other features: run benchmarks/train_lines.py")
    trees = [[tuple(node) if isinstance(node, list) else float(node) for node in tree] for tree in data["trees"]]
    return float(data["base"]), trees
