"""Themes that an editor named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.groupers.configured import ConfiguredGrouper, ThemeRule
from digest.model import Article, Placement, Story
from digest.stages.jsonl import group_rows

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
    return ConfiguredGrouper(themes=themes).place(stories(*keys))


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


CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def answers(case: dict[str, Any], *, keywords: bool) -> dict[str, str]:
    """What each article of a case is said to be about."""
    rules = tuple(
        ThemeRule(name=theme["name"], keywords=tuple(theme["keywords"]) if keywords else ()) for theme in case["themes"]
    )
    rows = [{key: row[key] for key in ("id", "title", "text")} for row in case["articles"]]
    return {row["id"]: row["theme"] for row in group_rows(rows, ConfiguredGrouper(themes=rules))}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_rival_themes_of_one_subject_are_told_apart(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    expected = {row["id"]: row["theme"] for row in case["articles"]}
    assert answers(case, keywords=True) == expected
    if case["names_alone"]:
        assert answers(case, keywords=False) == expected


def one(rule: ThemeRule, title: str, text: str, language: str = "en") -> Placement:
    lead = Article(key="a", source="desk", title=title, paragraphs=(text,), language=language)
    other = Article(key="b", source="desk", title="Museum", paragraphs=("A museum of glass.",), language=language)
    return ConfiguredGrouper(themes=(rule,)).place([Story(lead=lead), Story(lead=other)])[0]


def test_an_excluded_phrase_does_not_count() -> None:
    text = "He wrote on the Iran-Iraq War. The Iran-Iraq War lasted eight years."
    assert one(ThemeRule(name="Iraq"), "Historian honoured", text).theme == "iraq"
    assert one(ThemeRule(name="Iraq", exclude=("Iran-Iraq War",)), "Historian honoured", text).theme is None


def test_a_keyword_phrase_needs_all_its_words() -> None:
    rule = ThemeRule(name="Zeppelin", keywords=("defence spending", "army budget"))
    text = "Defence spending and the army budget rise. Army budget and defence spending were debated."
    assert one(rule, "Defence spending up", text).theme == "zeppelin"
    assert one(rule, "Spending up", "Household spending rises and the budget of the city as well.").theme is None


def test_a_description_helps_a_keyword() -> None:
    rule = ThemeRule(name="Culture", keywords=("opera",), description="Concerts, theatre, painting and sculpture.")
    text = "The opera opened with concerts, theatre and a show of painting and sculpture."
    assert one(rule, "Opera and painting", text).theme == "culture"


def test_german_compounds_meet_their_parts() -> None:
    found = one(
        ThemeRule(name="Bahnstreik"), "Streik bei der Bahn", "Der Streik der Bahn geht weiter, die Bahn schweigt.", "de"
    )
    assert found.theme == "bahnstreik"


def test_a_theme_without_stories_takes_the_stray_of_the_same_subject() -> None:
    themes = (ThemeRule(name="Harbour dredging"), ThemeRule(name="Toll sharing"))
    subject = "ships wait in the channel while the council and the pilots debate depth, tides and the new quay"
    dredged = f"Harbour dredging goes on; {subject}. The dredging of the harbour ends in May."
    stray = f"Pilots ask for money: {subject}. {subject}. In the end every town should get its share, they say."
    foreign = "A museum of glass opened on Monday. Visitors paid nothing and children had cake."
    told = [
        Story(lead=Article(key=key, source="desk", title=title, paragraphs=(text,)))
        for key, title, text in (("d", "Harbour dredging", dredged), ("f", "Glass", foreign), ("s", "Pilots", stray))
    ]
    assert [found.theme for found in ConfiguredGrouper(themes=themes).place(told)] == [
        "harbour-dredging",
        None,
        "toll-sharing",
    ]


def test_what_fits_no_theme_may_become_a_theme_of_its_own() -> None:
    titles = ("Ferry strike enters third day", "Island ferry strike drags on", "Talks on the ferry strike fail")
    told = [
        Story(lead=Article(key=str(n), source="desk", title=title, paragraphs=())) for n, title in enumerate(titles)
    ]
    rule = (ThemeRule(name="Glass museum"),)
    assert {found.theme for found in ConfiguredGrouper(themes=rule).place(told)} == {None}
    (name,) = {found.name for found in ConfiguredGrouper(themes=rule, discover=True).place(told)}
    assert name.casefold().startswith("ferry strike")


def test_languages_are_read_with_their_own_stems() -> None:
    articles = (
        Article(key="e", source="desk", title="Bridges closed", paragraphs=("Two bridges are closed.",)),
        Article(key="d", source="desk", title="Brücken gesperrt", paragraphs=("Zwei Brücken sind zu.",), language="de"),
    )
    rule = ThemeRule(name="Bridge", keywords=("Brücke",))
    found = ConfiguredGrouper(themes=(rule,)).place([Story(lead=article) for article in articles])
    assert [placement.theme for placement in found] == ["bridge", "bridge"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=200)), max_size=6))
def test_every_story_is_placed_whatever_it_says(texts: list[tuple[str, str]]) -> None:
    told = [Story(lead=Article(key=str(n), source="x", title=a, paragraphs=(b,))) for n, (a, b) in enumerate(texts)]
    for placement in ConfiguredGrouper(themes=THEMES, discover=True).place(told):
        assert placement.score == pytest.approx(sum(why.weight for why in placement.why), abs=1e-6)
        assert 0 <= placement.score <= 1.000001
