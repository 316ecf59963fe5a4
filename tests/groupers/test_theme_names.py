"""A theme is named in the words of its titles, and a score gives its reasons in the words of its article."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.groupers.reasons import explain_score
from digest.groupers.relevance import ScorePart, total_score
from digest.groupers.theme_names import MAX_PHRASE_WORDS, name_from_titles
from digest.model import Article
from digest.text.words import split_words, stem_word, stop_words

STRIKE = ("Ferry strike enters third day", "Island ferry strike drags on", "Talks on the ferry strike fail")


def name(*titles: str, language: str = "en", **weights: float) -> str:
    """The name of titles, where words weigh what is said and all others one."""
    words = {stem_word(word, language) for title in titles for word in split_words(title)}
    given = {stem_word(word, language): weight for word, weight in weights.items()}
    return name_from_titles(titles, dict.fromkeys(words, 1.0) | given, language)


def test_the_phrase_that_most_titles_hold_is_the_name() -> None:
    assert name(*STRIKE).split(", ")[0].casefold() == "ferry strike"


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("Museum",), "Museum"),
        (("The museum of towns",), "museum of towns"),  # no function word at the edges, those inside stay
        (
            ("Bridge: closed",),
            "Bridge: closed",
        ),  # a phrase does not reach over a colon, and a common word names nothing
        (("Mayor's plan",), "Mayor's plan"),
        (("The Mayor’s",), "Mayor"),
        (("2026",), "2026"),  # no words: the title itself
        (("", "2026"), "2026"),
        (("", ""), ""),
        ((), ""),
    ],
)
def test_a_name_is_a_phrase_of_a_title(titles: tuple[str, ...], expected: str) -> None:
    assert name(*titles) == expected


def test_a_name_is_written_as_most_titles_write_it() -> None:
    assert name("Glass museum", "glass museum", "glass museum") == "glass museum"
    assert name("Glass museum", "Glass Museum", "Glass Museum") == "Glass Museum"


def test_forms_of_a_word_are_one_word() -> None:
    assert name("Ferries strike", "Ferry strikes", "Ferry strikes").casefold() == "ferry strikes"


def test_the_word_that_weighs_most_is_in_the_name() -> None:
    assert "harbour" in name("Quiet harbour wakes", "Old port wakes", harbour=9.0).casefold()
    assert "port" in name("Quiet harbour wakes", "Old port wakes", port=9.0).casefold()


def test_what_few_titles_hold_is_no_name_but_the_best_headline_is() -> None:
    titles = ("Ferry to Sund stops", "Bridge of Tarn closes", "Old port wakes up at last")
    assert name(*titles, ferry=5.0) == "Ferry to Sund stops"
    long = "The council of Tarn and the harbour board quarrel over who pays for a second lighthouse"
    assert name(long, "Ferry stops", "Bridge closes", council=9.0, lighthouse=9.0, harbour=9.0) == (
        "The council of Tarn and the harbour board quarrel over who…"
    )


def test_a_number_alone_is_no_name_whatever_it_weighs() -> None:
    assert name("2026: Ferry", **{"2026": 9.0}) == "Ferry"
    assert name("Ferry 2026", **{"2026": 9.0}) == "Ferry 2026"


@pytest.mark.parametrize("mayor", ["Mayor's", "Mayor’s"])
def test_whose_it_is_counts_as_the_word_itself(mayor: str) -> None:
    assert name(f"ferry | {mayor}", Mayor=1.0, mayor=9.0) == "Mayor"


def test_a_title_of_another_language_has_that_languages_function_words() -> None:
    assert name("Streik der Fähren", "Streik der Fähren", language="de") == "Streik der Fähren"
    assert name("Der Streik", "Der Streik", language="de") == "Streik"


TITLES = st.lists(st.lists(st.sampled_from("The Ferry of a Harbour, and Bridge 2026 – Mayor's".split())).map(" ".join))


@given(TITLES)
def test_every_part_of_a_name_stands_in_a_title(titles: list[str]) -> None:
    found = name(*titles)
    if found and found not in titles and not found.endswith("…"):
        assert any(found in title for title in titles)
        words = found.lower().replace("'s", "").split()
        assert len(words) <= MAX_PHRASE_WORDS + 1  # a dash between words is none
        assert not {words[0], words[-1]} & stop_words("en")


@given(TITLES)
def test_titles_with_any_text_have_a_name(titles: list[str]) -> None:
    assert bool(name(*titles)) is any(titles)


def article(title: str | None = "Ferries late", text: str = "The ferry waits. Ferries wait.", **more: Any) -> Article:
    return Article(key="a", source="wires", title=title, paragraphs=(text,), **more)


def part(*words: str, weight: float = 0.5, learnt: bool = False) -> ScorePart:
    return ScorePart(stems=tuple(stem_word(word, "en") for word in words), weight=weight, learnt=learnt)


@pytest.mark.parametrize(
    ("title", "term", "where"),
    [
        ("Ferries late", "Ferries", "title"),
        ("FERRY late", "FERRY", "title"),
        ("Boats late", "ferry", "text"),
        (None, "ferry", "text"),
    ],
)
def test_a_reason_is_written_as_the_title_else_the_text_first_writes_it(
    title: str | None, term: str, where: str
) -> None:
    ((found,), _) = explain_score(article(title), [part("ferry")])
    assert (found.term, found.where) == (term, where)


def test_a_word_that_a_title_writes_twice_is_told_as_it_stands_first() -> None:
    why, _ = explain_score(article("Ferries and a ferry late"), [part("ferry"), part("late", weight=0.1)])
    assert [one.term for one in why] == ["Ferries", "late"]


def test_a_phrase_is_one_reason() -> None:
    ((found,), _) = explain_score(article(text="Strike of the ferry"), [part("ferry", "strike")])
    assert (found.term, found.where) == ("Ferries Strike", "title")


def test_own_words_come_before_lent_ones_and_the_strongest_first() -> None:
    parts = [part("wait", weight=0.9, learnt=True), part("late", weight=0.1), part("ferry", weight=0.3)]
    why, score = explain_score(article(), parts)
    assert [(one.term, one.where) for one in why] == [("Ferries", "title"), ("late", "title"), ("waits", "learnt")]
    assert score == pytest.approx(1.3)


@pytest.mark.parametrize(("weight", "told"), [(0.0, 0), (4e-7, 0), (6e-7, 1)])
def test_a_part_that_weighs_nothing_is_no_reason(weight: float, told: int) -> None:
    why, score = explain_score(article(), [part("ferry", weight=weight)])
    assert len(why) == told
    assert bool(score) is bool(told)


@given(st.lists(st.tuples(st.sampled_from(["ferry", "late", "wait"]), st.floats(0, 1), st.booleans()), max_size=6))
def test_the_reasons_sum_to_the_score_in_any_order(given_parts: list[tuple[str, float, bool]]) -> None:
    parts = [part(word, weight=weight, learnt=learnt) for word, weight, learnt in given_parts]
    why, score = explain_score(article(), parts)
    assert score == pytest.approx(sum(one.weight for one in why))
    assert score == pytest.approx(total_score(parts), abs=1e-5)
    assert explain_score(article(), parts[::-1]) == (why, score)
