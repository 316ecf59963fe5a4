"""Runs of link text that a scrape glued into a sentence: the run goes, the sentence stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.model import DroppedPiece

if TYPE_CHECKING:
    from digest.stages.clean.lines import DocumentLines

MAX_RUN_CHARACTERS = 700  # characters of one run
MAX_WORDS_BEFORE_ECHO = 5  # words between the name and its echo: "TrumpDonald John Trump"


def cut_link_runs(page: DocumentLines) -> None:
    """Remove a name's pop-up ("TrumpDonald TrumpTrump ... headlines ... MORE") from inside each line."""
    for index, line in enumerate(page.lines):
        page.lines[index], cut = _split_off_runs(line, page)
        page.extra += [DroppedPiece(text=piece, reason="link run") for piece in cut]


def _split_off_runs(line: str, page: DocumentLines) -> tuple[str, list[str]]:
    cut = []
    while (run := _find_run(line, page)) is not None:
        cut.append(line[run[0] : run[1]].strip())
        head, tail = line[: run[0]].rstrip(), line[run[1] :].lstrip()
        line = f"{head} {tail}" if tail and tail[0] not in ".,;:!?)’'”" else head + tail
    return line, cut


# A small letter, then a capital without a blank: two pieces of text were glued here.
GLUED_WORDS = re.compile(r"(?<=[a-zà-öø-ÿ.])(?=[A-ZÀ-ÖØ-Þ])")
LAST_WORD = re.compile(r"[^\W\d_][\w’'-]*\.?$")


def _find_run(line: str, page: DocumentLines) -> tuple[int, int] | None:
    for glue in GLUED_WORDS.finditer(line):
        start = glue.start()
        name = LAST_WORD.search(line[max(0, start - 40) : start])
        if not name or len(name[0]) < 3:
            continue
        echo = re.match(
            rf"(?:\S+ ){{0,{MAX_WORDS_BEFORE_ECHO}}}?\S{{0,20}}?{re.escape(name[0])}(?=[A-ZÀ-ÖØ-Þ“‘\"'0-9])",
            line[start : start + 160],
        )
        end = echo and _find_run_end(line, start + echo.end(), page)
        if end:
            return start, end
    return None


def _find_run_end(line: str, start: int, page: DocumentLines) -> int | None:
    ends = []
    for token in page.labels.phrases("closing"):
        at = line.find(token, start, start + MAX_RUN_CHARACTERS)
        if at >= 0 and not line[at - 1].isalnum():
            ends.append((at, -len(token)))
    if not ends:
        return None
    at, length = min(ends)
    return at - length
