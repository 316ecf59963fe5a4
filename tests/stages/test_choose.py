"""An issue takes no longer than promised, tells the most important stories, and says why it does not tell the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model import Brief, Budget, Form, Length, Section, Sentence
from digest.stages.choose import OtherStories, card_count, choose_stories, fit_sections, word_limit
from tests.stages.editor import AT, article, placed, story, theme

THREE = Budget(sentences=3)
weights = st.lists(st.floats(0.1, 9.0), max_size=60)


def ranked(given_weights, *, themes=1, source="wire {}"):
    """Themes of stories with these weights, the number of each as its key."""
    keys = [f"t{number}" for number in range(themes)]
    found = {key: [] for key in keys}
    for number, weight in enumerate(given_weights):
        key = keys[number % themes]
        lead = article(f"{number:03}", source=source.format(number % 4))
        found[key].append(placed(story(lead), theme=key, weight=weight))
    return [theme(*stories, key=key) for key, stories in found.items() if stories]


def chosen(themes, length, **options):
    return choose_stories(themes, length, THREE, at=AT, **options)


def told(choice):
    return [one for each in choice.themes for one in each.stories]


@given(weights)
def test_the_most_important_are_told_as_many_as_there_is_room_for(given_weights):
    choice = chosen(ranked(given_weights, themes=3), Length(minutes=3))
    most, _ = card_count(Length(minutes=3), THREE)
    assert sorted((one.weight for one in told(choice)), reverse=True) == sorted(given_weights, reverse=True)[:most]


@given(weights, st.floats(0.1, 9.0))
def test_one_story_more_never_pushes_out_two_and_the_issue_never_matters_less(given_weights, weight):
    before = told(chosen(ranked(given_weights, themes=2), Length(minutes=3)))
    after = told(chosen(ranked([*given_weights, weight], themes=2), Length(minutes=3)))
    assert len(after) >= len(before)
    assert sum(one.weight for one in after) >= sum(one.weight for one in before) - 1e-9
    assert len({one.story.key for one in before} - {one.story.key for one in after}) <= 1


@settings(max_examples=60)
@given(weights, st.integers(1, 5), st.integers(1, 5), st.integers(1, 20))
def test_every_limit_is_kept_and_every_story_is_told_or_has_a_reason(given_weights, per_theme, per_source, stories):
    themes = ranked(given_weights, themes=3)
    choice = chosen(themes, Length(minutes=5, per_theme=per_theme, per_source=per_source, stories=stories))
    kept = told(choice)
    assert all(len(each.stories) <= per_theme for each in choice.themes)
    sources = [one.story.lead.source for one in kept]
    assert all(sources.count(source) <= per_source for source in sources)
    assert len(kept) <= stories
    assert len(kept) + len(choice.rest) + len(choice.dropped) == len(given_weights)
    assert all(reason for *_, reason in choice.rest)


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        (Length(minutes=1), "length.minutes"),
        (Length(minutes=None, stories=2), "length.stories"),
        (Length(minutes=None, per_theme=2), "length.per_theme"),
        (Length(minutes=None, per_source=2), "length.per_source"),
    ],
)
def test_the_reason_names_the_limit(length, reason):
    choice = chosen(ranked([5, 4, 3, 2], source="wire"), length)
    assert len(told(choice)) == 2
    assert all(reason in why for *_, why in choice.rest)


def test_without_limits_everything_is_told():
    assert len(told(chosen(ranked([1] * 500), Length(minutes=None)))) == 500


def test_a_pinned_story_is_told_whatever_its_theme_and_source_have():
    from dataclasses import replace

    (one,) = ranked([5, 4, 3])
    pinned = replace(one.stories[2], pinned=True)
    choice = chosen([replace(one, stories=(*one.stories[:2], pinned))], Length(per_theme=1, max_age=0.01))
    assert pinned in told(choice)


@pytest.mark.parametrize(
    ("other", "fate"),
    [(OtherStories.SHOW, "told"), (OtherStories.LINES, "may be named"), (OtherStories.DROP, "dropped")],
)
def test_stories_without_a_theme_go_where_the_edition_says(other, fate):
    choice = chosen([theme(placed(story(article("a")), theme=None), key="other")], Length(), other=other)
    found = {"told": told(choice), "may be named": choice.rest, "dropped": choice.dropped}
    assert [name for name, stories in found.items() if stories] == [fate]


@pytest.mark.parametrize(("days", "kept"), [(1, True), (3, False)])
def test_a_story_is_as_old_as_its_newest_report(days, kept):
    from digest.model import Relation

    old, new = article("a", published=AT - timedelta(days=9)), article("b", published=AT - timedelta(days=days))
    choice = chosen([theme(placed(story(old, (new, Relation.REPORT))))], Length(max_age=2))
    assert bool(told(choice)) is kept
    assert kept or "max_age" in choice.dropped[0][1]


def card(number, sentences, words=20):
    """A brief of so many sentences of so many words."""
    text = tuple(" ".join([f"w{place}"] * words) for place in range(sentences))
    lead = article(f"{number:03}", text)
    quoted = tuple(
        Sentence(text=one, article=lead.key, paragraph=n, start=0, end=len(one)) for n, one in enumerate(text)
    )
    return Brief(
        placed=placed(story(lead), weight=100.0 - number), sentences=quoted[::-1], title="A headline of five words"
    )


def words_of(sections):
    texts = [sentence.text for one in sections for sentence in one.brief]
    texts += [
        text for one in sections for brief in one.briefs for text in (brief.title, *(s.text for s in brief.sentences))
    ]
    return sum(len(text.split()) for text in texts)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(5, 40)), max_size=20), st.integers(1, 8), st.integers(0, 30))
def test_what_is_fitted_is_within_the_words_and_every_card_keeps_a_sentence(sizes, minutes, rest):
    cards = tuple(card(number, sentences, words) for number, (sentences, words) in enumerate(sizes))
    section = Section(key="sea", name="Sea", brief=(), briefs=cards)
    waiting = [(theme(key="land"), placed(story(article(f"r{n}")), theme="land"), "full") for n in range(rest)]
    fitted, left_out = fit_sections(
        [section], waiting, Length(minutes=minutes), headline=lambda _: "Seven words stand in this short headline"
    )
    told_cards = [brief for one in fitted for brief in one.briefs if brief.form is Form.CARD]
    assert all(brief.sentences for brief in told_cards)
    least = words_of(
        [Section(key="x", name="x", brief=(), briefs=tuple(card(n, 1, w) for n, (_, w) in enumerate(sizes)))]
    )
    assert words_of(fitted) <= max(word_limit(Length(minutes=minutes)), least)
    named = sum(brief.form is Form.LINE for one in fitted for brief in one.briefs)
    assert named + len(left_out) == rest


def test_sentences_stand_in_source_order_and_the_last_chosen_goes_first():
    section = Section(key="sea", name="Sea", brief=(), briefs=(card(0, 3, 60), card(1, 3, 60)))
    fitted, _ = fit_sections([section], [], Length(minutes=1.2), headline=str)
    first, second = fitted[0].briefs
    assert [one.paragraph for one in first.sentences] == [1, 2]
    assert [one.paragraph for one in second.sentences] == [2]


def test_headlines_stand_behind_the_cards_of_their_theme_and_other_last():
    section = Section(key="sea", name="Sea", brief=(), briefs=(card(0, 1),))
    rest = [
        (theme(key=key), placed(story(article(f"{key}1")), theme=None if key == "other" else key), "full")
        for key in ("other", "sea", "land")
    ]
    fitted, _ = fit_sections([section], rest, Length(), headline=lambda one: one.story.lead.title)
    assert [(one.key, [brief.form.value for brief in one.briefs]) for one in fitted] == [
        ("sea", ["card", "line"]),
        ("land", ["line"]),
        ("other", ["line"]),
    ]


def test_an_issue_without_a_limit_needs_no_bare_headlines():
    rest = [(theme(key="sea"), placed(story(article("a"))), "fits no theme")]
    fitted, left_out = fit_sections([], rest, Length(minutes=None), headline=lambda _: "A headline")
    assert [brief.form for one in fitted for brief in one.briefs] + [reason for _, reason in left_out] == [
        "fits no theme"
    ]
