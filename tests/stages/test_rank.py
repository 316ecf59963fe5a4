"""How much a story matters: independent sources first, and every addend is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Memory, Relation, RememberedEvent, RememberedIssue
from digest.stages.rank import ImportanceRule, rank_stories
from digest.text.publishers import houses_by_publisher
from tests.stages.editor import AT, article, placed, story, theme

RULE = ImportanceRule(at=AT, houses=houses_by_publisher({}))


def weigh(one, rule=RULE):
    """The story as ranked, alone."""
    (ranked,) = rank_stories([theme(one)], rule)
    return ranked.stories[0]


def told_by(*publishers, relation=Relation.REPORT):
    lead, *others = (article(f"{number}", publisher=name) for number, name in enumerate(publishers))
    return placed(story(lead, *((other, relation) for other in others)))


def test_a_source_more_matters_and_the_second_adds_most():
    weights = [weigh(told_by(*(f"Paper {number}" for number in range(count)))).weight for count in range(1, 6)]
    gains = [after - before for before, after in pairwise(weights)]
    assert all(gain > 0 for gain in gains)
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize(
    ("publishers", "relation", "sources"),
    [
        (("Al Jazeera", "aljazeera.com"), Relation.REPORT, 1),
        (("Daily Mail", "metro.co.uk"), Relation.REPORT, 1),
        (("Daily Mail", "The Guardian"), Relation.REPORT, 2),
        (("Daily Mail", "The Guardian"), Relation.COPY, 1),
        (("Daily Mail", "The Guardian"), Relation.EXCERPT, 1),
    ],
)
def test_copies_and_outlets_of_one_house_count_once(publishers, relation, sources):
    assert len(weigh(told_by(*publishers, relation=relation)).sources) == sources


def test_an_edition_adds_houses():
    rule = replace(RULE, houses=houses_by_publisher({"Sund Media": ["Sund Post", "ribe.example"]}))
    one = weigh(told_by("Sund Post", "ribe.example", "The Guardian"), rule)
    assert [source.publisher for source in one.sources] == ["Sund Post", "The Guardian"]


@given(
    st.integers(0, 100),
    st.floats(0, 5),
    st.sampled_from([1, 2, 3]),
    st.booleans(),
    st.booleans(),
)
def test_the_addends_sum_to_the_weight_and_say_where_they_come_from(hours, score, tier, update, pinned):
    lead = article("a", published=AT - timedelta(hours=hours))
    one = replace(placed(story(lead, update=update), score=score), pinned=pinned)
    ranked = weigh(one, replace(RULE, tiers={"wire": tier}))
    assert ranked.weight == sum(term.weight for term in ranked.importance)
    assert {term.where for term in ranked.importance} == {"importance"}
    assert (ranked.weight > 50) == pinned


def test_newer_is_more_important_and_the_future_is_no_more_than_now():
    weights = [
        weigh(placed(story(article("a", published=AT - timedelta(hours=hours))))).weight for hours in (-5, 0, 24, 240)
    ]
    assert weights[0] == weights[1] > weights[2] > weights[3]
    assert weights[1] - weights[2] == pytest.approx(0.5, abs=1e-3)


def test_tiers_fit_and_pins_decide_between_equals():
    plain, best, poor = (placed(story(article(key, source=key))) for key in ("plain", "best", "poor"))
    rule = replace(RULE, tiers={"best": 1, "poor": 3})
    (ranked,) = rank_stories([theme(plain, poor, best)], rule)
    assert [one.story.key for one in ranked.stories] == ["best", "plain", "poor"]
    (ranked,) = rank_stories([theme(plain, best, replace(poor, pinned=True))], rule)
    assert ranked.stories[0].story.key == "poor"


def test_themes_stand_by_their_strongest_story_and_other_last():
    big = told_by("A", "B", "C")
    small = placed(story(article("s", published=AT - timedelta(days=3))), theme="land")
    rest = placed(story(article("r")), theme=None)
    ranked = rank_stories([theme(rest, key="other"), theme(small, key="land"), theme(big)], RULE)
    assert [one.key for one in ranked] == ["sea", "land", "other"]
    pinned = replace(rest, pinned=True)
    assert rank_stories([theme(pinned, key="other"), theme(big)], RULE)[0].key == "other"


def test_an_event_that_more_tell_than_when_it_was_told_grows():
    event = RememberedEvent(
        key="e", headline="h", theme="Sea", first_told=AT, sources={"2026-11-21": 1, "2026-11-22": 1}, stems={}
    )
    issue = RememberedIssue(id="i", at=AT, articles=(), events=(event,), sentences=frozenset(), headlines=())
    rule = replace(RULE, memory=Memory(issues=(issue,)))
    one = told_by("A", "B", "C")
    grown = weigh(replace(one, story=replace(one.story, event="e")), rule)
    assert {term.term: term.weight for term in grown.importance}["new sources since it was told"] == pytest.approx(
        0.7925
    )
    assert "new sources since it was told" not in {term.term for term in weigh(one, rule).importance}
