"""What is no news by its make is left out with its reason; titles decide nothing."""

from __future__ import annotations

import pytest

from digest.model import DroppedPiece
from digest.stages.filter import ArticleRule, filter_articles
from tests.stages.editor import HERRING, LIGHTHOUSE, article


def reasons(one):
    return [reason for _, reason in filter_articles([one], ArticleRule(), {})[1]]


@pytest.mark.parametrize(
    "text",
    [
        ("Good morning. Here is what you need to know.", "Sign up to get this briefing by e-mail every day."),
        ("Our picture editors choose the best images from around the world.",),
        ("We bring you the best of the week in pictures.",),
        ("Your stars for today: a good day to call old friends.", "You will meet somebody who matters."),
    ],
)
def test_a_short_text_that_speaks_to_its_readers_and_names_nothing_is_no_news(text):
    assert "no sentence of news" in reasons(article("x", text))[0]


@pytest.mark.parametrize(
    "text",
    [
        LIGHTHOUSE,
        HERRING,
        (),
        ("A man died when a wall fell on the pavement.",),
        ("Police ask anyone who saw the accident to come forward.",),
        ("“You cannot rebuild it,” said Ada Moore of Tarn.", "The harbour board of Tarn voted on Monday."),
        ("港は閉鎖された。",),
    ],
    ids=["news", "other news", "headline only", "no name", "a request", "a quotation", "Japanese"],
)
def test_news_is_kept_whatever_its_title(text):
    assert reasons(article("x", text, title="Morning briefing: pictures of the day")) == []


def test_a_text_of_captions_is_a_gallery():
    captions = tuple(
        DroppedPiece(text=f"Boats in the harbour of Tarn, picture {n}", reason="caption") for n in range(9)
    )
    assert "gallery" in reasons(article("x", HERRING, dropped=captions))[0]
    assert reasons(article("x", LIGHTHOUSE, dropped=captions[:1])) == []


def test_a_long_text_is_somebodys_work():
    assert reasons(article("x", ("You may think what you like of your own mornings.",) * 20)) == []


def test_order_is_kept_and_nothing_is_lost():
    given = [article("a"), article("b", ("Here is what you need to know.",)), article("c", HERRING)]
    kept, others = filter_articles(given, ArticleRule(), {})
    assert [one.key for one in kept] == ["a", "c"]
    assert [one.key for one, _ in others] == ["b"]
