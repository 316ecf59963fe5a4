"""What a source prints under every article is its template, found over days; what versions of one article share is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Article
from digest.stages.clean.recurring import RecurringLines, drop_recurring_lines

ABOUT = "Harbour Post, founded in 1871, is printed in Tarn."


def article(number: int, *, source: str = "post", last: str = ABOUT, own: int = 4) -> Article:
    lines = tuple(f"Sentence {place} of story {number} says something of its own." for place in range(own))
    return Article(key=f"k{number}", source=source, title=f"Story {number}", paragraphs=(*lines, last))


def last_lines(articles: list[Article]) -> list[str]:
    return [one.paragraphs[-1] for one in articles]


def test_a_line_that_three_articles_of_a_source_have_is_dropped_and_told():
    found = drop_recurring_lines([article(n) for n in range(3)], {})
    assert ABOUT not in last_lines(found)
    assert [[(piece.text, piece.reason) for piece in one.dropped] for one in found] == [[(ABOUT, "recurring line")]] * 3


@pytest.mark.parametrize(
    "articles",
    [
        [article(0), article(1)],
        [article(0), article(1), article(2, source="other")],
        [article(0), article(0), article(0)],
        [Article(key=f"v{n}", source="post", title=f"Version {n}", paragraphs=article(0).paragraphs) for n in range(5)],
    ],
    ids=["two", "another source", "the same", "versions of one"],
)
def test_less_is_no_template(articles):
    assert last_lines(drop_recurring_lines(articles, {})) == [ABOUT] * len(articles)


def test_it_is_found_over_days():
    known: dict[str, RecurringLines] = {}
    days = [last_lines(drop_recurring_lines([article(day)], known))[0] for day in range(4)]
    assert [line == ABOUT for line in days] == [True, True, False, False]


def test_asking_again_for_the_same_articles_counts_nothing_twice():
    known: dict[str, RecurringLines] = {}
    for _ in range(5):
        found = drop_recurring_lines([article(0), article(1)], known)
    assert last_lines(found) == [ABOUT, ABOUT]


def test_an_article_never_loses_all_of_its_text():
    short = [Article(key=f"k{n}", source="post", title=f"T{n}", paragraphs=(ABOUT,)) for n in range(9)]
    assert drop_recurring_lines(short, {}) == short


def test_a_line_in_the_middle_stays():
    middles = [
        Article(
            key=f"k{n}",
            source="post",
            paragraphs=tuple(ABOUT if place == 5 else f"Line {place} of {n}." for place in range(12)),
        )
        for n in range(5)
    ]
    assert all(ABOUT in one.paragraphs for one in drop_recurring_lines(middles, {}))


def test_what_is_remembered_survives_being_saved():
    known: dict[str, RecurringLines] = {}
    drop_recurring_lines([article(0), article(1)], known)
    again = {"post": RecurringLines.from_json(known["post"].as_json())}
    assert last_lines(drop_recurring_lines([article(2)], again)) != [ABOUT]


@given(st.one_of(st.text(max_size=30), st.sampled_from(["[]", "3", '{"a": 3}', '{"a": [1]}', "null"])))
def test_a_damaged_memory_is_an_empty_one_or_what_can_be_read(text):
    assert drop_recurring_lines([article(0)], {"post": RecurringLines.from_json(text)}) == [article(0)]
