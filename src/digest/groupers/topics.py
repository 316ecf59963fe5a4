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

    from digest.groupers.vectors import Vectors

    Scores = NDArray[np.float64]
    Places = NDArray[np.int64]

TEXTS = 20  # texts per topic below which there is nothing to learn from
SEEDS = 3  # texts that must name a topic before it is learnt
SEEDED = 0.75  # share of the topics that must have so many
ROUNDS = (0.5, 0.7, 0.9, 1.1, 1.3)  # texts that a topic learns from in each round, over the mean number in a topic
TRIAL = (0.5, 0.7, 0.9)  # the same, for the trial with a topic "none of them"
DOUBLE = 2.0  # how many more texts "none of them" learns from than a topic
LEFT = 0.25  # share of the texts left to "none of them" from which the topics do not share out all


def topics(vectors: Vectors, seeds: Scores) -> Scores | None:
    """The centroids of the topics over the vocabulary, or None where the topics do not share out the texts.

    `seeds` says how much each text (row) is about each topic (column) by the topic's own words.
    """
    count, kinds = seeds.shape
    named = sum(int((seeds[:, number] > 0).sum()) >= SEEDS for number in range(kinds))
    if kinds < 2 or count < TEXTS * kinds or named < SEEDED * kinds:
        return None
    trial = values(vectors, _learnt(vectors, seeds, TRIAL, rest=True))
    if (trial.argmax(axis=1) == kinds).mean() >= LEFT:
        return None
    return _learnt(vectors, seeds, ROUNDS, rest=False)


def values(vectors: Vectors, centroids: Scores) -> Scores:
    """How near every text (row) is to every centroid (column)."""
    import numpy as np

    rows = np.repeat(np.arange(len(vectors)), np.diff(vectors.starts))
    products = (np.bincount(rows, vectors.weights * one[vectors.terms], len(vectors)) for one in centroids)
    return np.stack(list(products), axis=1)


def _learnt(vectors: Vectors, seeds: Scores, rounds: Sequence[float], *, rest: bool) -> Scores:
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
            _surest(np.flatnonzero((best == number) & (margin > 0)), margin, most * (DOUBLE if number == kinds else 1))
            for number in range(now.shape[1])
        ]
        centroids = _centroids(vectors, surest)
        now = values(vectors, centroids)
    return centroids


def _surest(texts: Places, margin: Scores, most: float) -> Places:
    import numpy as np

    return texts[np.argsort(-margin[texts], kind="stable")][: max(SEEDS, int(most))]


def _centroids(vectors: Vectors, groups: Sequence[Places]) -> Scores:
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
