"""Directed centrality: a sentence that resembles what comes after it says what the text is about.

The method is PacSum (Zheng and Lapata, ACL 2019, arXiv:1906.03508) with BM25 as the similarity and no
threshold, so that sums over all pairs come from two walks over the words: O(words) time and memory.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.cues import language_cues
from digest.text.words import UNSPACED_LANGUAGES, WORD_PATTERN, stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.model import Budget

    Position = tuple[int, int]
    Weights = dict[str, float]

K1, B = 1.2, 0.75  # BM25 (Robertson and Zaragoza 2009): saturation of repeats, normalisation by length
STEM_LETTERS = 7  # letters (McNamee and Mayfield 2004 on cut words in retrieval)
LONG_SENTENCE_WORDS = 40  # words
SHORT_SUMMARY_SHARE, LONG_SUMMARY_SHARE = (
    0.10,
    0.25,
)  # shares of the text: up to SHORT direction counts in full, from LONG not at all


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectedSummariser:
    """Rank sentences by directed centrality; several documents also by what the others say."""

    position: float = 1.0  # one document: bonus of its first sentence, divided by the place for later ones
    reluctance: float = 0.4  # penalty of a question, a quotation, the first person, and over 40 words
    diversity: float = 2.0  # several documents: penalty for resembling a sentence already ranked

    def choose(self, documents: Sequence[Sequence[str]], budget: Budget, language: str) -> list[Position]:
        """Every position (document, sentence), best first."""
        places = [(number, place) for number, document in enumerate(documents) for place in range(len(document))]
        if not places:
            return []
        bags = [Counter(sentence_terms(documents[number][place], language)) for number, place in places]
        weights = _word_weights(bags)
        author = language_cues(language).author
        less = [self.reluctance * _count_awkward_traits(documents[number][place], author) for number, place in places]
        if len(documents) == 1:
            scores = directed_scores(bags, weights, backward=backward_weight(_summary_share(documents[0], budget)))
            total = [
                score + self.position / (1 + place) - minus
                for score, minus, (_, place) in zip(scores, less, places, strict=True)
            ]
            order = sorted(range(len(places)), key=lambda i: (-total[i], i))
        else:
            order = self._rank_diversely([number for number, _ in places], bags, weights, less, budget)
        return [places[i] for i in order]

    def _rank_diversely(
        self, owners: list[int], bags: list[Counter[str]], weights: Weights, less: list[float], budget: Budget
    ) -> list[int]:
        """Maximal marginal relevance (Carbonell and Goldstein 1998) over the sum of two standard scores.

        One is the directed score inside each document, so the order of the documents does not matter; the other
        says how much the other documents agree.
        """
        vectors = [_unit_vector(bag, weights) for bag in bags]
        within = [score for own in _bags_by_document(owners, bags) for score in directed_scores(own, weights)]
        across = cross_scores(vectors, owners)
        total = [a + b - c for a, b, c in zip(standard_scores(within), standard_scores(across), less, strict=True)]
        rest = sorted(range(len(total)), key=lambda i: (-total[i], i))
        near = [0.0] * len(total)
        ranked: list[int] = []
        while rest and len(ranked) < _sentences_to_rank(budget):
            best = max(rest, key=lambda i: total[i] - self.diversity * near[i])
            rest.remove(best)
            ranked.append(best)
            for i in rest:
                near[i] = max(near[i], _dot_product(vectors[i], vectors[best]))
        return ranked + rest


def sentence_terms(sentence: str, language: str) -> list[str]:
    """The content words of a sentence, cut to STEM letters; pairs of characters where words are not separated.

    Cutting conflates inflected forms in every language and measured the same as Snowball stems, which take
    longer than all the rest together.
    """
    if language in UNSPACED_LANGUAGES:
        return [sentence[at : at + 2] for at in range(len(sentence) - 1)]
    stops = stop_words(language)
    text = sentence.lower().replace("’", "'").replace("'s ", " ")
    return [
        word[:STEM_LETTERS]
        for word in WORD_PATTERN.findall(text)
        if word not in stops and (len(word) > 1 or word.isdigit())
    ]


def directed_scores(bags: Sequence[Counter[str]], weights: Weights, *, backward: float = -1.0) -> list[float]:
    """How much each bag of words resembles the later ones, plus `backward` times the earlier ones; each part at most 1."""
    sizes = [sum(bag.values()) for bag in bags]
    mean = max(sum(sizes) / len(sizes), 1)
    parts = [
        _saturated_weights(bag, K1 * (1 - B + B * size / mean), weights) for bag, size in zip(bags, sizes, strict=True)
    ]
    back = _similarities_to_earlier(parts, range(len(parts)))
    forth = _similarities_to_earlier(parts, range(len(parts) - 1, -1, -1))
    most_back, most_forth = max(back) or 1.0, max(forth) or 1.0
    return [f / most_forth + backward * b / most_back for f, b in zip(forth, back, strict=True)]


def backward_weight(share: float) -> float:
    """-1 for a summary of up to a tenth of the text, +1 from a quarter on, in between on a line."""
    return max(-1.0, min(1.0, -1.0 + 2.0 * (share - SHORT_SUMMARY_SHARE) / (LONG_SUMMARY_SHARE - SHORT_SUMMARY_SHARE)))


def cross_scores(vectors: Sequence[Weights], owners: Sequence[int]) -> list[float]:
    """Sum of the cosines of each sentence to all sentences of the other documents, without any pair."""
    everything: Weights = {}
    own: dict[int, Weights] = {}
    for vector, owner in zip(vectors, owners, strict=True):
        mine = own.setdefault(owner, {})
        for word, value in vector.items():
            everything[word] = everything.get(word, 0.0) + value
            mine[word] = mine.get(word, 0.0) + value
    return [
        sum(value * (everything[word] - own[owner][word]) for word, value in vector.items())
        for vector, owner in zip(vectors, owners, strict=True)
    ]


def standard_scores(values: Sequence[float]) -> list[float]:
    """Standard scores: mean 0, deviation 1; all 0 when nothing differs."""
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / deviation if deviation > 1e-12 else 0.0 for value in values]


def _count_awkward_traits(sentence: str, author: frozenset[str]) -> int:
    """How many reasons there are to say it with another sentence."""
    question = sentence.rstrip("\"”“’'»«) ").endswith(("?", "？", "؟"))
    first_person = not author.isdisjoint(sentence.replace("’", "'").split())
    return (
        question
        + first_person
        + sentence.startswith(('"', "“", "„", "«", "»"))
        + (sentence.count(" ") >= LONG_SENTENCE_WORDS)
    )


def _sentences_to_rank(budget: Budget) -> int:
    """How many sentences to rank with care: twice what the budget holds, and some to spare."""
    return 2 * (budget.sentences or (budget.words or 120) // 12) + 4


def _word_weights(bags: Sequence[Counter[str]]) -> Weights:
    """Inverse frequency over the sentences themselves: no table, so the same text has the same summary for ever."""
    frequency = Counter(word for bag in bags for word in bag)
    total = len(bags) + 1
    return {word: math.log(total / (count + 0.5)) for word, count in frequency.items()}


def _saturated_weights(bag: Counter[str], norm: float, weights: Weights) -> Weights:
    return {word: weights[word] * count * (K1 + 1) / (count + norm) for word, count in bag.items()}


def _similarities_to_earlier(parts: Sequence[Weights], order: Iterable[int]) -> list[float]:
    """For each sentence the sum of its similarities to those visited before it."""
    weight: Weights = {}
    count: dict[str, int] = {}
    totals = [0.0] * len(parts)
    for i in order:
        total = 0.0
        for word, value in parts[i].items():
            seen = count.get(word, 0)
            if seen:
                total += weight[word] + value * seen
                weight[word] += value
            else:
                weight[word] = value
            count[word] = seen + 1
        totals[i] = total / 2
    return totals


def _unit_vector(bag: Counter[str], weights: Weights) -> Weights:
    vector = {word: (1 + math.log(count)) * weights[word] for word, count in bag.items()}
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {word: value / length for word, value in vector.items()}


def _dot_product(a: Weights, b: Weights) -> float:
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return sum(value * large[word] for word, value in small.items() if word in large)


def _bags_by_document(owners: Sequence[int], bags: Sequence[Counter[str]]) -> list[list[Counter[str]]]:
    """The bags of each document."""
    runs: dict[int, list[Counter[str]]] = {}
    for owner, bag in zip(owners, bags, strict=True):
        runs.setdefault(owner, []).append(bag)
    return list(runs.values())


def _summary_share(sentences: Sequence[str], budget: Budget) -> float:
    """Length of the summary asked for over the length of the text."""
    if budget.sentences is not None:
        return budget.sentences / len(sentences)
    if budget.words is not None:
        return budget.words / sum(sentence.count(" ") + 1 for sentence in sentences)
    return 1.0
