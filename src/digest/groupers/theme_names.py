"""A name for texts that belong together, in words of their own titles."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from digest.text.words import WORD_PATTERN, stem_word, stop_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_PHRASE_WORDS = 3  # words of a phrase
MAX_TITLES = 30  # titles that are read for a name
LENGTH_DAMPING = 0.35  # how little a longer phrase gains from its further words


def name_from_titles(titles: Sequence[str], weights: Mapping[str, float], language: str) -> str:
    """The best title phrase, and a second one that adds to it: "Chicago Bears, John Fox".

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

    ranked = sorted(held, key=phrase_score, reverse=True)
    if not ranked:
        return next((title for title in titles if title), "")
    second = next((stems for stems in ranked if not set(stems) & set(ranked[0])), None)
    chosen = [ranked[0], second] if second and phrase_score(second)[0] > phrase_score(ranked[0])[0] / 2 else [ranked[0]]
    return ", ".join(held[stems].most_common(1)[0][0] for stems in chosen if stems)


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
