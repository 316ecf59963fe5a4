"""A headline for an article that has none: its own words, never a new claim."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from digest.text.readable import flaw, leans
from digest.text.words import content_words, stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 80  # characters
SHORTEST = 20

# A subordinate clause, a quotation, a question or a list says less, or something else, out of its place.
_UNFIT = re.compile(r"[?:;\"“”„«»]|\.\.\.|…")
_AFTER_COMMA = re.compile(r"^[^,]{3,40},\s+")


def made_title(sentences: Sequence[str], language: str = "en") -> str:
    """At most 80 characters of the article's own words.

    The most central sentence that is short enough as a whole, without its full stop; else the main clause
    behind a short opening phrase; else the article's key terms.
    """
    weights = Counter(stem for sentence in sentences for stem in set(stems(sentence, language)))
    candidates = [
        (_central(title, weights, language) - 0.02 * place, -place, title)
        for place, sentence in enumerate(sentences)
        for title in _titles(sentence, language)
    ]
    if candidates:
        return max(candidates)[2]
    return key_terms(sentences, language)


def key_terms(sentences: Sequence[str], language: str = "en") -> str:
    """The most frequent content words as written, a few of them, separated by commas; never empty."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for sentence in sentences:
        for word in re.findall(r"[^\W\d_][\w'’-]+", sentence):
            if content_words(word, language):
                stem = stems(word, language)[0]
                counts[stem] += 1
                written.setdefault(stem, word)
    title = ""
    for stem, _ in counts.most_common(4):
        longer = f"{title}, {written[stem]}" if title else written[stem]
        title = longer if len(longer) <= LONGEST else title
    return title or " ".join(sentences)[:LONGEST].strip() or "…"


def _titles(sentence: str, language: str) -> list[str]:
    """What of the sentence could be a headline: all of it."""
    text = sentence.rstrip(" .")
    fits = SHORTEST <= len(text) <= LONGEST and len(words(text)) >= 4
    if (
        not fits
        or _UNFIT.search(text)
        or leans(sentence, language)
        or flaw(sentence, language) not in (None, "fragment")
    ):
        return []
    return [text]


def _central(title: str, weights: Counter[str], language: str) -> float:
    """Mean number of sentences that share the title's words."""
    inside = stems(title, language)
    return sum(weights[stem] for stem in inside) / (len(inside) + 1) / max(1, max(weights.values(), default=1))
