"""The parts of a score as an article writes them: a reason is never made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.model import ScoreTerm
from digest.text.words import WORD_PATTERN, content_words, stem_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.groupers.relevance import ScorePart
    from digest.model import Article

WEIGHT_DECIMALS = 6  # decimal places of a weight


def explain_score(article: Article, parts: Sequence[ScorePart]) -> tuple[tuple[ScoreTerm, ...], float]:
    """The reasons, own words first and strongest first, and the score, which is their sum.

    Each term is the first form in which the title, else the text, writes the stem.
    """
    wanted = {stem for part in parts for stem in part.stems}
    title = _first_spellings(article.title or "", article.language, wanted)
    text = _first_spellings(article.text, article.language, wanted - title.keys())
    why = tuple(
        ScoreTerm(
            term=" ".join(title.get(stem) or text.get(stem, stem) for stem in part.stems),
            weight=round(part.weight, WEIGHT_DECIMALS),
            where="learnt" if part.learnt else "title" if part.stems[0] in title else "text",
        )
        for part in sorted(parts, key=lambda part: (part.learnt, -part.weight, part.stems))
        if round(part.weight, WEIGHT_DECIMALS) > 0
    )
    return why, round(sum(one.weight for one in why), WEIGHT_DECIMALS)


def _first_spellings(text: str, language: str, wanted: set[str]) -> dict[str, str]:
    """The first written form of each wanted stem."""
    forms: dict[str, str] = {}
    for match in WORD_PATTERN.finditer(text):
        if len(forms) == len(wanted):
            break
        for word in content_words(match[0], language):
            found = stem_word(word, language)
            if found in wanted:
                forms.setdefault(found, match[0][: len(word)])
    return forms
