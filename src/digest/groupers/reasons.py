"""The parts of a score as an article writes them: a reason is never made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.model import Why
from digest.text.words import WORD, content_words, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.groupers.relevance import Addend
    from digest.model import Article

PLACES = 6  # decimal places of a weight


def reasons(article: Article, parts: Sequence[Addend]) -> tuple[tuple[Why, ...], float]:
    """The reasons, own words first and strongest first, and the score, which is their sum.

    Each term is the first form in which the title, else the text, writes the stem.
    """
    wanted = {stem for part in parts for stem in part.stems}
    title = _written(article.title or "", article.language, wanted)
    text = _written(article.text, article.language, wanted - title.keys())
    why = tuple(
        Why(
            term=" ".join(title.get(stem) or text.get(stem, stem) for stem in part.stems),
            weight=round(part.weight, PLACES),
            where="learnt" if part.learnt else "title" if part.stems[0] in title else "text",
        )
        for part in sorted(parts, key=lambda part: (part.learnt, -part.weight, part.stems))
        if round(part.weight, PLACES) > 0
    )
    return why, round(sum(one.weight for one in why), PLACES)


def _written(text: str, language: str, wanted: set[str]) -> dict[str, str]:
    """The first written form of each wanted stem."""
    forms: dict[str, str] = {}
    for match in WORD.finditer(text):
        if len(forms) == len(wanted):
            break
        for word in content_words(match[0], language):
            found = stem(word, language)
            if found in wanted:
                forms.setdefault(found, match[0][: len(word)])
    return forms
