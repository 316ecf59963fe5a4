"""What can be seen of a line without reading it: its own shape, its neighbours, its place in the document."""

from __future__ import annotations

import re
from math import log1p
from typing import TYPE_CHECKING

from digest.stages.clean.lines import BULLET_START, ends_sentence, is_running_text, word_count
from digest.text.dates import find_date
from digest.text.words import split_words, stop_words

if TYPE_CHECKING:
    from digest.stages.clean.lines import DocumentLines
    from digest.text.boilerplate import PhraseLists

QUOTE = re.compile(r"^[“\"„«‘'「]")
SIGNS = re.compile(r"[|›»•·@#/©→]|https?:")
NUMBER = re.compile(r"\d")
SHAPE_FEATURES = (
    "words", "letters", "finished", "colon", "question", "stops", "digits", "capitals", "upper", "signs", "bullet", "quote",
    "lower", "commas", "paragraph", "dated", "label", "promote", "legal", "share", "dropped", "short",
)  # fmt: skip
NEIGHBOUR_FEATURES = ("words", "finished", "stops", "paragraph", "dropped", "capitals", "label", "signs")
NEIGHBOUR_OFFSETS = (-3, -2, -1, 1, 2, 3)
POSITION_FEATURES = (
    "top", "bottom", "before", "after", "gap_before", "gap_after", "window", "window_dropped", "shared", "repeat",
    "lines", "running", "short_share", "dropped_share", "head", "tail", "inside", "core", "core_before", "core_after",
)  # fmt: skip
FEATURE_NAMES = (
    *SHAPE_FEATURES,
    *(f"{name}{offset:+d}" for offset in NEIGHBOUR_OFFSETS for name in NEIGHBOUR_FEATURES),
    *POSITION_FEATURES,
)


def feature_table(page: DocumentLines) -> list[list[float]]:
    """One row of features for every line of the page, in the order of `NAMES`; linear in the text."""
    shapes = [
        _shape_features(line, page.labels, page.language, dropped=reason is not None)
        for line, reason in zip(page.lines, page.reasons, strict=True)
    ]
    near = [[shape[SHAPE_FEATURES.index(name)] for name in NEIGHBOUR_FEATURES] for shape in shapes]
    blank = [0.0] * len(NEIGHBOUR_FEATURES)
    places = _position_features(page, shapes)
    rows = []
    for at, shape in enumerate(shapes):
        row = list(shape)
        for offset in NEIGHBOUR_OFFSETS:
            row += near[at + offset] if 0 <= at + offset < len(near) else blank
        rows.append(row + places[at])
    return rows


def _shape_features(line: str, labels: PhraseLists, language: str, *, dropped: bool) -> list[float]:
    tokens = split_words(line[:2000])
    count = max(word_count(line), 1)
    stops = stop_words(language)
    density = sum(token in stops for token in tokens) / len(tokens) if tokens and stops else 0.35
    written = line.split()
    alphabetic = [token for token in written if token[:1].isalpha()]
    capitals = sum(token[:1].isupper() for token in alphabetic) / len(alphabetic) if alphabetic else 0.0
    short = count <= 40
    return [
        log1p(count),
        log1p(len(line)) - log1p(count),
        float(ends_sentence(line)),
        float(line.endswith(":")),
        float(line.endswith(("?", "!"))),
        density,
        min(1.0, 4 * len(NUMBER.findall(line[:400])) / min(len(line), 400)),
        capitals,
        float(line.isupper()),
        min(3.0, len(SIGNS.findall(line[:400]))) / 3,
        float(bool(BULLET_START.match(line))),
        float(bool(QUOTE.match(line))),
        float(line[:1].islower()),
        min(1.0, 5 * line.count(",") / count),
        float(is_running_text(line)),
        float(short and find_date(line) is not None),
        float(
            short and (labels.match_start("teaser", line) is not None or labels.match_start("tags", line) is not None)
        ),
        float(short and labels.match_start("promote", line) is not None),
        min(2.0, len(labels.find_phrases("fine_print", line)) + len(labels.find_phrases("object", line)) / 2) / 2
        if short
        else 0.0,
        sum(token in labels.phrase_keys("share") for token in tokens) / len(tokens) if tokens and short else 0.0,
        float(dropped),
        float(count <= 3),
    ]


def _position_features(page: DocumentLines, shapes: list[list[float]]) -> list[list[float]]:
    count = len(page.lines)
    running = [bool(shape[SHAPE_FEATURES.index("paragraph")]) for shape in shapes]
    dropped = [bool(shape[SHAPE_FEATURES.index("dropped")]) for shape in shapes]
    sizes = [len(line) if not gone else 0 for line, gone in zip(page.lines, dropped, strict=True)]
    total = sum(running)
    first = next((at for at, value in enumerate(running) if value), count)
    last = next((at for at in range(count - 1, -1, -1) if running[at]), -1)
    short = sum(shape[0] < log1p(6.5) for shape in shapes) / max(count, 1)
    document = [
        log1p(count) / 6,
        total / max(count, 1),
        short,
        sum(dropped) / max(count, 1),
        log1p(first) / 5,
        log1p(max(0, count - 1 - last)) / 5,
    ]
    shared, repeats = _vocabulary_features(page, running)
    before, distances, rows = 0, _running_text_distances(running), []
    begin, end = find_core_lines(page, dropped)
    for at in range(count):
        window = sizes[max(0, at - 4) : at] + sizes[at + 1 : at + 5]
        lost = dropped[max(0, at - 4) : at + 5]
        gap_before, gap_after = distances[at]
        rows.append(
            [
                log1p(at) / 5, log1p(count - 1 - at) / 5, log1p(before) / 4, log1p(total - before - running[at]) / 4,
                log1p(gap_before) / 4, log1p(gap_after) / 4, log1p(sum(window) / 8) / 6, sum(lost) / len(lost),
                shared[at], repeats[at], *document, float(first < at < last),
                float(begin <= at < end), log1p(max(0, begin - at)) / 4, log1p(max(0, at - end + 1)) / 4,
            ]
        )  # fmt: skip
        before += running[at]
    return rows


def _running_text_distances(running: list[bool]) -> list[tuple[int, int]]:
    """Lines to the nearest running text before and after, 60 when there is none."""
    far = 60
    before, after, gap = [], [], far
    for value in running:
        before.append(gap)
        gap = 0 if value else min(far, gap + 1)
    gap = far
    for value in reversed(running):
        after.append(gap)
        gap = 0 if value else min(far, gap + 1)
    return list(zip(before, reversed(after), strict=True))


def _vocabulary_features(page: DocumentLines, running: list[bool]) -> tuple[list[float], list[float]]:
    """For each line the share of its longer words that other running text uses, and whether it stands twice."""
    bags = [{word for word in split_words(line[:2000]) if len(word) > 3} for line in page.lines]
    counts: dict[str, int] = {}
    for bag, value in zip(bags, running, strict=True):
        if value:
            for word in bag:
                counts[word] = counts.get(word, 0) + 1
    seen: dict[str, int] = {}
    for line in page.lines:
        seen[line] = seen.get(line, 0) + 1
    shared = []
    for bag, value in zip(bags, running, strict=True):
        own = int(value)
        shared.append(sum(counts.get(word, 0) > own for word in bag) / len(bag) if bag else 0.0)
    return shared, [float(seen[line] > 1) for line in page.lines]


MIN_LINE_SCORE = -16.0  # no single line may cost the core more


def find_core_lines(page: DocumentLines, dropped: list[bool]) -> tuple[int, int]:
    """[start, end) of the contiguous lines with the greatest sum of plain worth (Bentley 1984)."""
    best, begin, end, total, start = 0.0, 0, 0, 0.0, 0
    for at, line in enumerate(page.lines):
        total += -4.0 if dropped[at] else max(MIN_LINE_SCORE, running_text_score(line, page.language))
        if total <= 0:
            total, start = 0.0, at + 1
        elif total > best:
            best, begin, end = total, start, at + 1
    return (begin, end) if end else (0, len(page.lines))


def running_text_score(line: str, language: str) -> float:
    """How much a line alone looks like running text: long, finished, full of function words."""
    tokens = split_words(line[:2000])
    count = max(len(tokens), word_count(line))
    stops = stop_words(language)
    density = sum(token in stops for token in tokens) / len(tokens) if tokens and stops else 0.4
    value = min(count, 60) * (0.5 + density) + (4 if ends_sentence(line) else -6) - (8 if count < 6 else 0)
    return value - 7 - (10 if density < 0.15 else 0)
