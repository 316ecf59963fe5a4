"""A tag of thousands of attributes costs what its length costs, and nothing of the page is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.formats.attributes import MAX_ATTRIBUTES, limit_attributes
from digest.formats.markup import parse_html


def crowd(count: int, value: str = '="x"') -> str:
    return " ".join(f"a{number}{value}" for number in range(count))


@pytest.mark.parametrize("value", ["", "=x", '="x"', "='>'", ' = "<p>"', '=">" /'])
def test_only_the_first_attributes_stay(value: str) -> None:
    root = parse_html(f"<body><p class=lead {crowd(5000, value)} b>One.</p><p>Two.</p></body>")
    first, second = root.iter("p")
    assert (len(first.attrib), first.get("class"), first.text, second.text) == (MAX_ATTRIBUTES, "lead", "One.", "Two.")


@pytest.mark.parametrize(
    "before",
    [
        '<!-- <a b=" -->',
        '<script>if (a <b c=") {}</script>',
        '<!x <a b=">',
        "<title><a b='</title>",
        "a < b",
        '<a b=\u00a0">',
    ],
)
def test_what_only_looks_like_a_tag_hides_no_tag(before: str) -> None:
    assert len(limit_attributes(f"{before}<p {crowd(5000)}>").split()) < 5000


@given(st.text("<>!-/=\"' abps\n?&;", max_size=300))
def test_other_pages_stay_as_they_are(page: str) -> None:
    assert limit_attributes(page) == page


@pytest.mark.parametrize("part", ["<a ", '<a b="', "<a b='", "<!--", "<script>", "<p a", "</a b=", 'a=">" '])
def test_the_time_grows_with_the_length(part: str) -> None:
    def cost(count: int) -> float:
        page = "<p " + part * count
        begin = time.process_time()
        limit_attributes(page)
        return time.process_time() - begin

    assert cost(200_000) < 10 * max(cost(50_000), 0.02)


def test_reading_many_attributes_costs_no_more_than_their_number() -> None:
    def cost(count: int) -> float:
        page = f"<body><p {crowd(count)}>One.</p></body>"
        begin = time.process_time()
        parse_html(page)
        return time.process_time() - begin

    assert cost(40_000) < 10 * max(cost(10_000), 0.05)
