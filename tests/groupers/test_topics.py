"""Broad topics learn their words from the texts that name them."""

from __future__ import annotations

import random

import numpy as np

from digest.groupers.topics import centroid_similarities, learn_topic_centroids
from digest.groupers.vectors import TextVectors, tfidf_vectors

KINDS = 3


def library(count: int, kinds: int = KINDS) -> tuple[TextVectors, list[int]]:
    """Texts of some kinds; each kind has 40 words of its own, and there are 40 that all use."""
    draw = random.Random(1)
    gold = [number % kinds for number in range(count)]
    return tfidf_vectors(
        [
            {f"own{kind}-{draw.randrange(40)}": 1 for _ in range(12)}
            | {f"all-{draw.randrange(40)}": 1 for _ in range(8)}
            for kind in gold
        ]
    ), gold


def seeds(vectors: TextVectors, kinds: int) -> np.ndarray:
    """How often each text says one of the first three words of a kind: most texts say none."""
    found = np.zeros((len(vectors), kinds))
    for text in range(len(vectors)):
        row = vectors.row_weights(text)
        found[text] = [sum(row.get(f"own{kind}-{word}", 0.0) for word in range(3)) for kind in range(kinds)]
    return found


def test_texts_without_a_seed_find_their_topic() -> None:
    vectors, gold = library(240)
    asked = seeds(vectors, KINDS)
    centroids = learn_topic_centroids(vectors, asked)
    assert centroids is not None
    right = centroid_similarities(vectors, centroids).argmax(axis=1) == np.array(gold)
    assert (~asked.any(axis=1)).sum() > 50
    assert right.mean() > 0.95


def test_topics_that_leave_most_texts_over_are_not_learnt() -> None:
    vectors, _ = library(400, kinds=8)
    assert learn_topic_centroids(vectors, seeds(vectors, 2)) is None


def test_a_few_texts_are_no_school() -> None:
    vectors, _ = library(30)
    assert learn_topic_centroids(vectors, seeds(vectors, KINDS)) is None


def test_topics_without_seeds_are_not_learnt() -> None:
    vectors, _ = library(240)
    assert learn_topic_centroids(vectors, np.zeros((240, KINDS))) is None
