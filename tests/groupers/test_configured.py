"""Themes that an editor named."""

from __future__ import annotations

import pytest

from digest.groupers.configured import Configured, ThemeRule
from digest.model import Article, Placement, Story

TEXTS = {
    "strike": ("Ferry crews walk out", "The ferry strike began on Monday. Crews of every ferry joined the strike."),
    "bridge": ("New bridge for the north", "The council will build a bridge. The bridge opens the north to traffic."),
    "museum": ("Museum of glass opens", "A museum of coloured glass opened its doors. Visitors admired the glass."),
}


def stories(*keys: str) -> list[Story]:
    return [
        Story(lead=Article(key=key, source="desk", title=TEXTS[key][0], paragraphs=(TEXTS[key][1],))) for key in keys
    ]


def place(themes: tuple[ThemeRule, ...], *keys: str) -> list[Placement]:
    return Configured(themes=themes).place(stories(*keys))


THEMES = (ThemeRule(name="Ferry strike"), ThemeRule(name="Bridge building", key="bridge"))


def test_each_story_goes_where_it_belongs_and_the_rest_is_other() -> None:
    found = place(THEMES, "museum", "bridge", "strike")
    assert [one.theme for one in found] == [None, "bridge", "ferry-strike"]
    assert [one.name for one in found] == ["Other", "Bridge building", "Ferry strike"]


def test_the_reasons_sum_to_the_score_and_stand_in_the_article() -> None:
    (found,) = place(THEMES, "strike")
    assert found.score == pytest.approx(sum(why.weight for why in found.why))
    assert all(why.term in " ".join(TEXTS["strike"]) for why in found.why)
    assert found.why[0].where in {"title", "text"}


def test_a_keyword_finds_what_the_name_does_not() -> None:
    theme = ThemeRule(name="Culture", keywords=("museum", "glass"))
    assert [one.theme for one in place((theme,), "museum", "bridge")] == ["culture", None]


def test_one_story_alone_is_placed_too() -> None:
    assert place(THEMES, "bridge")[0].theme == "bridge"


def test_no_stories_and_no_themes() -> None:
    assert place(THEMES) == []
    assert place((), "strike")[0].theme is None


def test_five_hundred_themes_are_no_trouble() -> None:
    many = tuple(ThemeRule(name=f"Subject number{n}") for n in range(500))
    assert [one.theme for one in place((*many, *THEMES), "strike", "bridge")] == ["ferry-strike", "bridge"]
