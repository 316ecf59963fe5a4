"""A name for texts that belong together, in words of their own titles."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from digest.text.words import WORD_PATTERN, content_stems, stem_word, stop_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_PHRASE_WORDS = 3  # words of a phrase
MAX_TITLES = 30  # titles that are read for a name
MAX_NAME_CHARACTERS = 60
LENGTH_DAMPING = 0.35  # how little a longer phrase gains from its further words


def name_from_titles(titles: Sequence[str], weights: Mapping[str, float], language: str) -> str:
    """The best phrase, where half of the titles hold it: "Chicago Bears"; else the title that says most of all of them.

    A phrase of up to LONGEST words scores the sum of its stems' weights / stems^DAMPING, times the root of
    the share of titles that hold it. It keeps the spelling it has most often; "" where no title has words.
    """
    titles = titles[:MAX_TITLES]
    held: dict[tuple[str, ...], Counter[str]] = {}
    for title in titles:
        for stems, written in sorted(_title_phrases(title, language).items()):
            held.setdefault(stems, Counter())[written] += 1

    def phrase_score(stems: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
        total = sum(weights.get(stem, 0.0) for stem in dict.fromkeys(stems))
        return (total / len(set(stems)) ** LENGTH_DAMPING * sqrt(held[stems].total() / len(titles)), stems)

    best = max(held, key=phrase_score, default=None)
    if best is not None and held[best].total() * 2 >= len(titles):
        written = held[best].most_common(1)[0][0]
        if " " in written or written[0].isupper():  # a single common word names nothing
            return written
    worded = [title for title in titles if title]
    return _shorten_headline(max(worded, key=lambda title: _title_weight(title, weights, language), default=""))


def _title_weight(title: str, weights: Mapping[str, float], language: str) -> float:
    """How much a title says of what all of them are about."""
    stems = set(content_stems(title, language))
    return sum(weights.get(stem, 0.0) for stem in sorted(stems)) / sqrt(len(stems) or 1)


def _shorten_headline(title: str) -> str:
    """A headline cut between words, without what hangs on at the end."""
    if len(title) <= MAX_NAME_CHARACTERS:
        return title
    return title[: MAX_NAME_CHARACTERS - 1].rpartition(" ")[0].rstrip(" ,;:–—-(“\"'‘«„") + "…"


def _title_phrases(title: str, language: str) -> dict[tuple[str, ...], str]:
    """The phrases of a title, by their stems, as written; none begins or ends with a function word or is a number."""
    stops = stop_words(language)
    found = list(WORD_PATTERN.finditer(title))
    words = [match[0].lower().removesuffix("'s").removesuffix("’s") for match in found]
    phrases: dict[tuple[str, ...], str] = {}
    for first in range(len(found)):
        for last in range(first, min(first + MAX_PHRASE_WORDS, len(found))):
            inside = words[first : last + 1]
            if (
                inside[0] in stops
                or inside[-1] in stops
                or all(word.isdigit() for word in inside)
                or len(inside[0]) < 2
            ):
                continue
            written = title[found[first].start() : found[last].end()]
            if last > first and any(mark in written for mark in ',.;:!?|()"“”—–'):
                continue
            stems = tuple(stem_word(word, language) for word in inside if word not in stops)
            phrases.setdefault(stems, written.removesuffix("'s").removesuffix("’s"))
    return phrases
