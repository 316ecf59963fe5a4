"""Which texts tell of one event."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.groupers import clusters as module
from digest.groupers.clusters import cluster_articles, cluster_by_average_link, event_key
from digest.groupers.vectors import cosine_matrix, near_pairs, tfidf_vectors
from digest.model import Article

TITLES = (
    "Ferry strike enters third day",
    "Island ferry strike drags on",
    "Glass museum opens its doors",
    "New glass museum opens on Monday",
    "Bridge to the north is closed",
)


def headline(key: str, title: str, language: str = "en") -> Article:
    return Article(key=key, source="desk", title=title, paragraphs=(), language=language)


def members(articles: list[Article]) -> list[list[int]]:
    return sorted([one.positions[row] for row in rows] for one in cluster_articles(articles) for rows in one.members)


def plain_average_link(alike: np.ndarray, cut: float) -> list[list[int]]:
    """The same by the book: join the two nearest clusters until none is near enough."""
    found = [[number] for number in range(len(alike))]
    while len(found) > 1:
        mean, one, other = max(
            (alike[np.ix_(a, b)].mean(), -i, -j) for i, a in enumerate(found) for j, b in enumerate(found) if i < j
        )
        if mean < 1 - cut:
            break
        found[-one] += found.pop(-other)
    return sorted(map(sorted, found))


def test_headlines_of_one_event_meet() -> None:
    assert members([headline(str(n), title) for n, title in enumerate(TITLES)]) == [[0, 1], [2, 3], [4]]


def test_languages_do_not_meet() -> None:
    pair = [headline("a", TITLES[0]), headline("b", TITLES[0], "de")]
    assert members(pair) == [[0], [1]]


def test_no_articles_no_clusters() -> None:
    assert cluster_articles([]) == []


def test_a_new_member_rarely_renames_an_event() -> None:
    keys = [f"article {number}" for number in range(20)]
    assert event_key(keys) == event_key(reversed(keys))
    assert sum(event_key(keys) == event_key([*keys, f"new {number}"]) for number in range(20)) > 15


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=9), st.floats(0.1, 0.9))
def test_chains_of_nearest_neighbours_give_what_the_book_gives(points: list[list[float]], cut: float) -> None:
    spread = np.array(points) + np.arange(len(points))[:, None] * 1e-6 + 1e-3
    unit = spread / np.linalg.norm(spread, axis=1, keepdims=True)
    alike = unit @ unit.T
    assert sorted(map(sorted, cluster_by_average_link(alike, cut))) == plain_average_link(alike, cut)


def test_near_pairs_are_those_of_the_whole_matrix() -> None:
    vectors = tfidf_vectors([{"a": 1, "b": n % 3 + 1, f"c{n % 4}": 2} for n in range(12)])
    one, other, cosine = near_pairs(vectors, 0.5, np.zeros(12, np.int64), 2)
    whole = cosine_matrix(vectors)
    wanted = {(i, j) for i in range(12) for j in range(i) if whole[i, j] >= 0.5}
    assert {(max(pair), min(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)} == wanted
    assert cosine == pytest.approx(whole[one, other])


def test_pairs_outside_the_window_are_not_near() -> None:
    vectors = tfidf_vectors([{"a": 1}, {"a": 1}, {"a": 1}])
    one, other, _ = near_pairs(vectors, 0.5, np.array([9, 0, 8]), 2)
    assert {frozenset(pair) for pair in zip(one.tolist(), other.tolist(), strict=True)} == {frozenset({0, 2})}


def test_many_texts_are_grouped_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    headlines = [headline(str(n), title) for n, title in enumerate(TITLES)]
    expected = members(headlines)
    monkeypatch.setattr(module, "MAX_TEXTS_ALL_PAIRS", 2)
    assert members(headlines) == expected


def test_a_flood_of_equal_headlines_is_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TEXTS_ALL_PAIRS", 3)
    flood = [headline(str(n), "Ferry strike enters third day") for n in range(8)]
    other = [headline(f"x{n}", f"Glass{n} museum{n} opens{n}") for n in range(25)]
    assert members([*flood, *other])[0] == list(range(8))


def test_the_mean_of_two_texts_is_as_like_a_third_as_they_are_on_average() -> None:
    vectors = tfidf_vectors([{"a": 1, "b": 2}, {"b": 1, "c": 3}, {"a": 2, "c": 1}])
    whole = cosine_matrix(vectors)
    assert cosine_matrix(vectors.group_means([[0, 1], [2]]))[0, 1] == pytest.approx((whole[0, 2] + whole[1, 2]) / 2)
