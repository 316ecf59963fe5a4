"""Which of some named things each text is about, if any: the threshold, the choice between rivals, and the reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.clusters import FEW
from digest.text.relevance import SURE, Addend, Corpus, blended, coverage, density, lent_words, read, total
from digest.text.topics import topics, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Article
    from digest.text.relevance import Query, Scores
    from digest.text.vectors import Vectors

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
    covers = [
        [coverage(corpus, queries, text, number) for number in range(len(queries))] for text in range(len(corpus))
    ]
    cover = np.array([[total(parts) for parts in row] for row in covers])
    dense = density(corpus, queries, np.flatnonzero((cover >= SURE).any(axis=1)).tolist())
    centroids = topics(corpus.vectors, dense)
    if centroids is not None:
        return _topical(corpus.vectors, queries, centroids)
    lent = _lent(corpus, cover, dense)
    parts = [
        [blended(own, corpus.vectors, text, lent[number]) for number, own in enumerate(row)]
        for text, row in enumerate(covers)
    ]
    score = np.array([[total(addends) for addends in row] for row in parts])
    dense = density(corpus, queries, np.flatnonzero((score >= SURE).any(axis=1)).tolist())
    found = [_fit(score[text], score[text] * dense[text], parts[text]) for text in range(len(corpus))]
    if len(articles) > FEW:
        found = _of_one_mind(events, found, parts)
    return _with_strays(corpus, covers, cover, dense, found)


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


def _lent(corpus: Corpus, cover: Scores, dense: Scores) -> list[Scores]:
    """What the surest stories lend to each query; a text lends only to the query that it fits best."""
    import numpy as np

    rank = cover * dense
    own = np.where(rank >= rank.max(axis=1, keepdims=True), cover, 0.0)
    return [lent_words(corpus.vectors, own[:, number]) for number in range(cover.shape[1])]


def _fit(score: Scores, rank: Scores, parts: Sequence[Sequence[Addend]]) -> Fit:
    fit = [number for number in range(len(score)) if score[number] >= SURE]
    if not fit:
        return Fit()
    best = max(fit, key=lambda number: (rank[number], score[number], -number))
    also = [number for number in fit if number != best and score[number] >= SECOND * score[best]]
    return Fit(queries=(best, *also), parts=tuple(parts[best]))


def _of_one_mind(events: Sequence[str], found: Sequence[Fit], parts: Sequence[Sequence[Sequence[Addend]]]) -> list[Fit]:
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
            agreed.append(Fit(queries=answer, parts=tuple(parts[text][answer[0]])) if answer else Fit())
    return agreed


def _with_strays(
    corpus: Corpus, covers: Sequence[Sequence[Sequence[Addend]]], cover: Scores, dense: Scores, found: list[Fit]
) -> list[Fit]:
    """Give a query that found nothing the stray text that is most about it, if the text is of the placed texts' subject.

    It must use the query's telling words STRAY_MARGIN times as densely as those of any other query.
    """
    import numpy as np

    placed = [text for text, fit in enumerate(found) if fit.queries]
    for number in range(cover.shape[1]):
        others = np.delete(dense, number, axis=1).max(axis=1, initial=0.0)
        clear = (cover[:, number] >= STRAY) & (dense[:, number] >= STRAY_MARGIN * others)
        strays = [text for text in np.flatnonzero(clear).tolist() if not found[text].queries]
        strays = [text for text in strays if _likeness(corpus.vectors, text, placed) >= STRAY_LIKENESS]
        if strays and not any(number in fit.queries[:1] for fit in found):
            best = max(strays, key=lambda text: (cover[text, number], -text))
            found[best] = Fit(queries=(number,), parts=tuple(covers[best][number]))
    return found


def _likeness(vectors: Vectors, text: int, others: Sequence[int]) -> float:
    """The highest cosine of a text with some others."""
    import numpy as np

    wanted = np.zeros(len(vectors.names))
    wanted[vectors.terms[vectors.place(text)]] = vectors.weights[vectors.place(text)]
    found = (vectors.weights[vectors.place(other)] @ wanted[vectors.terms[vectors.place(other)]] for other in others)
    return float(max(found, default=0.0))
