"""Runs of words: what two texts share, the same in every process."""

from __future__ import annotations

import pytest

from digest.stages.dedupe.shingles import MAX_TEXTS_PER_SHINGLE, count_overlaps, shingle_hashes

NUMBERED = " ".join(f"word{number}" for number in range(60))


def share(*texts: str, hosts: tuple[str, ...] = (), titles: tuple[str, ...] = ()) -> dict[tuple[int, int], int]:
    names = tuple(map(str, range(len(texts))))
    return dict(count_overlaps(texts, hosts or names, titles or names).common)


def test_hashes_are_the_same_in_every_process() -> None:
    assert [int(run) for run in shingle_hashes("The quick brown fox jumps")] == [
        7419524416163700402,
        18000892681621492890,
    ]


def test_runs_never_cross_from_one_text_into_the_next() -> None:
    found = count_overlaps(["a b c", "d e f", "a b c d e f"], "xyz", "xyz")
    assert found.sizes == (0, 0, 3)


def test_a_repeated_run_counts_once() -> None:
    assert count_overlaps(["one two three four " * 5], "x", "x").sizes == (4,)


def test_texts_that_share_few_runs_are_not_compared() -> None:
    assert share("one two three four five", "one two three four six") == {}


def test_containment_is_the_share_of_the_shorter_text() -> None:
    half = " ".join(NUMBERED.split()[:30])
    found = count_overlaps([NUMBERED, half], "ab", "ab")
    assert found.containment(0, 1) == found.containment(1, 0) == 1.0
    assert found.common == {(0, 1): 27}


def test_equal_texts_are_counted_once() -> None:
    found = count_overlaps([NUMBERED, NUMBERED, NUMBERED.upper()], "abc", "abc")
    assert found.same == (0, 0, 0)
    assert found.containment(1, 2) == 1.0


def test_what_one_site_prints_under_many_titles_is_furniture() -> None:
    texts = [f"{NUMBERED} own{number} text{number} of{number} it{number} here{number}" for number in range(5)]
    assert share(*texts, hosts=("site",) * 5) == {}
    assert len(share(*texts)) == 10
    assert len(share(*texts, hosts=("site",) * 5, titles=("one title",) * 5)) == 10


def own_words(number: int, count: int) -> str:
    return " ".join(f"own{number}x{place}" for place in range(count))


def test_what_a_crowd_prints_beside_words_of_its_own_is_furniture() -> None:
    texts = [f"{NUMBERED} {own_words(number, 40)}" for number in range(MAX_TEXTS_PER_SHINGLE + 1)]
    assert share(*texts) == {}


@pytest.mark.parametrize("more", [0, 1, 2, 150])
def test_however_many_copies_there_are_each_is_near_one_of_them(more: int) -> None:
    """Fifty copies were one story and fifty-one were none."""
    texts = [f"{NUMBERED} {own_words(number, 1)}" for number in range(MAX_TEXTS_PER_SHINGLE + more)]
    overlaps = count_overlaps(texts, [str(number) for number in range(len(texts))], ["one"] * len(texts))
    joined = {0}
    for one, other in overlaps.common:
        assert overlaps.containment(one, other) > 0.8
        joined |= {one, other}
    assert joined == set(range(len(texts)))
    assert more == 0 or len(overlaps.common) == len(texts) - 1


def test_copies_stay_apart_from_what_only_prints_the_same_furniture() -> None:
    copies = [f"{NUMBERED} {own_words(number, 1)}" for number in range(80)]
    others = [f"{NUMBERED} {own_words(number, 60)}" for number in range(100, 110)]
    texts = [*copies, *others]
    overlaps = count_overlaps(texts, [str(number) for number in range(len(texts))], ["one"] * len(texts))
    assert all(other < len(copies) for _, other in overlaps.common)


def test_no_texts_share_nothing() -> None:
    assert count_overlaps([], [], []).common == {}
