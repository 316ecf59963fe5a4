"""Texts as weighted words: the sums of the fast ways are those of the slow one."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.groupers.vectors import (
    MAX_COMMON_SHARE,
    MAX_HEAVY_WORDS,
    MAX_SPARSE_TEXTS,
    MIN_TEXTS_FOR_COMMON,
    TextVectors,
    cosine_matrix,
    near_pairs,
    tfidf_vectors,
    unit_vectors,
    word_rarity,
)

COUNTS = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9), max_size=6), min_size=1, max_size=12)


def rows(vectors: TextVectors) -> list[dict[str, float]]:
    return [vectors.row_weights(place) for place in range(len(vectors))]


def product(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def plain_cosines(vectors: TextVectors) -> np.ndarray:
    """Word by word, text by text."""
    texts = rows(vectors)
    found = np.array([[product(one, other) for other in texts] for one in texts]).reshape(len(texts), len(texts))
    np.fill_diagonal(found, 1.0)
    return found


@given(COUNTS)
def test_every_text_with_words_has_the_length_one(counts: list[dict[str, int]]):
    lengths = [sqrt(product(row, row)) for row in rows(tfidf_vectors(counts))]
    assert lengths == pytest.approx([1.0 if count else 0.0 for count in counts])


@given(COUNTS)
def test_cosines_are_those_of_the_plain_sum(counts: list[dict[str, int]]):
    vectors = tfidf_vectors(counts)
    assert cosine_matrix(vectors) == pytest.approx(plain_cosines(vectors))


def test_words_of_many_texts_are_summed_as_words_of_few():
    counts = [{"all": 1 + n % 3, f"own{n}": 1, f"pair{n // 2}": 2} for n in range(MAX_SPARSE_TEXTS + 6)]
    vectors = unit_vectors(counts, {word: 1.0 for count in counts for word in count})
    assert cosine_matrix(vectors) == pytest.approx(plain_cosines(vectors))


def test_a_text_without_words_is_like_no_other():
    found = cosine_matrix(tfidf_vectors([{}, {"a": 1}, {}]))
    assert found.tolist() == np.eye(3).tolist()


def test_equal_texts_have_the_cosine_one_and_strangers_none():
    found = cosine_matrix(tfidf_vectors([{"a": 1, "b": 3}, {"a": 1, "b": 3}, {"c": 1}]))
    assert found[0] == pytest.approx([1.0, 1.0, 0.0])


def test_a_word_without_worth_is_left_out():
    vectors = unit_vectors([{"a": 1, "b": 5}], {"a": 2.0})
    assert rows(vectors) == [{"a": pytest.approx(1.0)}]


def test_a_word_weighs_its_worth_and_grows_slowly_with_its_count():
    (row,) = rows(unit_vectors([{"once": 1, "dear": 1, "often": 8}], {"once": 1.0, "dear": 2.0, "often": 1.0}))
    assert row["dear"] == pytest.approx(2 * row["once"])
    assert row["often"] == pytest.approx((1 + np.log(8)) * row["once"])


def test_a_rare_word_weighs_more_than_one_that_two_texts_hold():
    row, *_ = rows(tfidf_vectors([{"rare": 1, "two": 1}, {"two": 1}, {"x": 1}]))
    assert row["rare"] > row["two"]


@pytest.mark.parametrize(("texts", "left_out"), [(MIN_TEXTS_FOR_COMMON, False), (MIN_TEXTS_FOR_COMMON + 4, True)])
def test_a_word_of_most_texts_is_left_out_where_there_are_many(texts: int, left_out: bool):
    vectors = tfidf_vectors([{"common": 1, f"own{n}": 1} for n in range(texts)])
    assert ("common" not in vectors.names) is left_out


def test_a_word_of_just_the_largest_share_is_kept():
    texts = 40
    most = int(MAX_COMMON_SHARE * texts)
    kept = tfidf_vectors([{"word": 1} if n < most else {f"own{n}": 1} for n in range(texts)])
    gone = tfidf_vectors([{"word": 1} if n <= most else {f"own{n}": 1} for n in range(texts)])
    assert ("word" in kept.names, "word" in gone.names) == (True, False)


@given(COUNTS, st.data())
def test_a_subset_has_the_same_texts_and_no_word_too_many(counts: list[dict[str, int]], data: st.DataObject):
    vectors = tfidf_vectors(counts)
    chosen = data.draw(st.lists(st.sampled_from(range(len(counts))), min_size=1, unique=True))
    part = vectors.subset(chosen)
    assert rows(part) == [vectors.row_weights(place) for place in chosen]
    assert set(part.names) == {word for place in chosen for word in vectors.row_weights(place)}


@given(COUNTS, st.integers(1, 4))
def test_the_mean_of_a_group_is_the_mean_of_its_texts(counts: list[dict[str, int]], kinds: int):
    vectors = tfidf_vectors(counts)
    groups = [group for kind in range(kinds) if (group := list(range(len(counts)))[kind::kinds])]
    for group, mean in zip(groups, rows(vectors.group_means(groups)), strict=True):
        texts = [vectors.row_weights(place) for place in group]
        words = {word for text in texts for word in text}
        assert mean == pytest.approx({word: sum(text.get(word, 0.0) for text in texts) / len(texts) for word in words})


@settings(max_examples=60)
@given(COUNTS, st.integers(0, 5), st.data())
def test_near_pairs_are_those_that_are_alike_and_close_in_time(
    counts: list[dict[str, int]], window: int, data: st.DataObject
):
    vectors = tfidf_vectors(counts)
    days = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(counts), max_size=len(counts))), np.int64)
    one, other, cosine = near_pairs(vectors, 0.31, days, window)
    found = {(max(pair), min(pair)): value for *pair, value in zip(one.tolist(), other.tolist(), cosine, strict=True)}
    whole = plain_cosines(vectors)
    close = [(i, j) for i in range(len(counts)) for j in range(i) if abs(days[i] - days[j]) <= window]
    assert len(found) == len(one)
    assert found == pytest.approx({pair: whole[pair] for pair in close if whole[pair] >= 0.31})


def test_only_the_heaviest_words_of_a_text_are_compared():
    words = {f"light{n}": 1 for n in range(MAX_HEAVY_WORDS)}
    worth = dict.fromkeys(words, 1.0) | {f"{side}{n}": 9.0 for side in "ab" for n in range(MAX_HEAVY_WORDS)}
    counts = [words | {f"{side}{n}": 1 for n in range(MAX_HEAVY_WORDS)} for side in "ab"]
    vectors = unit_vectors(counts, worth)
    assert cosine_matrix(vectors)[0, 1] > 0.01
    assert near_pairs(vectors, 0.01, np.zeros(2, np.int64), 1)[0].tolist() == []


@given(st.integers(1, 500), st.integers(1, 500))
def test_a_word_is_the_rarer_the_fewer_texts_hold_it(often: int, texts: int):
    assert word_rarity(often, often + texts) > word_rarity(often + 1, often + texts)
    assert word_rarity(often, often + texts) > 0
