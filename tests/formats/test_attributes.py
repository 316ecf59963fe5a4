"""A tag of thousands of attributes costs what its length costs, and nothing of the page is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.formats.attributes import MOST, cut
from digest.formats.markup import parse


def crowd(count: int, value: str = '="x"') -> str:
    return " ".join(f"a{number}{value}" for number in range(count))


@pytest.mark.parametrize("value", ["", "=x", '="x"', "='>'", ' = "<p>"', '=">" /'])
def test_only_the_first_attributes_stay(value: str) -> None:
    root = parse(f"<body><p class=lead {crowd(5000, value)} b>One.</p><p>Two.</p></body>")
    first, second = root.iter("p")
    assert (len(first.attrib), first.get("class"), first.text, second.text) == (MOST, "lead", "One.", "Two.")


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
    assert len(cut(f"{before}<p {crowd(5000)}>").split()) < 5000


@given(st.text("<>!-/=\"' abps\n?&;", max_size=300))
def test_other_pages_stay_as_they_are(page: str) -> None:
    assert cut(page) == page


@pytest.mark.parametrize("part", ["<a ", '<a b="', "<a b='", "<!--", "<script>", "<p a", "</a b=", 'a=">" '])
def test_the_time_grows_with_the_length(part: str) -> None:
    def cost(count: int) -> float:
        page = "<p " + part * count
        begin = time.process_time()
        cut(page)
        return time.process_time() - begin

    assert cost(200_000) < 10 * max(cost(50_000), 0.02)


def test_forty_thousand_attributes_are_read_in_a_moment() -> None:
    begin = time.process_time()
    parse(f"<body><p {crowd(40_000)}>One.</p></body>")
    assert time.process_time() - begin < 1
