"""The words of sources are told from what a template left behind; the story that trips the gate is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from digest.stages.check import Level, check_html, check_letter, check_text, find_refused_stories, source_texts_in_json
from digest.stages.check.quoted import SourceTexts
from tests.stages.check.test_check import LETTER, PAGE, TEXT

SAID = "How Vue renders {{ message }} in a page, and what happens to it when a reader clicks on ${name}"


def codes(html: str, *said: str) -> set[str]:
    return {found.code for found in check_html(html, said) if found.level is Level.ERROR}


def test_a_source_is_known_in_capitals_over_lines_and_with_invisible_characters() -> None:
    shown = (
        "HOW VUE RENDERS {{\n  MESS\u200bAGE }} IN A PAGE,\u00a0AND WHAT HAPPENS TO IT WHEN A READER CLICKS ON ${NAME}"
    )
    assert not SourceTexts([SAID]).blank_out(shown).replace("\u200b", "").strip()


@given(st.integers(1, len(SAID)))
def test_a_source_is_known_wherever_it_was_cut(length: int) -> None:
    cut = SAID[:length].rstrip(" ,")
    assert SourceTexts([SAID]).blank_out(f"By {cut}… · 3 min").split() == ["By", "…", "·", "3", "min"]


@given(st.text(), st.lists(st.text(), max_size=4))
def test_blanking_keeps_the_length_and_invents_nothing(text: str, said: list[str]) -> None:
    bare = SourceTexts(said).blank_out(text)
    assert len(bare) == len(text)
    assert all(after in {before, " "} for before, after in zip(text, bare, strict=True))


def test_a_mark_of_the_template_is_found_beside_the_same_signs_of_a_source() -> None:
    page = PAGE.replace("Night trains", SAID)
    assert "mark" not in codes(page, SAID)
    assert "mark" in codes(page.replace("That is all", "That is {{ page.all }}"), SAID)


def test_a_source_is_known_around_a_link_within_it() -> None:
    said = "See {{ x https://example.org/a }} for more"
    page = PAGE.replace(
        "Night trains", 'See {{ x <a href="https://example.org/a">https://example.org/a</a> }} for more'
    )
    assert "mark" in codes(page)
    assert "mark" not in codes(page, said)


def test_a_lost_character_of_a_source_is_no_wrong_charset() -> None:
    assert "charset" in codes(PAGE.replace("Night trains", "Night\ufffd trains"))
    assert "charset" not in codes(PAGE.replace("Night trains", "Night\ufffd trains"), "Night\ufffd trains")
    assert not [
        f for f in check_text(TEXT.replace("That is all", "It\ufffd is"), ["It\ufffd is"]) if f.code == "charset"
    ]


def test_an_address_that_both_parts_show_is_no_divergence_whether_or_not_it_is_a_link() -> None:
    said = "Night trains https://example.org/plan"
    both = replace(
        LETTER, html=LETTER.html.replace("Night trains", said), text=LETTER.text.replace("Night trains", said)
    )
    assert "divergence" not in {found.code for found in check_letter(both) if found.level is Level.ERROR}


def test_the_words_of_sources_are_read_from_a_saved_issue() -> None:
    data = {
        "title": "A",
        "sections": [
            {"theme": "B", "stories": [{"title": "C", "byline": None, "sentences": [{"text": "D", "start": 0}]}]}
        ],
        "problems": [{"message": "E", "text": "E"}],
    }
    assert set(source_texts_in_json(data)) == {"A", "B", "C", "D"}
    assert source_texts_in_json(["x", 1, None]) == source_texts_in_json("x") == ()


@given(st.integers(1, 60), st.sets(st.integers(0, 59), max_size=4))
def test_exactly_the_stories_that_trip_the_gate_are_blamed(stories: int, bad: set[int]) -> None:
    wrong = {str(number) for number in bad if number < stories}
    found = find_refused_stories([str(number) for number in range(stories)], lambda some: bool(wrong & set(some)))
    assert set(found) == wrong


def test_the_search_for_the_guilty_is_bounded() -> None:
    asked: list[int] = []

    def refused(some: Sequence[str]) -> bool:
        asked.append(len(some))
        return bool(some)

    assert find_refused_stories([str(number) for number in range(1000)], refused) == []
    assert len(asked) < 120
