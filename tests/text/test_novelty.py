"""Hashes that forget the text, and what makes a sentence news."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.novelty import (
    has_news,
    names_and_numbers,
    pack_codes,
    sentence_hash,
    stem_hash,
    stem_hashes,
    unpack_codes,
)

KNOWN = frozenset(stem_hashes("The council of Tarn agreed on Monday to build a second lighthouse for 12 boats.", "en"))


@given(st.text(max_size=80))
def test_a_sentence_has_one_hash_in_any_dress(text):
    assert sentence_hash(f"  {text} ") == sentence_hash(text)
    assert sentence_hash(f"“{text}”!") == sentence_hash(text)
    assert 0 <= sentence_hash(text) < 2**40


def test_sentences_with_other_words_have_other_hashes():
    assert sentence_hash("Nine boats sank.") != sentence_hash("Ten boats sank.")
    assert sentence_hash("Boats SANK") == sentence_hash("boats sank.")


@pytest.mark.parametrize("size", [2, 3])
def test_a_stem_has_as_many_bits_as_asked_for(size):
    assert 0 <= stem_hash("harbour", size) < 2 ** (8 * size)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The mayor of Tarn met Ada Moore.", {"tarn", "ada", "moor"}),
        ("Insurers put the damage at 41 million.", {"41"}),
        ("Here Is What You Need To Know", {"know"}),
        ("Nothing of the kind happened.", set()),
        ("Tarn's council met.", set()),
    ],
)
def test_names_and_numbers_tell_what_a_sentence_is_about(sentence, found):
    assert names_and_numbers(sentence, "en") == found


@pytest.mark.parametrize(
    ("sentence", "news"),
    [
        ("The council of Tarn agreed to build a lighthouse.", False),
        ("On Monday the council agreed on a second lighthouse.", False),
        ("The council of Ribe agreed on Monday.", True),
        ("The council agreed on Monday to build it for 13 boats.", True),
        ("The council wants to sell its old ferry and close the school.", True),
        ("The council agreed to a new lighthouse.", False),
    ],
)
def test_news_is_a_new_name_a_new_number_or_several_new_words(sentence, news):
    assert has_news(sentence, "en", KNOWN) is news


@given(st.lists(st.integers(0, 2**24 - 1)))
def test_packed_numbers_come_back(codes):
    assert unpack_codes(pack_codes(codes, 3), 3) == codes
