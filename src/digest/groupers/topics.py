"""Broad topics: a model that learns from its own surest answers, for themes that share out all texts among them.

A name such as "sport" or a few keywords find some texts of a topic; those texts know the other words of the topic.
Self-training with centroids (Rocchio 1971 inside Yarowsky 1995): docs/themes.md compares it with logistic regression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from digest.groupers.vectors import TextVectors

    Scores = NDArray[np.float64]
    IntArray = NDArray[np.int64]

MIN_TEXTS_PER_TOPIC = 20  # texts per topic below which there is nothing to learn from
MIN_SEED_TEXTS = 3  # texts that must name a topic before it is learnt
MIN_SEEDED_SHARE = 0.75  # share of the topics that must have so many
ROUND_SHARES = (
    0.5,
    0.7,
    0.9,
    1.1,
    1.3,
)  # texts that a topic learns from in each round, over the mean number in a topic
TRIAL_ROUND_SHARES = (0.5, 0.7, 0.9)  # the same, for the trial with a topic "none of them"
REST_GROUP_FACTOR = 2.0  # how many more texts "none of them" learns from than a topic
MAX_UNASSIGNED_SHARE = 0.25  # share of the texts left to "none of them" from which the topics do not share out all


def learn_topic_centroids(vectors: TextVectors, seeds: Scores) -> Scores | None:
    """The centroids of the topics over the vocabulary, or None where the topics do not share out the texts.

    `seeds` says how much each text (row) is about each topic (column) by the topic's own words.
    """
    count, kinds = seeds.shape
    named = sum(int((seeds[:, number] > 0).sum()) >= MIN_SEED_TEXTS for number in range(kinds))
    if kinds < 2 or count < MIN_TEXTS_PER_TOPIC * kinds or named < MIN_SEEDED_SHARE * kinds:
        return None
    trial = centroid_similarities(vectors, _self_train(vectors, seeds, TRIAL_ROUND_SHARES, rest=True))
    if (trial.argmax(axis=1) == kinds).mean() >= MAX_UNASSIGNED_SHARE:
        return None
    return _self_train(vectors, seeds, ROUND_SHARES, rest=False)


def centroid_similarities(vectors: TextVectors, centroids: Scores) -> Scores:
    """How near every text (row) is to every centroid (column)."""
    import numpy as np

    rows = np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))
    products = (np.bincount(rows, vectors.weights * one[vectors.terms], len(vectors)) for one in centroids)
    return np.stack(list(products), axis=1)


def _self_train(vectors: TextVectors, seeds: Scores, rounds: Sequence[float], *, rest: bool) -> Scores:
    """The centroids after some rounds; with `rest` a last one for "none of them", which starts from texts without seeds."""
    import numpy as np

    count, kinds = seeds.shape
    now = seeds / (seeds.max(axis=0) + 1e-9)
    if rest:
        now = np.concatenate([now, np.where(seeds.any(axis=1), -1.0, 1.0)[:, None]], axis=1)
    centroids = np.zeros((0, 0))
    for share in rounds:
        best = now.argmax(axis=1)
        ranked = np.sort(now, axis=1)
        margin = ranked[:, -1] - ranked[:, -2]
        most = share * count / now.shape[1]
        surest = [
            _surest_texts(
                np.flatnonzero((best == number) & (margin > 0)),
                margin,
                most * (REST_GROUP_FACTOR if number == kinds else 1),
            )
            for number in range(now.shape[1])
        ]
        centroids = _group_centroids(vectors, surest)
        now = centroid_similarities(vectors, centroids)
    return centroids


def _surest_texts(texts: IntArray, margin: Scores, most: float) -> IntArray:
    import numpy as np

    return texts[np.argsort(-margin[texts], kind="stable")][: max(MIN_SEED_TEXTS, int(most))]


def _group_centroids(vectors: TextVectors, groups: Sequence[IntArray]) -> Scores:
    """The unit vector of each group's mean, over the mean of all groups; of an empty group, one that is far from all."""
    import numpy as np

    rows = np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))
    means = np.zeros((len(groups), len(vectors.names)))
    for number, group in enumerate(groups):
        share = np.zeros(len(vectors))
        share[group] = 1 / max(1, len(group))
        means[number] = np.bincount(vectors.terms, vectors.weights * share[rows], len(vectors.names))
    known = [number for number, group in enumerate(groups) if len(group)]
    means -= means[known].mean(axis=0) if known else 0.0
    means /= np.sqrt((means**2).sum(axis=1, keepdims=True)) + 1e-9
    means[[number for number, group in enumerate(groups) if not len(group)]] = -1.0
    return means
