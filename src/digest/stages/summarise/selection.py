"""From a ranking to a summary that reads well: greedy, one sentence at a time, in source order at the end."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from typing import TYPE_CHECKING

from digest.text.readable import NameMentions, capitalised_words, depends_on_previous, sentence_length, summary_flaw
from digest.text.words import content_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from digest.model import Budget

    Position = tuple[int, int]

MIN_REPEAT_COSINE = 0.5  # cosine of two sentences' content words from which one is enough
MAX_COMPARED_SENTENCES = 50  # sentences chosen so far that a candidate is compared with: keeps long summaries linear


def select_sentences(
    documents: Sequence[Sequence[str]],
    ranking: Iterable[Position],
    budget: Budget,
    language: str,
    *,
    used: Collection[Position] = (),
) -> list[Position]:
    """Positions of the summary in source order: see `take_sentences`."""
    return sorted(take_sentences(documents, ranking, budget, language, used=used))


def take_sentences(
    documents: Sequence[Sequence[str]],
    ranking: Iterable[Position],
    budget: Budget,
    language: str,
    *,
    used: Collection[Position] = (),
) -> list[Position]:
    """Positions of the summary, best first: the best ranked that can stand, until the budget is full. Any beginning stands too.

    A sentence that leans on its predecessor is taken only after it, one that says a name in short only after one
    that says the name; flawed sentences and repetitions are not taken; `used` ones are printed elsewhere and not repeated here. A budget of words is a
    limit, not a quota: what ranks low is not taken to fill the rest. When nothing can stand the least bad is
    taken: the answer is empty only for no text at all.
    """
    order = _complete_ranking(documents, ranking, used)
    taken = _take_greedily(documents, order, budget, language)
    return taken or _least_bad_sentence(documents, order, budget, language)


def _complete_ranking(
    documents: Sequence[Sequence[str]], ranking: Iterable[Position], used: Collection[Position]
) -> list[Position]:
    """The ranking without doubles and strangers, then what it left out in reading order."""
    known = {(number, place): None for number, document in enumerate(documents) for place in range(len(document))}
    first = dict.fromkeys(place for place in map(tuple, ranking) if place in known)
    return [position for position in {**first, **known} if position not in used]


def _take_greedily(
    documents: Sequence[Sequence[str]], order: list[Position], budget: Budget, language: str
) -> list[Position]:
    """The greedy walk down the ranking; who waits for another sentence comes back when that one is taken."""
    company = _SentenceDependencies(documents, language)
    rank = {position: number for number, position in enumerate(order)}
    ready = list(range(len(order)))  # a sorted list is a heap
    remaining = _RemainingBudget(budget, language)
    bags: list[Counter[str]] = []
    passed = 0
    while ready and remaining.allows_more():
        position = order[heapq.heappop(ready)]
        sentence = documents[position[0]][position[1]]
        if summary_flaw(sentence, language):
            continue
        if not remaining.can_hold(sentence):
            passed += 1
            if bags and passed >= len(bags) - 1:
                break
            continue
        if company.must_wait(position):
            continue
        bag = Counter(content_words(sentence, language))
        if any(_bag_cosine(bag, other) >= MIN_REPEAT_COSINE for other in bags[:MAX_COMPARED_SENTENCES]):
            continue
        remaining.spend_on(sentence)
        bags.append(bag)
        for waiting in company.take_sentence(position):
            heapq.heappush(ready, rank[waiting])
    return list(company.taken)


class _SentenceDependencies:
    """Which sentences are taken, and which wait for what: their predecessor, or a sentence that says a name."""

    def __init__(self, documents: Sequence[Sequence[str]], language: str) -> None:
        self.taken: dict[Position, None] = {}
        self._documents = documents
        self._language = language
        self._names: dict[int, NameMentions] = {}
        self._said: set[str] = set()  # by any document
        self._waiting: dict[Position | str, list[Position]] = {}

    def must_wait(self, position: Position) -> bool:
        """Whether the sentence must wait for another; it is remembered and returned by `take` in time."""
        number, place = position
        if (number, place - 1) not in self.taken and depends_on_previous(
            self._documents[number][place], self._language
        ):
            self._waiting.setdefault((number, place - 1), []).append(position)
            return True
        for name in self._short_names(position):
            if name not in self._said:
                self._waiting.setdefault(name, []).append(position)
                return True
        return False

    def take_sentence(self, position: Position) -> list[Position]:
        """Take the sentence; returns those that waited for it."""
        number, place = position
        self.taken[position] = None
        released = self._waiting.pop(position, [])
        for name in capitalised_words(self._documents[number][place]):
            self._said.add(name)
            released += self._waiting.pop(name, [])
        return released

    def _short_names(self, position: Position) -> list[str]:
        number, place = position
        if number not in self._names:
            self._names[number] = NameMentions(self._documents[number], self._language)
        return self._names[number].short_names(place)


def _least_bad_sentence(
    documents: Sequence[Sequence[str]], order: list[Position], budget: Budget, language: str
) -> list[Position]:
    """One sentence: what fits and reads best, when nothing reads well."""
    remaining = _RemainingBudget(budget, language)

    def badness(ranked: tuple[int, Position]) -> tuple[bool, int, int]:
        rank, (number, place) = ranked
        sentence = documents[number][place]
        return not remaining.can_hold(sentence), _flaw_severity(sentence, language), rank

    best = min(enumerate(order), key=badness, default=None)
    return [best[1]] if best else []


def _flaw_severity(sentence: str, language: str) -> int:
    """0 for a sentence that can stand; a whole quotation is better than a reference to nothing, that than a fragment."""
    reason = summary_flaw(sentence, language)
    if reason == "quotation without a speaker" and not depends_on_previous(sentence, language):
        return 1
    if reason is None:
        return 2 if depends_on_previous(sentence, language) else 0
    return 3


class _RemainingBudget:
    """What is left of a budget."""

    def __init__(self, budget: Budget, language: str) -> None:
        self.sentences: float = math.inf if budget.sentences is None else budget.sentences
        self.words: float = math.inf if budget.words is None else budget.words
        self._language = language

    def allows_more(self) -> bool:
        return self.sentences > 0 and self.words > 0

    def can_hold(self, sentence: str) -> bool:
        return sentence_length(sentence, self._language) <= self.words

    def spend_on(self, sentence: str) -> None:
        self.sentences -= 1
        self.words -= sentence_length(sentence, self._language)


def _bag_cosine(a: Counter[str], b: Counter[str]) -> float:
    common = sum(count * b[word] for word, count in a.items() if word in b)
    if not common:
        return 0.0
    return common / math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
