"""What an editor decides by hand."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import UsageError
from digest.model import Article, Brief, PlacedStory, Placement, RelatedArticle, Relation, Section, Story, Theme
from digest.stages.edit import Edit, EditVerb, apply_edits, apply_headlines, parse_edit, unapplied_edits

NAMES = {"harbour": "Harbour", "weather": "Weather", "other": "Other"}


def placed(key: str, theme: str, *others: str) -> PlacedStory:
    related = tuple(
        RelatedArticle(article=Article(key=other, source="s", paragraphs=()), relation=Relation.COPY, overlap=1.0)
        for other in others
    )
    story = Story(lead=Article(key=key, source="s", title=key, paragraphs=("A.",)), others=related)
    return PlacedStory(story=story, placement=Placement(theme=theme, name=NAMES[theme], event=key, score=0.5))


def themes() -> list[Theme]:
    return [
        Theme(key="harbour", name="Harbour", stories=(placed("a", "harbour", "a2"), placed("b", "harbour"))),
        Theme(key="other", name="Other", stories=(placed("c", "other"),)),
    ]


def keys(found: list[Theme]) -> dict[str, list[str]]:
    return {theme.key: [one.story.key for one in theme.stories] for theme in found}


def test_without_edits_nothing_changes() -> None:
    assert apply_edits(themes(), []) == themes()


def test_a_dropped_story_is_gone_and_so_is_an_empty_theme() -> None:
    assert keys(apply_edits(themes(), [Edit(verb=EditVerb.DROP, story="c")])) == {"harbour": ["a", "b"]}


def test_a_story_is_known_by_any_of_its_articles() -> None:
    assert keys(apply_edits(themes(), [Edit(verb=EditVerb.DROP, story="a2")])) == {"harbour": ["b"], "other": ["c"]}


def test_a_pinned_story_leads_the_issue() -> None:
    assert next(iter(keys(apply_edits(themes(), [Edit(verb=EditVerb.PIN, story="c")])))) == "other"
    pinned = apply_edits(themes(), [Edit(verb=EditVerb.PIN, story="b")])
    assert keys(pinned)["harbour"] == ["b", "a"]
    assert [one.pinned for one in pinned[0].stories] == [True, False]


def test_the_first_of_two_pins_leads() -> None:
    pins = [Edit(verb=EditVerb.PIN, story="c"), Edit(verb=EditVerb.PIN, story="b")]
    assert list(keys(apply_edits(themes(), pins)).items()) == [("other", ["c"]), ("harbour", ["b", "a"])]


def test_a_story_moves_to_a_theme_that_was_empty_and_says_so() -> None:
    moved = apply_edits(themes(), [Edit(verb=EditVerb.MOVE, story="b", value="weather")], names=NAMES)
    assert list(keys(moved).items()) == [("harbour", ["a"]), ("weather", ["b"]), ("other", ["c"])]
    placement = moved[1].stories[0].placement
    assert placement.name == "Weather"
    assert placement.why[0].where == "edit"


def test_a_move_to_a_theme_that_is_not_there_waits() -> None:
    assert apply_edits(themes(), [Edit(verb=EditVerb.MOVE, story="b", value="gone")]) == themes()


def test_a_merged_story_is_credited_under_the_other() -> None:
    merged = apply_edits(themes(), [Edit(verb=EditVerb.MERGE, story="a", value="c")])
    assert keys(merged) == {"harbour": ["b"], "other": ["c"]}
    others = merged[1].stories[0].story.others
    assert [(other.article.key, other.relation) for other in others] == [("a", "merged"), ("a2", "copy")]


def test_merging_in_a_circle_ends() -> None:
    circle = [Edit(verb=EditVerb.MERGE, story="a", value="b"), Edit(verb=EditVerb.MERGE, story="b", value="a")]
    assert keys(apply_edits(themes(), circle)) == {"harbour": ["b"], "other": ["c"]}


def test_an_editors_headline_is_marked_as_made() -> None:
    section = Section(
        key="x", name="X", brief=(), briefs=(Brief(placed=placed("a", "other"), sentences=(), title="a"),)
    )
    brief = apply_headlines([section], [Edit(verb=EditVerb.RETITLE, story="a", value="Better")])[0].briefs[0]
    assert (brief.title, brief.title_made) == ("Better", True)


def test_edits_without_their_story_wait() -> None:
    stories = [one.story for theme in themes() for one in theme.stories]
    late = [Edit(verb=EditVerb.DROP, story="z"), Edit(verb=EditVerb.MERGE, story="a", value="z")]
    assert unapplied_edits(stories, [*late, Edit(verb=EditVerb.PIN, story="a2")]) == late


@pytest.mark.parametrize(
    ("verb", "story", "value"),
    [("burn", "a", ""), ("drop", "", ""), ("retitle", "a", " \n"), ("retitle", "a", "x" * 201), ("move", "a", "")],
)
def test_a_form_that_makes_no_sense_is_refused(verb: str, story: str, value: str) -> None:
    with pytest.raises(UsageError):
        parse_edit(verb, story, value)


def test_a_headline_is_one_printable_line() -> None:
    assert parse_edit("retitle", "a", " Two\r\n lines\x00\u202e ").value == "Two lines"


KEYS = st.sampled_from(["a", "a2", "b", "c", "z", "harbour", "weather", "other"])
EDITS = st.lists(st.builds(Edit, verb=st.sampled_from(EditVerb), story=KEYS, value=KEYS), max_size=8)


@given(EDITS)
def test_no_edit_loses_or_doubles_an_article_that_was_not_dropped(edits: list[Edit]) -> None:
    before = [article.key for theme in themes() for one in theme.stories for article in one.story.articles]
    after = [
        article.key
        for article in chain.from_iterable(
            one.story.articles for theme in apply_edits(themes(), edits, names=NAMES) for one in theme.stories
        )
    ]
    assert len(after) == len(set(after))
    assert set(after) <= set(before)
    if not any(one.verb is EditVerb.DROP for one in edits):
        assert sorted(after) == sorted(before)
