"""What readers had is left out; what brings news of it is an update; a developing event keeps its identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.model import Article, Brief, Issue, IssueCounts, Memory, Relation, Section, Sentence
from digest.stages.recognise import link_events, recognise_stories, remember_issue, split_off_updates
from tests.stages.editor import AT, HERRING, LIGHTHOUSE, article, placed, story, theme

NEWS = "The fund of the Sund islands withdrew its promise of 800,000 crowns on Tuesday night."
SAME_IN_OTHER_WORDS = "The council of Tarn agreed to build the second lighthouse on Monday, on the northern mole."


def issue_of(*told, at=AT, left=()):
    """The memory of an issue that told these stories with their first sentence, and left out other articles."""
    briefs = []
    for one in told:
        lead = one.story.lead
        first = Sentence(text=lead.paragraphs[0], article=lead.key, paragraph=0, start=0, end=len(lead.paragraphs[0]))
        briefs.append(Brief(placed=one, sentences=(first,), title=lead.title or "x"))
    made = Issue(
        edition="tarn", slot=f"{at:%Y-%m-%d}", at=at, timezone="UTC", language="en", title="T", subject="S",
        preheader="", top=(), sections=(Section(key="sea", name="Sea", brief=(), briefs=tuple(briefs)),),
        counts=IssueCounts(articles=len(told), stories=len(told), words=1, minutes=1),
    )  # fmt: skip
    return remember_issue(made, [*(each for one in told for each in one.story.articles), *left])


MEMORY = Memory(issues=(issue_of(placed(story(article("a")), event="event-light")),))


def recognised(*stories, memory=MEMORY, **options):
    return recognise_stories(stories, memory, **options)


@pytest.mark.parametrize(
    "again",
    [
        article("a"),
        article("b", title="Another headline altogether"),
        article("b", url="https://other.example/x", source="other"),
        article("b", (*LIGHTHOUSE[:2], "The mole is closed.")),
        article("a", (SAME_IN_OTHER_WORDS, *LIGHTHOUSE[1:])),
        article("a", tuple(text.upper() for text in LIGHTHOUSE)),
    ],
    ids=["the same", "another headline", "another address", "a wire copy", "other words", "another case"],
)
def test_what_brings_nothing_new_is_left_out_with_its_reason(again: Article):
    found = recognised(story(again))
    assert found.stories == ()
    assert [(one.id, one.reason) for one in found.left_out] == [(again.key, "readers had it")]


def test_news_of_a_story_makes_an_update_with_the_day_it_was_first_told():
    found = recognised(story(article("a", (LIGHTHOUSE[0], NEWS, *LIGHTHOUSE[1:]))))
    (one,) = found.stories
    assert (one.update, one.news, one.event, one.first_told) == (True, {NEWS}, "event-light", AT)


def test_an_unrelated_story_is_no_update():
    (one,) = recognised(story(article("h", HERRING))).stories
    assert (one.update, one.news, one.event) == (False, frozenset(), "")


def test_what_had_no_room_is_not_told_later_but_its_news_is():
    memory = Memory(issues=(issue_of(left=[article("a")]),))
    assert [one.reason for one in recognised(story(article("a")), memory=memory).left_out] == [
        "came before and had no room"
    ]
    (one,) = recognised(story(article("a", (*LIGHTHOUSE, NEWS))), memory=memory).stories
    assert (one.update, one.news, one.first_told) == (True, {NEWS}, None)


def test_a_copy_of_what_readers_had_does_not_lead_its_own_news():
    again, fresh = article("again"), article("a", (NEWS, *LIGHTHOUSE))
    (one,) = recognised(story(again, (fresh, Relation.COPY))).stories
    assert one.key == "a"
    assert [other.article.key for other in one.others] == ["again"]


@pytest.mark.parametrize(("repeat", "keys"), [("updates", ["u", "n"]), ("never", ["n"]), ("always", ["a", "u", "n"])])
def test_an_edition_says_what_may_be_told_again(repeat, keys):
    same, update, new = article("a"), article("u", (*LIGHTHOUSE, NEWS)), article("n", HERRING)
    found = recognised(*map(story, (same, update, new)), repeat=repeat)
    assert [one.key for one in found.stories] == keys
    assert {one.key for one in found.stories} | {one.id for one in found.left_out} == {"a", "u", "n"}


def test_a_store_without_a_memory_knows_what_was_printed_by_its_text():
    """As a store of the first release tells it."""
    same, changed, new = article("same"), article("changed"), article("new")
    memory = Memory(fingerprints={"same": same.fingerprint, "changed": "0" * 16})
    found = recognised(*map(story, (same, changed, new)), memory=memory)
    assert [(one.key, one.update) for one in found.stories] == [("changed", True), ("new", False)]
    old = Memory(fingerprints={"old": article("old").fingerprint})
    assert recognised(story(article("x"), (article("old"), Relation.COPY)), memory=old).stories == ()


def test_an_event_keeps_its_key_and_its_first_day():
    report = article("r", (
        "The harbour board of Tarn chose a builder for its second lighthouse on the northern mole.",
        "Ada Moore said that the council of Tarn pays two million crowns for the lighthouse.",
    ))  # fmt: skip
    other = article("h", HERRING)
    (linked,) = link_events([theme(placed(story(report), event="today"), placed(story(other), event="fish"))], MEMORY)
    first, second = linked.stories
    assert (first.story.update, first.story.event, first.placement.event) == (True, "event-light", "event-light")
    assert first.story.first_told == AT
    assert (second.story.update, second.placement.event) == (False, "fish")
    rest, left_out = split_off_updates([linked])
    assert [one.story.key for one in rest[0].stories] == ["h"]
    assert [one.id for one in left_out] == ["r"]


def test_an_event_is_remembered_over_days_with_who_told_it():
    first = placed(story(article("a")), event="event-light")
    second = replace(first, sources=(article("x"), article("y")))
    one = issue_of(first)
    two = remember_second_day(second, Memory(issues=(one,)))
    (event,) = two.events
    assert event.first_told == AT
    assert event.sources == {"2026-11-23": 1, "2026-11-24": 2}


def remember_second_day(told, memory):
    made = Issue(
        edition="tarn", slot="2026-11-24", at=AT + timedelta(days=1), timezone="UTC", language="en", title="T",
        subject="S", preheader="", top=(),
        sections=(Section(key="sea", name="Sea", brief=(), briefs=(Brief(placed=told, sentences=(), title="L"),)),),
        counts=IssueCounts(articles=1, stories=1, words=1, minutes=1),
    )  # fmt: skip
    return remember_issue(made, told.story.articles, memory)


def test_what_came_before_with_the_same_text_is_not_remembered_twice():
    assert remember_second_day(placed(story(article("a")), event="event-light"), MEMORY).articles == ()
