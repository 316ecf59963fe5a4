"""A text that a machine wrapped is joined again, a text that its author broke stays, and no word is lost."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from digest.text.wrap import MAX_WRAP_WIDTH, MIN_WRAP_WIDTH, unwrap_paragraphs

PARAGRAPHS = (
    (
        "The council moved its decision on the ferry line to March after two hours of talks. Fishermen had asked for more "
        "time than that, and the chair agreed to hear them again before the budget of the harbour is cut for good."
    ),
    (
        "A second vote is planned for the day after, when the engineers have shown what a new slipway is going to cost, and "
        "when the owners of the two older boats have said whether they would sell them to the island at all."
    ),
)
WORDS = st.text(alphabet="abcdefgh", min_size=1, max_size=12)
LONG_PARAGRAPHS = st.lists(st.lists(WORDS, min_size=40, max_size=60).map(" ".join), min_size=1, max_size=3)


def wrap(paragraphs: tuple[str, ...] | list[str], width: int) -> list[str]:
    """The paragraphs as a mail program writes them: lines of at most `width`, a blank line after each paragraph."""
    return [line for paragraph in paragraphs for line in (*textwrap.wrap(paragraph, width), "")]


def filled(lines: list[str]) -> list[str]:
    return [line for line in lines if line]


@pytest.mark.parametrize("width", [60, 66, 72, 78, 100])
def test_a_paragraph_wrapped_at_any_usual_width_is_one_line_again(width: int):
    assert filled(unwrap_paragraphs(wrap(PARAGRAPHS, width))) == list(PARAGRAPHS)


@settings(max_examples=30)
@given(LONG_PARAGRAPHS, st.integers(MIN_WRAP_WIDTH, MAX_WRAP_WIDTH))
def test_what_a_machine_wrapped_comes_back(paragraphs: list[str], width: int):
    lines = wrap(paragraphs, width)
    assume(max(map(len, lines)) >= MIN_WRAP_WIDTH and len(filled(lines)) >= len(paragraphs) + 4)
    assert filled(unwrap_paragraphs(lines)) == paragraphs


def test_paragraphs_stay_apart_by_one_blank_line():
    assert unwrap_paragraphs([*wrap(PARAGRAPHS, 72), "", "", ""]) == [PARAGRAPHS[0], "", PARAGRAPHS[1], ""]


def test_the_blanks_around_a_wrapped_line_are_not_kept():
    lines = [f"  {line}  " if line else "   " for line in wrap(PARAGRAPHS, 72)]
    assert filled(unwrap_paragraphs(lines)) == list(PARAGRAPHS)


@pytest.mark.parametrize("width", [MIN_WRAP_WIDTH - 10, MAX_WRAP_WIDTH + 20])
def test_lines_that_are_too_narrow_or_too_wide_are_their_authors(width: int):
    lines = wrap(PARAGRAPHS * 2, width)
    assert unwrap_paragraphs(lines) == lines


def test_a_line_of_exactly_the_least_width_is_wide_enough():
    lines = ["a" * 25 + " " + "b" * 24, *(["c" * 45, "d" * 45] * 2)]
    assert len(lines[0]) == MIN_WRAP_WIDTH
    assert len(filled(unwrap_paragraphs(lines))) == 1


def test_three_breaks_are_too_few_to_tell_and_four_are_enough():
    lines = textwrap.wrap(" ".join(PARAGRAPHS), 72)
    assert unwrap_paragraphs(lines[:4]) == lines[:4]
    assert filled(unwrap_paragraphs(lines[:5])) == [" ".join(lines[:5])]


def test_breaks_between_paragraphs_do_not_count():
    single = [entry for line in textwrap.wrap(" ".join(PARAGRAPHS), 72) for entry in (line, "")]
    assert unwrap_paragraphs(single) == single


def test_one_break_in_ten_may_be_the_authors_and_no_more():
    its_own = ["A title", "a " + "x" * 58]  # the next word would have fitted
    full = ["x" * 60] * 9
    assert len(filled(unwrap_paragraphs([*its_own, *full]))) == 1
    assert unwrap_paragraphs([*its_own, *full[1:]]) == [*its_own, *full[1:]]


@given(st.lists(st.text(alphabet="ab  \t", max_size=130), max_size=14))
def test_no_word_is_lost_and_none_is_made(lines: list[str]):
    assert " ".join(unwrap_paragraphs(lines)).split() == " ".join(lines).split()


@given(st.lists(st.text(alphabet="ab ", max_size=70), max_size=14))
def test_what_was_joined_once_is_not_joined_again(lines: list[str]):
    once = unwrap_paragraphs(lines)
    assert unwrap_paragraphs(once) == once


@given(st.lists(st.text(alphabet="ab ", max_size=70), max_size=14))
def test_the_lines_that_were_given_are_not_changed(lines: list[str]):
    before = list(lines)
    unwrap_paragraphs(lines)
    assert lines == before
