"""Which of some named things each text is about, if any: the threshold, the choice between rivals, and the reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.groupers.clusters import FEW_TEXTS
from digest.groupers.relevance import (
    EXPANSION_GAIN,
    EXPANSION_SHARE,
    MIN_SURE_SCORE,
    Corpus,
    ScorePart,
    blend_score,
    coverage_parts,
    distinctive_use_scores,
    expansion_vector,
    read_corpus,
    total_score,
)
from digest.groupers.topics import centroid_similarities, learn_topic_centroids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.groupers.relevance import Query, Scores
    from digest.groupers.vectors import TextVectors
    from digest.model import Article

MIN_SECONDARY_SHARE = 0.6  # share of the best score from which another query fits as well
MIN_STRAY_COVERAGE = 0.25  # coverage from which a text may fill a query that found none
MIN_STRAY_MARGIN = 2.0  # by how much it must use that query's words more densely than any other's
MIN_STRAY_COSINE = 0.1  # and cosine with a text that found its query, which shows that it is of their subject
MIN_EVENT_AGREEMENT = 0.75  # share of an event's texts that decides for the rest of them
MIN_EVENT_TEXTS = 4  # texts that make such an event, in a collection of more than FEW
MAX_LEARNT_REASONS = 12  # learnt words that a topic gives as its reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The queries that a text fits, best first, and the parts of the best one's score."""

    queries: tuple[int, ...] = ()
    parts: tuple[ScorePart, ...] = ()


def assign_queries(articles: Sequence[Article], queries: Sequence[Query], events: Sequence[str]) -> list[Assignment]:
    """For each article of one language the queries it is about: none, one or several; `events` names its event."""
    import numpy as np

    if not queries or not articles:
        return [Assignment() for _ in articles]
    corpus = read_corpus(articles, queries)
    cover = _coverage_matrix(corpus, queries)
    dense = distinctive_use_scores(corpus, queries, np.flatnonzero((cover >= MIN_SURE_SCORE).any(axis=1)).tolist())
    centroids = learn_topic_centroids(corpus.vectors, dense)
    if centroids is not None:
        return _assign_by_topic(corpus.vectors, queries, centroids)
    reading = _CorpusScorer(corpus=corpus, queries=queries, cover=cover, lent=_expansion_vectors(corpus, cover, dense))
    score = reading.score_texts()
    dense = distinctive_use_scores(corpus, queries, np.flatnonzero((score >= MIN_SURE_SCORE).any(axis=1)).tolist())
    found = [_assign_text(reading, text, score[text], score[text] * dense[text]) for text in range(len(corpus))]
    if len(articles) > FEW_TEXTS:
        found = _align_event_members(reading, events, found)
    return _fill_empty_queries(reading, dense, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CorpusScorer:
    """Texts as some queries see them."""

    corpus: Corpus
    queries: Sequence[Query]
    cover: Scores  # [text, query]
    lent: Scores  # [query, word]

    def score_texts(self) -> Scores:
        """How much every text is about every query."""
        import numpy as np

        near = np.minimum(1.0, EXPANSION_GAIN * centroid_similarities(self.corpus.vectors, self.lent))
        taught = self.lent.any(axis=1)
        return np.where(taught, (1 - EXPANSION_SHARE) * self.cover + EXPANSION_SHARE * near, self.cover)

    def score_parts(self, text: int, number: int) -> tuple[ScorePart, ...]:
        """The parts of one score."""
        own = coverage_parts(self.corpus, self.queries, text, number)
        return tuple(blend_score(own, self.corpus.vectors, text, self.lent[number]))


def _coverage_matrix(corpus: Corpus, queries: Sequence[Query]) -> Scores:
    """The coverage of every query by every text; only couples that share a word are looked at."""
    import numpy as np

    asking: dict[str, list[int]] = {}
    for number, query in enumerate(queries):
        for stem in query.stem_weights:
            asking.setdefault(stem, []).append(number)
    cover = np.zeros((len(corpus), len(queries)))
    for text in range(len(corpus)):
        held = {stem for often in {id(one[text]): one[text] for one in corpus.often}.values() for stem in often}
        for number in {number for stem in held for number in asking.get(stem, ())}:
            cover[text, number] = total_score(coverage_parts(corpus, queries, text, number))
    return cover


def _assign_by_topic(vectors: TextVectors, queries: Sequence[Query], centroids: Scores) -> list[Assignment]:
    """The topic whose words each text uses most; the reasons are the strongest of them."""
    near = centroid_similarities(vectors, centroids)
    found = []
    for text in range(len(vectors)):
        best = int(near[text].argmax())
        also = [
            number
            for number in range(len(queries))
            if number != best and near[text, number] >= MIN_SECONDARY_SHARE * near[text, best]
        ]
        place = vectors.row_slice(text)
        products = vectors.weights[place] * centroids[best][vectors.terms[place]]
        ranked = sorted(zip((-products).tolist(), vectors.terms[place].tolist(), strict=True))[:MAX_LEARNT_REASONS]
        asked = queries[best].stem_weights
        parts = tuple(
            ScorePart(stems=(stem,), weight=-less, learnt=stem not in asked)
            for less, stem in ((less, vectors.names[term]) for less, term in ranked)
            if less < 0
        )
        found.append(Assignment(queries=(best, *also), parts=parts) if near[text, best] > 0 else Assignment())
    return found


def _expansion_vectors(corpus: Corpus, cover: Scores, dense: Scores) -> Scores:
    """What the surest texts lend to each query; a text lends only to the query that it fits best."""
    import numpy as np

    rank = cover * dense
    own = np.where(rank >= rank.max(axis=1, keepdims=True), cover, 0.0)
    return np.stack([expansion_vector(corpus.vectors, own[:, number]) for number in range(cover.shape[1])])


def _assign_text(reading: _CorpusScorer, text: int, score: Scores, rank: Scores) -> Assignment:
    fit = [number for number in range(len(score)) if score[number] >= MIN_SURE_SCORE]
    if not fit:
        return Assignment()
    best = max(fit, key=lambda number: (rank[number], score[number], -number))
    also = [number for number in fit if number != best and score[number] >= MIN_SECONDARY_SHARE * score[best]]
    return Assignment(queries=(best, *also), parts=reading.score_parts(text, best))


def _align_event_members(
    reading: _CorpusScorer, events: Sequence[str], found: Sequence[Assignment]
) -> list[Assignment]:
    """What nearly all texts of an event are about, the others are about as well: one odd score is a slip."""
    answers: dict[str, Counter[tuple[int, ...]]] = {}
    for event, fit in zip(events, found, strict=True):
        answers.setdefault(event, Counter())[fit.queries[:1]] += 1
    agreed = []
    for text, (event, fit) in enumerate(zip(events, found, strict=True)):
        answer, often = answers[event].most_common(1)[0]
        many = answers[event].total()
        if many < MIN_EVENT_TEXTS or often < MIN_EVENT_AGREEMENT * many or fit.queries[:1] == answer:
            agreed.append(fit)
        else:
            agreed.append(
                Assignment(queries=answer, parts=reading.score_parts(text, answer[0])) if answer else Assignment()
            )
    return agreed


def _fill_empty_queries(reading: _CorpusScorer, dense: Scores, found: list[Assignment]) -> list[Assignment]:
    """Give a query that found nothing the stray text that is most about it, if the text is of the placed texts' subject.

    It must use the query's telling words MIN_STRAY_MARGIN times as densely as those of any other query.
    """
    import numpy as np

    vectors, cover = reading.corpus.vectors, reading.cover
    placed = [text for text, fit in enumerate(found) if fit.queries]
    for number in sorted(set(range(cover.shape[1])) - {fit.queries[0] for fit in found if fit.queries}):
        others = np.delete(dense, number, axis=1).max(axis=1, initial=0.0)
        clear = (cover[:, number] >= MIN_STRAY_COVERAGE) & (dense[:, number] >= MIN_STRAY_MARGIN * others)
        strays = (text for text in np.flatnonzero(clear).tolist() if not found[text].queries)
        for text in sorted(strays, key=lambda text: -cover[text, number]):
            if _highest_cosine(vectors, text, placed) >= MIN_STRAY_COSINE:
                parts = coverage_parts(reading.corpus, reading.queries, text, number)
                found[text] = Assignment(queries=(number,), parts=tuple(parts))
                break
    return found


def _highest_cosine(vectors: TextVectors, text: int, others: Sequence[int]) -> float:
    """The highest cosine of a text with some others."""
    import numpy as np

    wanted = np.zeros((1, len(vectors.names)))
    wanted[0, vectors.terms[vectors.row_slice(text)]] = vectors.weights[vectors.row_slice(text)]
    return float(centroid_similarities(vectors, wanted)[others, 0].max(initial=0.0))
