"""The words that mark boilerplate and the small words that readers go by are found as they are written on pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.boilerplate import PHRASE_LANGUAGES, PhraseLists, comparison_key, phrase_lists
from digest.text.cues import LanguageCues, language_cues

NAMES = ("marker", "advert", "continue", "share", "tags", "teaser", "promote", "fine_print", "object")
OF_ALL = [(language, name) for language in PHRASE_LANGUAGES for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_every_list_has_entries_in_english(name: str):
    assert phrase_lists("en").phrases(name)


@pytest.mark.parametrize(("language", "name"), OF_ALL)
def test_every_entry_begins_a_line_that_is_made_of_it(language: str, name: str):
    lists = phrase_lists(language)
    for entry in lists.phrases(name):
        match = lists.match_start(name, f"  {entry}: a ferry")
        assert match is not None, entry
        assert entry.lower() in match[0].lower()


@pytest.mark.parametrize(("language", "name"), OF_ALL)
def test_every_entry_is_found_inside_a_line(language: str, name: str):
    lists = phrase_lists(language)
    assert [entry for entry in lists.phrases(name) if not lists.find_phrases(name, f"(… {entry}.)")] == []


@pytest.mark.parametrize(("language", "name"), OF_ALL)
def test_the_loose_form_of_every_entry_is_a_key(language: str, name: str):
    lists = phrase_lists(language)
    assert {comparison_key(entry) for entry in lists.phrases(name)} == lists.phrase_keys(name)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Lire la suite", "Lire la suite"),
        ("LIRE LA SUITE DE L'ARTICLE", "LIRE LA SUITE DE L'ARTICLE"),  # the longest entry, not the first
        ("lire la suite de l’article", "lire la suite de l’article"),  # a curly apostrophe
        ("lire\u00a0la\u00a0suite", "lire\u00a0la\u00a0suite"),
        ("Read more", "Read more"),  # English stands on every page
        ("lire la suiteur", None),  # whole words only
        ("Il faut lire la suite", None),  # not at the start
    ],
)
def test_a_line_begins_with_an_entry_in_any_case_and_spelling(line: str, found: str | None):
    match = phrase_lists("fr").match_start("continue", line)
    assert (match[0] if match else None) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Hier: Lire la suite.", ["Lire la suite"]),
        ("Lire la suite | Lire la suite de l'article", ["Lire la suite", "Lire la suite de l'article"]),
        ("reread more", []),
        ("Le bac part à midi.", []),
        ("", []),
    ],
)
def test_entries_are_found_as_whole_words_in_order(line: str, found: list[str]):
    assert phrase_lists("fr").find_phrases("continue", line) == found


def test_phrases_of_another_language_are_not_found():
    assert phrase_lists("de").match_start("continue", "Lire la suite") is None
    assert phrase_lists("en").find_phrases("continue", "Lire la suite") == []


def test_a_language_without_lists_has_the_english_ones():
    assert phrase_lists("fi").phrases("share") == phrase_lists("en").phrases("share")


@given(st.text(max_size=80))
def test_a_list_that_does_not_exist_holds_nothing(text: str):
    lists = PhraseLists(("en",))
    assert lists.match_start("no such list", text) is None
    assert (lists.find_phrases("no such list", text), lists.phrases("no such list")) == ([], ())
    assert lists.phrase_keys("no such list") == frozenset()


@given(st.text(max_size=120), st.sampled_from(NAMES), st.sampled_from(PHRASE_LANGUAGES))
def test_what_begins_a_line_is_also_found_in_it(text: str, name: str, language: str):
    lists = phrase_lists(language)
    for entry in lists.phrases(name)[:3]:
        match = lists.match_start(name, f"{entry} {text}")
        assert match is not None
        assert match[0].strip() in lists.find_phrases(name, f"{entry} {text}")


@pytest.mark.parametrize("text", ["isn't", "isn’t", "ISN'T"])
def test_an_apostrophe_makes_no_difference_to_a_key(text: str):
    assert comparison_key(text) == "isnt"


@pytest.mark.parametrize(
    ("text", "key"), [("@desk #ferry", "@desk #ferry"), ("C++ today", "c++ today"), ("50 %", "50")]
)
def test_signs_that_belong_to_a_word_stay_in_its_key(text: str, key: str):
    assert comparison_key(text) == key


@pytest.mark.parametrize("language", PHRASE_LANGUAGES)
def test_the_cues_of_a_language_are_in_lower_case_without_blanks_around_them(language: str):
    cues = language_cues(language)
    lists = (cues.joined, cues.open, cues.numbered, cues.pronoun, cues.connective, cues.ahead, cues.speech)
    words = frozenset[str]().union(*lists)
    assert words
    assert {word for word in words if word != word.lower() or word != " ".join(word.split())} == set()


@pytest.mark.parametrize("language", PHRASE_LANGUAGES)
def test_an_abbreviation_either_never_ends_a_sentence_or_may(language: str):
    assert language_cues(language).joined & language_cues(language).open == frozenset()


@pytest.mark.parametrize(("language", "ordinals", "nouns"), [("de", True, True), ("en", False, False)])
def test_a_language_says_how_it_writes_ordinals_and_nouns(language: str, ordinals: bool, nouns: bool):
    cues = language_cues(language)
    assert (cues.ordinals, cues.capital_nouns) == (ordinals, nouns)


@pytest.mark.parametrize("language", ["fi", "", "../cues/en", "en.toml", "e n"])
def test_a_language_without_a_file_has_no_cues(language: str):
    assert language_cues(language) == LanguageCues()
