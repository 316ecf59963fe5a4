"""From a ranking to a summary that reads well: greedy, one sentence at a time, in source order at the end."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from typing import TYPE_CHECKING

from digest.text.readable import dangles, flaw
from digest.text.words import content_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from digest.model import Budget

    Position = tuple[int, int]

REPEATS = 0.6  # cosine of two sentences' content words from which one is enough
COMPARED = 50  # sentences chosen so far that a candidate is compared with: keeps long summaries linear


def select(
    documents: Sequence[Sequence[str]],
    ranking: Iterable[Position],
    budget: Budget,
    language: str,
    *,
    used: Collection[Position] = (),
) -> list[Position]:
    """Positions of the summary in source order: the best ranked that can stand, until the budget is full.

    A sentence that opens with a pronoun or connective is taken only after its predecessor; flawed sentences
    and repetitions are not taken; `used` ones are printed elsewhere and not repeated here. A budget of words is a
    limit, not a quota: what ranks low is not taken to fill the rest. When nothing can stand the least bad is
    taken: the answer is empty only for no text at all.
    """
    order = _complete(documents, ranking, used)
    taken = _take(documents, order, budget, language)
    return sorted(taken or _least_bad(documents, order, budget, language))


def _complete(
    documents: Sequence[Sequence[str]], ranking: Iterable[Position], used: Collection[Position]
) -> list[Position]:
    """The ranking without doubles and strangers, then what it left out in reading order."""
    known = {(number, place): None for number, document in enumerate(documents) for place in range(len(document))}
    first = dict.fromkeys(place for place in map(tuple, ranking) if place in known)
    return [position for position in {**first, **known} if position not in used]


def _take(documents: Sequence[Sequence[str]], order: list[Position], budget: Budget, language: str) -> list[Position]:
    rank = {position: number for number, position in enumerate(order)}
    ready = list(range(len(order)))  # a sorted list is a heap
    waiting: set[Position] = set()
    room = _Room(budget)
    taken: dict[Position, None] = {}
    passed = 0
    bags: list[Counter[str]] = []
    while ready and room.left():
        number, place = position = order[heapq.heappop(ready)]
        sentence = documents[number][place]
        if flaw(sentence, language):
            continue
        if not room.fits(sentence):
            passed += 1
            if taken and passed >= len(taken) - 1:
                break
            continue
        if position not in waiting and dangles(sentence, language) and (number, place - 1) not in taken:
            waiting.add(position)
            continue
        bag = Counter(content_words(sentence, language))
        if any(_cosine(bag, other) >= REPEATS for other in bags[:COMPARED]):
            continue
        room.add(sentence)
        taken[position] = None
        bags.append(bag)
        if (number, place + 1) in waiting:
            heapq.heappush(ready, rank[number, place + 1])
    return list(taken)


def _least_bad(
    documents: Sequence[Sequence[str]], order: list[Position], budget: Budget, language: str
) -> list[Position]:
    """One sentence: without a flaw if possible, else what fits best."""
    room = _Room(budget)

    def badness(ranked: tuple[int, Position]) -> tuple[bool, bool, bool, int]:
        rank, (number, place) = ranked
        sentence = documents[number][place]
        return not room.fits(sentence), flaw(sentence, language) is not None, dangles(sentence, language), rank

    best = min(enumerate(order), key=badness, default=None)
    return [best[1]] if best else []


class _Room:
    """What is left of a budget."""

    def __init__(self, budget: Budget) -> None:
        self.sentences: float = math.inf if budget.sentences is None else budget.sentences
        self.words: float = math.inf if budget.words is None else budget.words

    def left(self) -> bool:
        return self.sentences > 0 and self.words > 0

    def fits(self, sentence: str) -> bool:
        return len(sentence.split()) <= self.words

    def add(self, sentence: str) -> None:
        self.sentences -= 1
        self.words -= len(sentence.split())


def _cosine(a: Counter[str], b: Counter[str]) -> float:
    common = sum(count * b[word] for word, count in a.items() if word in b)
    if not common:
        return 0.0
    return common / math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
