"""The five seeds are the first judge of the cleaner."""

from __future__ import annotations

from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture
def seed(article):
    return lambda number: article(next(SEEDS.glob(f"{number:03d}_*.txt")).read_bytes())


def reasons(found):
    return {piece.text: piece.reason for piece in found.dropped}


def test_a_caption_goes_with_the_alt_text_beside_it(seed):
    text = seed(0).text
    assert "Del Pozo" not in text
    assert "Ahmed Jalil" not in text
    assert text.startswith("Brussels, Belgium –")


def test_the_standfirst_is_kept_once_and_the_source_line_names_the_publisher(seed):
    found = seed(0)
    assert found.standfirst.startswith("As tensions with Iran soar")
    assert found.standfirst not in found.paragraphs
    assert (found.publisher, found.byline, found.published) == ("Al Jazeera", None, None)


def test_a_copy_yields_its_byline_and_says_that_it_is_cut(seed):
    found = seed(1)
    assert found.title == "Is NATO About to Become ‘More Involved’ in the Middle East?"
    assert found.byline == "Samuel Stolton"
    assert found.truncated
    assert not {"–", "read more.", "end"} & set(found.paragraphs)


def test_a_first_paragraph_is_no_headline_and_dashes_may_be_a_list(seed):
    found = seed(2)
    assert found.title is None
    assert sum(paragraph.startswith("- ") for paragraph in found.paragraphs) == 3
    assert (found.publisher, found.byline) == ("Akhbar Al Khaleej", "Dr. Ashraf Keshk")
    assert found.paragraphs[-1].startswith("Such considerations")


def test_of_three_dates_the_printed_one_is_taken(seed):
    assert seed(3).published.isoformat() == "2020-02-13T10:24:00"


def test_a_teaser_in_the_middle_goes_whole(seed):
    found = seed(3)
    assert list(reasons(found).values()).count("teaser") == 4
    assert "Dutch" not in found.text
    assert found.byline == "Reuters and Algemeiner Staff"


def test_share_lines_and_notices_below_the_article_go(seed):
    assert seed(3).paragraphs[-1].endswith("diplomats said.")


def test_a_run_of_link_text_goes_and_the_sentence_around_it_stays(seed):
    found = seed(4)
    assert "by phone with President Trump “on developments in the Middle East,” specifically" in found.text
    assert "Capitol" not in found.text
    assert found.byline is None


@pytest.mark.parametrize("number", range(5))
def test_no_seed_needs_the_gentle_pass(seed, number):
    assert not seed(number).low_confidence
