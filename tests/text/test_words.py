"""Words, stems and languages: small rules that everything above rests on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.boilerplate import comparison_key, phrase_lists
from digest.text.language import detect_language, text_direction
from digest.text.reading import reading_minutes
from digest.text.words import content_stems, content_words, split_words, stem_word, stop_words

SENTENCES = {
    "en": "The council of the harbour has voted for a new ferry and against the bridge that was promised.",
    "de": "Der Rat des Hafens hat für eine neue Fähre und gegen die Brücke gestimmt, die versprochen war.",
    "fr": "Le conseil du port a voté pour un nouveau ferry et contre le pont qui avait été promis.",
    "es": "El consejo del puerto ha votado por un nuevo transbordador y contra el puente que se prometió.",
    "it": "Il consiglio del porto ha votato per un nuovo traghetto e contro il ponte che era stato promesso.",
    "nl": "De raad van de haven heeft voor een nieuwe veerboot gestemd en tegen de brug die was beloofd.",
    "pt": "O conselho do porto votou por uma nova balsa e contra a ponte que tinha sido prometida.",
    "ru": "Совет гавани проголосовал за новый паром и против моста, который был обещан.",
}


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_a_sentence_tells_its_language(language: str, text: str):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("港務局は月曜日に新しいフェリーを決めた。", "ja"),
        ("مجلس الميناء يصوت يوم الاثنين", "ar"),
        ("מועצת הנמל הצביעה", "he"),
    ],
)
def test_a_script_tells_its_language(text: str, language: str):
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "42", "!!!", "Xyzzy", "\u200b"])
def test_what_says_nothing_is_the_default(text: str):
    assert detect_language(text, default="nl") == "nl"


@pytest.mark.parametrize(
    ("text", "direction"),
    [("مجلس", "rtl"), ("מועצה", "rtl"), ("council", "ltr"), ("", "ltr"), ("a مجلس الميناء", "rtl")],
)
def test_the_direction_is_that_of_most_letters(text: str, direction: str):
    assert text_direction(text) == direction


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Harbour's ferry", ["the", "harbour's", "ferry"]),
        ("U.S. and E.U.", None),
        ("ein-zwei drei", None),
        ("naïve café", ["naïve", "café"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_words_are_lower_case_and_in_order(text: str, words: list[str] | None):
    found = split_words(text)
    assert found == words if words is not None else all(word == word.lower() for word in found)


@given(st.text(max_size=200))
def test_every_word_stands_in_the_text(text: str):
    folded = text.lower()
    at = 0
    for word in split_words(text):
        at = folded.index(word, at) + len(word)


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_function_words_carry_no_meaning(language: str, text: str):
    meaning = content_words(text, language)
    assert not set(meaning) & stop_words(language)
    assert 0 < len(meaning) < len(split_words(text))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("voted", "voting", "en"),
        ("ferries", "ferry", "en"),
        ("Häfen".lower(), "hafen", "de"),
        ("ponts", "pont", "fr"),
        ("votaciones", "votación", "es"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str, language: str):
    assert stem_word(one, language) == stem_word(other, language)


@pytest.mark.parametrize("language", ["xx", "ja", "zh"])
def test_without_a_stemmer_a_word_is_its_own_stem(language: str):
    assert stem_word("voting", language) == "voting"


@given(st.text(max_size=100), st.sampled_from(["en", "de", "xx"]))
def test_stems_are_as_many_as_words_with_meaning(text: str, language: str):
    assert len(content_stems(text, language)) == len(content_words(text, language))


@pytest.mark.parametrize(
    ("text", "key"),
    [("  Read   MORE… ", "read more"), ("Sign-up!", "sign up"), ("—", ""), ("Über uns", "über uns")],
)
def test_lines_are_compared_by_their_words(text: str, key: str):
    assert comparison_key(text) == key


@given(st.text(max_size=80))
def test_a_comparison_key_is_its_own_key(text: str):
    assert comparison_key(comparison_key(text)) == comparison_key(text)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "nl", "pt"])
def test_a_language_has_its_own_phrases_and_the_english_ones(language: str):
    own, english = phrase_lists(language), phrase_lists("en")
    assert set(english.phrases("share")) <= set(own.phrases("share"))


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (230, 1), (231, 2), (460, 2), (2300, 10)])
def test_reading_takes_a_minute_for_230_words(words: int, minutes: int):
    assert reading_minutes(words) == minutes or abs(reading_minutes(words) - words / 230) <= 0.5
