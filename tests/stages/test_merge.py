"""One event is one story, whoever tells it; its theme is decided by all of its stories together."""

from __future__ import annotations

import pytest

from digest.model import Relation
from digest.stages.merge import merge_events
from tests.stages.editor import article, placed, story, theme


def told(themes):
    """Theme -> stories as (lead, others with their relation)."""
    return {
        one.key: [
            (each.story.key, [(other.article.key, other.relation.value) for other in each.story.others])
            for each in one.stories
        ]
        for one in themes
    }


def test_reports_of_one_event_become_one_story_and_others_stay():
    stories = [placed(story(article(key)), event="fire" if key in "ac" else "") for key in "abcd"]
    merged = told(merge_events([theme(*stories)]))
    assert merged == {"sea": [("a", [("c", "report")]), ("b", []), ("d", [])]}


def test_copies_of_a_report_stay_copies():
    first = placed(story(article("a"), (article("a2"), Relation.COPY)), event="fire")
    second = placed(story(article("b"), (article("b2"), Relation.COPY)), event="fire")
    assert told(merge_events([theme(first, second)], named=("sea",))) == {
        "sea": [("a", [("a2", "copy"), ("b", "report"), ("b2", "copy")])]
    }


def test_an_event_stands_under_the_theme_that_its_stories_fit_best():
    sea = theme(placed(story(article("a")), event="fire", score=0.4), key="sea")
    land = theme(placed(story(article("b")), event="fire", theme="land", score=0.9), key="land")
    other = theme(placed(story(article("c")), event="fire", theme=None, score=0.0), key="other")
    merged = merge_events([sea, land, other], named=("sea", "land"))
    assert [one.key for one in merged] == ["land"]
    assert merged[0].stories[0].placement.theme == "land"
    assert len(merged[0].stories[0].story.articles) == 3


@pytest.mark.parametrize(
    ("better", "worse", "options"),
    [
        (article("z", source="best"), article("a"), {"tiers": {"best": 1}}),
        (article("z"), article("a", source="poor"), {"tiers": {"poor": 3}}),
        (article("z"), article("a", truncated=True), {}),
        (article("z"), article("a", title=None), {}),
        (article("z"), article("a", ("Short.",)), {}),
        (article("z", publisher="The Sund Post"), article("a"), {"prefer": ("The Sund Post",)}),
        (article("a"), article("z"), {}),
    ],
    ids=["tier 1", "tier 3", "cut", "no headline", "short", "preferred", "equals by key"],
)
def test_the_report_that_says_most_leads(better, worse, options):
    for order in ((better, worse), (worse, better)):
        (merged,) = merge_events([theme(*(placed(story(one), event="fire") for one in order))], **options)
        assert merged.stories[0].story.key == better.key


def test_news_leads_before_everything_and_makes_the_card_an_update():
    fresh = story(article("z", truncated=True), update=True, event="old", news=frozenset({"A wall fell."}))
    (merged,) = merge_events([theme(placed(story(article("a")), event="fire"), placed(fresh, event="fire"))])
    (one,) = merged.stories
    assert (one.story.key, one.story.update, one.story.event, one.story.news) == ("z", True, "old", {"A wall fell."})


def test_a_found_theme_that_is_one_event_is_no_theme_but_a_named_one_stays():
    pair = (placed(story(article("a")), event="fire", theme="x"), placed(story(article("b")), event="fire", theme="x"))
    assert list(told(merge_events([theme(*pair, key="x")]))) == ["other"]
    assert list(told(merge_events([theme(*pair, key="x")], named=("x",)))) == ["x"]
    lone = placed(story(article("a")), theme="x")
    assert list(told(merge_events([theme(lone, key="x")]))) == ["x"]


def test_stories_of_a_grouper_that_names_no_event_stand_alone():
    stories = [placed(story(article(key))) for key in "ab"]
    nameless = [
        type(one)(story=one.story, placement=type(one.placement)(theme="sea", name="Sea", event="", score=0.5))
        for one in stories
    ]
    assert told(merge_events([theme(*nameless)])) == {"sea": [("a", []), ("b", [])]}


def test_nothing_is_lost():
    stories = [placed(story(article(str(number))), event=f"e{number % 3}") for number in range(9)]
    (merged,) = merge_events([theme(*stories)])
    assert sorted(one.key for each in merged.stories for one in each.story.articles) == sorted(map(str, range(9)))
    assert len(merged.stories) == 3
