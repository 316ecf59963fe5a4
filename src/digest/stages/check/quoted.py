"""What sources said, so that their words are told from what a template left behind."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.model import Issue

INVISIBLE_CHARACTERS = dict.fromkeys(
    (0x200B, 0x200C, 0x200D, 0x034F, 0xFEFF, 0x00AD, 0xA0, 0x2060, *range(0x2000, 0x200B)), " "
)

SCHEME = re.compile(r"https?://", re.IGNORECASE)
MAX_CUT_CHARACTERS = 220  # characters after which a title, a name or a subject may be cut
OVERLAP_SEED_CHARACTERS = 4
SOURCE_TEXT_KEYS = frozenset(
    ("title", "subject", "preheader", "theme", "text", "byline", "publisher")
)  # keys of issue.json


class SourceTexts:
    """Texts of sources, compared without regard to case, white space and what takes no room."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts = tuple(dict.fromkeys(texts))

    def blank_out(self, text: str) -> str:
        """`text`, as long as before, with blanks where it repeats a source, whole or cut before an ellipsis."""
        flat, places = _flatten_with_places(text)
        edges = [0] * (len(flat) + 1)  # +1 where a stretch begins, -1 after its end
        for start, end in (*self._whole_spans(flat), *self._cut_spans(flat)):
            edges[start] += 1
            edges[end] -= 1
        covered = {place for place, depth in zip(places, accumulate(edges), strict=False) if depth}
        return "".join(" " if place in covered else character for place, character in enumerate(text))

    def blank_out_runs(self, runs: Sequence[str]) -> list[str]:
        """The same for runs that a reader sees as one text: a link may stand within a quotation."""
        joined = self.blank_out("".join(runs))
        ends = list(accumulate(map(len, runs)))
        return [joined[end - len(run) : end] for run, end in zip(runs, ends, strict=True)]

    @cached_property
    def _flat_texts(self) -> list[str]:
        forms = (form for text in self.texts for form in (text, SCHEME.sub("", text)))
        return [flat for flat in dict.fromkeys(_flatten_with_places(form)[0] for form in forms) if flat]

    def _whole_spans(self, flat: str) -> Iterable[tuple[int, int]]:
        for literal in self._flat_texts:
            start = flat.find(literal)
            while start >= 0:
                yield start, start + len(literal)
                start = flat.find(literal, start + 1)

    def _cut_spans(self, flat: str) -> Iterable[tuple[int, int]]:
        """Where the beginning of a literal stands before an ellipsis."""
        for mark in re.finditer("…", flat):
            end = mark.start()
            window = flat[max(0, end - MAX_CUT_CHARACTERS) : end]
            longest = max((_suffix_overlap(window, literal) for literal in self._flat_texts), default=0)
            if longest:
                yield end - longest, end


def source_texts_of(issue: Issue) -> tuple[str, ...]:
    """The texts of sources that an issue prints."""
    told = [issue.title, issue.subject, issue.preheader, *(line.text for line in issue.top)]
    for section in issue.sections:
        told += [section.name, *(sentence.text for sentence in section.brief)]
        for brief in section.briefs:
            told += [brief.title, *(sentence.text for sentence in brief.sentences)]
            for article in brief.story.articles:
                told += [name for name in (article.publisher, article.byline, article.source) if name]
    return tuple(dict.fromkeys(told))


def source_texts_in_json(data: Any) -> tuple[str, ...]:
    """The same out of a saved `issue.json`; nothing for what is none."""
    told: list[str] = []
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            told += [text for key, text in value.items() if key in SOURCE_TEXT_KEYS and isinstance(text, str)]
            waiting += [inner for key, inner in value.items() if key != "problems"]
    return tuple(dict.fromkeys(told))


def _suffix_overlap(window: str, literal: str) -> int:
    """How many of the literal's first characters end the window."""
    head = literal[:OVERLAP_SEED_CHARACTERS]
    start = window.find(head)
    while start >= 0:
        if literal.startswith(window[start:]):
            return len(window) - start
        start = window.find(head, start + 1)
    return next((n for n in range(len(head) - 1, 0, -1) if window.endswith(literal[:n])), 0)


def _flatten_with_places(text: str) -> tuple[str, list[int]]:
    """What is left of a text when only its letters and signs count, and where each of them stood."""
    flat: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isprintable() and not character.isspace() and ord(character) not in INVISIBLE_CHARACTERS:
            folded = character.upper().casefold()  # names of themes stand in capitals
            flat.append(folded)
            places += [place] * len(folded)
    return "".join(flat), places
