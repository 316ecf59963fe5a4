"""Which of some named things each text is about, if any: the threshold, the choice between rivals, and the reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.groupers.clusters import FEW
from digest.groupers.relevance import (
    GAIN,
    SHARE,
    SURE,
    Addend,
    Corpus,
    blended,
    coverage,
    density,
    lent_words,
    read,
    total,
)
from digest.groupers.topics import topics, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.groupers.relevance import Query, Scores
    from digest.groupers.vectors import Vectors
    from digest.model import Article

SECOND = 0.6  # share of the best score from which another query fits as well
STRAY = 0.25  # coverage from which a text may fill a query that found none
STRAY_MARGIN = 2.0  # by how much it must use that query's words more densely than any other's
STRAY_LIKENESS = 0.1  # and cosine with a text that found its query, which shows that it is of their subject
AGREED = 0.75  # share of an event's texts that decides for the rest of them
EVENT = 4  # texts that make such an event, in a collection of more than FEW
SHOWN = 12  # learnt words that a topic gives as its reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The queries that a text fits, best first, and the parts of the best one's score."""

    queries: tuple[int, ...] = ()
    parts: tuple[Addend, ...] = ()


def fits(articles: Sequence[Article], queries: Sequence[Query], events: Sequence[str]) -> list[Fit]:
    """For each article of one language the queries it is about: none, one or several; `events` names its event."""
    import numpy as np

    if not queries or not articles:
        return [Fit() for _ in articles]
    corpus = read(articles, queries)
    cover = _covered(corpus, queries)
    dense = density(corpus, queries, np.flatnonzero((cover >= SURE).any(axis=1)).tolist())
    centroids = topics(corpus.vectors, dense)
    if centroids is not None:
        return _topical(corpus.vectors, queries, centroids)
    reading = _Reading(corpus=corpus, queries=queries, cover=cover, lent=_lent(corpus, cover, dense))
    score = reading.score()
    dense = density(corpus, queries, np.flatnonzero((score >= SURE).any(axis=1)).tolist())
    found = [_fit(reading, text, score[text], score[text] * dense[text]) for text in range(len(corpus))]
    if len(articles) > FEW:
        found = _of_one_mind(reading, events, found)
    return _with_strays(reading, dense, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Texts as some queries see them."""

    corpus: Corpus
    queries: Sequence[Query]
    cover: Scores  # [text, query]
    lent: Scores  # [query, word]

    def score(self) -> Scores:
        """How much every text is about every query."""
        import numpy as np

        near = np.minimum(1.0, GAIN * values(self.corpus.vectors, self.lent))
        taught = self.lent.any(axis=1)
        return np.where(taught, (1 - SHARE) * self.cover + SHARE * near, self.cover)

    def parts(self, text: int, number: int) -> tuple[Addend, ...]:
        """The parts of one score."""
        own = coverage(self.corpus, self.queries, text, number)
        return tuple(blended(own, self.corpus.vectors, text, self.lent[number]))


def _covered(corpus: Corpus, queries: Sequence[Query]) -> Scores:
    """The coverage of every query by every text; only couples that share a word are looked at."""
    import numpy as np

    asking: dict[str, list[int]] = {}
    for number, query in enumerate(queries):
        for stem in query.weights:
            asking.setdefault(stem, []).append(number)
    cover = np.zeros((len(corpus), len(queries)))
    for text in range(len(corpus)):
        held = {stem for often in {id(one[text]): one[text] for one in corpus.often}.values() for stem in often}
        for number in {number for stem in held for number in asking.get(stem, ())}:
            cover[text, number] = total(coverage(corpus, queries, text, number))
    return cover


def _topical(vectors: Vectors, queries: Sequence[Query], centroids: Scores) -> list[Fit]:
    """The topic whose words each text uses most; the reasons are the strongest of them."""
    near = values(vectors, centroids)
    found = []
    for text in range(len(vectors)):
        best = int(near[text].argmax())
        also = [
            number
            for number in range(len(queries))
            if number != best and near[text, number] >= SECOND * near[text, best]
        ]
        place = vectors.place(text)
        products = vectors.weights[place] * centroids[best][vectors.terms[place]]
        ranked = sorted(zip((-products).tolist(), vectors.terms[place].tolist(), strict=True))[:SHOWN]
        asked = queries[best].weights
        parts = tuple(
            Addend(stems=(stem,), weight=-less, learnt=stem not in asked)
            for less, stem in ((less, vectors.names[term]) for less, term in ranked)
            if less < 0
        )
        found.append(Fit(queries=(best, *also), parts=parts) if near[text, best] > 0 else Fit())
    return found


def _lent(corpus: Corpus, cover: Scores, dense: Scores) -> Scores:
    """What the surest texts lend to each query; a text lends only to the query that it fits best."""
    import numpy as np

    rank = cover * dense
    own = np.where(rank >= rank.max(axis=1, keepdims=True), cover, 0.0)
    return np.stack([lent_words(corpus.vectors, own[:, number]) for number in range(cover.shape[1])])


def _fit(reading: _Reading, text: int, score: Scores, rank: Scores) -> Fit:
    fit = [number for number in range(len(score)) if score[number] >= SURE]
    if not fit:
        return Fit()
    best = max(fit, key=lambda number: (rank[number], score[number], -number))
    also = [number for number in fit if number != best and score[number] >= SECOND * score[best]]
    return Fit(queries=(best, *also), parts=reading.parts(text, best))


def _of_one_mind(reading: _Reading, events: Sequence[str], found: Sequence[Fit]) -> list[Fit]:
    """What nearly all texts of an event are about, the others are about as well: one odd score is a slip."""
    answers: dict[str, Counter[tuple[int, ...]]] = {}
    for event, fit in zip(events, found, strict=True):
        answers.setdefault(event, Counter())[fit.queries[:1]] += 1
    agreed = []
    for text, (event, fit) in enumerate(zip(events, found, strict=True)):
        answer, often = answers[event].most_common(1)[0]
        many = answers[event].total()
        if many < EVENT or often < AGREED * many or fit.queries[:1] == answer:
            agreed.append(fit)
        else:
            agreed.append(Fit(queries=answer, parts=reading.parts(text, answer[0])) if answer else Fit())
    return agreed


def _with_strays(reading: _Reading, dense: Scores, found: list[Fit]) -> list[Fit]:
    """Give a query that found nothing the stray text that is most about it, if the text is of the placed texts' subject.

    It must use the query's telling words STRAY_MARGIN times as densely as those of any other query.
    """
    import numpy as np

    vectors, cover = reading.corpus.vectors, reading.cover
    placed = [text for text, fit in enumerate(found) if fit.queries]
    for number in sorted(set(range(cover.shape[1])) - {fit.queries[0] for fit in found if fit.queries}):
        others = np.delete(dense, number, axis=1).max(axis=1, initial=0.0)
        clear = (cover[:, number] >= STRAY) & (dense[:, number] >= STRAY_MARGIN * others)
        strays = (text for text in np.flatnonzero(clear).tolist() if not found[text].queries)
        for text in sorted(strays, key=lambda text: -cover[text, number]):
            if _likeness(vectors, text, placed) >= STRAY_LIKENESS:
                parts = coverage(reading.corpus, reading.queries, text, number)
                found[text] = Fit(queries=(number,), parts=tuple(parts))
                break
    return found


def _likeness(vectors: Vectors, text: int, others: Sequence[int]) -> float:
    """The highest cosine of a text with some others."""
    import numpy as np

    wanted = np.zeros((1, len(vectors.names)))
    wanted[0, vectors.terms[vectors.place(text)]] = vectors.weights[vectors.place(text)]
    return float(values(vectors, wanted)[others, 0].max(initial=0.0))
