"""Every summariser of the sumy package behind one adapter, without NLTK data.

sumy's own Tokenizer needs data that are in no wheel, so it is never called: sentences come split, and words
from this package. Long inputs are cut before sumy sees them, because most of its methods grow with the
square or the cube of the number of sentences.
"""

from __future__ import annotations

import math
import warnings
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from digest.text.cues import language_cues
from digest.text.words import split_words, stem_word, stop_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Budget

    Position = tuple[int, int]

Method = Literal["lex-rank", "text-rank", "luhn", "lsa", "sum-basic", "kl", "reduction", "edmundson"]

# Class name, and the most sentences that take about a second or two; later ones are not looked at.
METHODS: dict[str, tuple[str, int]] = {
    "lex-rank": ("LexRankSummarizer", 500),
    "text-rank": ("TextRankSummarizer", 800),
    "luhn": ("LuhnSummarizer", 2000),
    "lsa": ("LsaSummarizer", 800),
    "sum-basic": ("SumBasicSummarizer", 1500),
    "kl": ("KLSummarizer", 120),
    "reduction": ("ReductionSummarizer", 600),
    "edmundson": ("EdmundsonSummarizer", 2000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SumySummariser:
    """Rank sentences by a method of sumy over the union of all documents."""

    method: Method = "lex-rank"  # which of sumy's methods

    def choose(self, documents: Sequence[Sequence[str]], budget: Budget, language: str) -> list[Position]:
        """Positions (document, sentence), best first; of long inputs the first sentences of each document only."""
        del budget  # sumy ranks the same for every length
        places = [(number, place) for number, document in enumerate(documents) for place in range(len(document))]
        most = METHODS[self.method][1]
        if len(places) > most:
            places = sorted(sorted(places, key=lambda position: (position[1], position[0]))[:most])
        if not places:
            return []
        ranked = self._rank_sentences([documents[number][place] for number, place in places], language)
        return [places[i] for i in ranked]

    def _rank_sentences(self, sentences: list[str], language: str) -> list[int]:
        rated: list[tuple[float, int]] = []

        def keep_ratings(ranking: Sequence[Any]) -> Sequence[Any]:
            # Rounded, because sumy sums over sets: the last digits change from process to process.
            rated.extend((-_stable_rating(item.rating), item.order) for item in ranking)
            return ranking[:1]

        with warnings.catch_warnings(), _limit_to_one_thread() if self.method == "lsa" else nullcontext():
            warnings.simplefilter("ignore")
            self._build_summariser(language)(_sumy_document(sentences), keep_ratings)
        return [order for _, order in sorted(rated)]

    def _build_summariser(self, language: str) -> Any:
        module = import_module("sumy.summarizers." + self.method.replace("-", "_"))
        summariser = getattr(module, METHODS[self.method][0])(lambda word: stem_word(word, language))
        stops, known = stop_words(language) or {""}, language_cues(language)
        if self.method == "edmundson":  # it wants cue words and names none: those who speak, those who digress
            summariser.null_words = stops
            summariser.bonus_words = known.speech or {""}
            summariser.stigma_words = known.connective or {""}
        else:
            summariser.stop_words = stops
        return summariser


class _Tokenizer:
    """What sumy asks of a tokenizer: the sentences are split already."""

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        return (paragraph,)

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(split_words(sentence))


def _sumy_document(sentences: list[str]) -> Any:
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

    tokenizer = _Tokenizer()
    return ObjectDocumentModel([Paragraph([Sentence(sentence, tokenizer) for sentence in sentences])])


def _stable_rating(rating: float) -> float:
    value = float(rating)
    return round(value, 9) if math.isfinite(value) else -math.inf


def _limit_to_one_thread() -> AbstractContextManager[object]:
    """Keep BLAS from spinning idle threads, several times the work itself, where threadpoolctl is installed."""
    try:
        threads = import_module("threadpoolctl")
    except ImportError:
        return nullcontext()
    import_module("numpy")  # the limits hold for libraries that are loaded
    limits: AbstractContextManager[object] = threads.threadpool_limits(limits=1)
    return limits
