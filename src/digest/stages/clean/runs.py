"""Runs of link text that a scrape glued into a sentence: the run goes, the sentence stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.model import Dropped

if TYPE_CHECKING:
    from digest.stages.clean.lines import Page

LONGEST = 700  # characters of one run
MIDDLE = 5  # words between the name and its echo: "TrumpDonald John Trump"


def cut_runs(page: Page) -> None:
    """Remove a name's pop-up ("TrumpDonald TrumpTrump ... headlines ... MORE") from inside each line."""
    for index, line in enumerate(page.lines):
        page.lines[index], cut = _without_runs(line, page)
        page.extra += [Dropped(text=piece, reason="link run") for piece in cut]


def _without_runs(line: str, page: Page) -> tuple[str, list[str]]:
    cut = []
    while (run := _run(line, page)) is not None:
        cut.append(line[run[0] : run[1]].strip())
        head, tail = line[: run[0]].rstrip(), line[run[1] :].lstrip()
        line = f"{head} {tail}" if tail and tail[0] not in ".,;:!?)’'”" else head + tail
    return line, cut


# A small letter, then a capital without a blank: two pieces of text were glued here.
GLUE = re.compile(r"(?<=[a-zà-öø-ÿ.])(?=[A-ZÀ-ÖØ-Þ])")
LAST = re.compile(r"[^\W\d_][\w’'-]*\.?$")


def _run(line: str, page: Page) -> tuple[int, int] | None:
    for glue in GLUE.finditer(line):
        start = glue.start()
        name = LAST.search(line[max(0, start - 40) : start])
        if not name or len(name[0]) < 3:
            continue
        echo = re.match(
            rf"(?:\S+ ){{0,{MIDDLE}}}?\S{{0,20}}?{re.escape(name[0])}(?=[A-ZÀ-ÖØ-Þ“‘\"'0-9])", line[start : start + 160]
        )
        end = echo and _closing(line, start + echo.end(), page)
        if end:
            return start, end
    return None


def _closing(line: str, start: int, page: Page) -> int | None:
    ends = []
    for token in page.labels.entries("closing"):
        at = line.find(token, start, start + LONGEST)
        if at >= 0 and not line[at - 1].isalnum():
            ends.append((at, -len(token)))
    if not ends:
        return None
    at, length = min(ends)
    return at - length
