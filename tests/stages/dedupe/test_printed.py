"""What readers had in an earlier issue is not printed again, unless something in it changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Article, RelatedArticle, Relation, Story
from digest.stages.dedupe.printed import unprinted_stories

TEXTS = ("The ferry is late.", "The ferry is late again.", "The ferry sank.")


def article(key: str, text: int = 0, **changes: Any) -> Article:
    given: dict[str, Any] = {"key": key, "source": "wires", "title": "Ferry", "paragraphs": (TEXTS[text],)}
    return Article(**(given | changes))


def story(lead: str, **others: Relation) -> Story:
    """A story that leads with one article and has others, each with its relation, all with the same text."""
    related = (RelatedArticle(article=article(key), relation=kind, overlap=0.9) for key, kind in others.items())
    return Story(lead=article(lead), others=tuple(related))


def had(**texts: int) -> dict[str, str]:
    """What was printed: article key -> fingerprint of that one of the texts."""
    return {key: article(key, text).fingerprint for key, text in texts.items()}


def judge(one: Story, printed: dict[str, str]) -> str:
    found = unprinted_stories([one], printed)
    return "left out" if not found else "update" if found[0].update else "new"


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ({}, "new"),
        (had(b=0), "new"),  # another article with the same text, but not of this story
        (had(a=0), "left out"),
        (had(a=1), "update"),
    ],
)
def test_a_story_of_one_article_goes_by_its_text(printed: dict[str, str], verdict: str):
    assert judge(story("a"), printed) == verdict


@pytest.mark.parametrize(
    ("relation", "text", "verdict"),
    [
        (Relation.COPY, 0, "left out"),  # the same text under another address
        (Relation.COPY, 1, "update"),  # the copy was printed before it changed
        (Relation.EXCERPT, 0, "update"),  # readers had a part of it
        (Relation.UPDATE, 0, "update"),  # readers had an earlier revision
        (Relation.MERGED, 0, "update"),
    ],
)
def test_a_story_whose_other_article_was_printed(relation: Relation, text: int, verdict: str):
    assert judge(story("a", b=relation), had(b=text)) == verdict


@pytest.mark.parametrize(("text", "verdict"), [(0, "left out"), (1, "update")])
def test_the_lead_decides_before_any_copy_of_it(text: int, verdict: str):
    assert judge(story("a", b=Relation.COPY), had(a=text, b=1 - text)) == verdict


def test_one_printed_copy_is_enough_whatever_the_others_say():
    several = story("a", b=Relation.EXCERPT, c=Relation.COPY, d=Relation.UPDATE)
    assert judge(several, had(b=0, c=0, d=2)) == "left out"


def test_a_new_headline_over_the_old_text_is_an_update():
    retitled = Story(lead=article("a", title="Ferry, late"))
    assert judge(retitled, had(a=0)) == "update"


def test_a_new_byline_or_address_is_no_update():
    moved = Story(lead=article("a", byline="A Reporter", url="https://news.example/moved"))
    assert judge(moved, had(a=0)) == "left out"


def test_a_story_that_is_marked_already_stays_marked():
    (found,) = unprinted_stories([Story(lead=article("a"), update=True)], {})
    assert found.update


def test_an_update_keeps_its_articles():
    given = story("a", b=Relation.COPY)
    (found,) = unprinted_stories([given], had(a=2))
    assert found.articles == given.articles
    assert not given.update


KEYS = st.sampled_from("abcdef")
STORIES = st.lists(KEYS, unique=True).map(lambda keys: [story(key) for key in keys])
PRINTED = st.dictionaries(KEYS, st.integers(0, 2)).map(lambda texts: had(**texts))


@given(STORIES, PRINTED)
def test_what_is_left_stands_in_the_order_it_had(stories: list[Story], printed: dict[str, str]):
    left = [one.key for one in unprinted_stories(stories, printed)]
    assert left == [one.key for one in stories if one.key in left]


@given(STORIES, PRINTED)
def test_every_story_is_judged_as_if_it_were_alone(stories: list[Story], printed: dict[str, str]):
    alone = [found for one in stories for found in unprinted_stories([one], printed)]
    assert unprinted_stories(stories, printed) == alone


@given(STORIES, PRINTED)
def test_once_everything_was_printed_nothing_is_left(stories: list[Story], printed: dict[str, str]):
    now = {one.key: one.lead.fingerprint for one in unprinted_stories(stories, printed)}
    assert unprinted_stories(stories, printed | now) == []
