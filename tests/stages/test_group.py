"""Stories become themes in reading order; the grouper only names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from digest.errors import DigestError
from digest.groupers.configured import ConfiguredGrouper, ThemeRule
from digest.groupers.discovered import DiscoveredGrouper
from digest.model import Article, Placement, Story
from digest.stages.group import group_stories
from digest.stages.jsonl import group_rows

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Written:
    """A grouper that says what the test wrote down."""

    placements: tuple[Placement, ...]
    order: Sequence[str] = ()

    def place(self, stories: Sequence[Story]) -> Sequence[Placement]:  # noqa: ARG002
        return self.placements


def story(key: str) -> Story:
    return Story(lead=Article(key=key, source="desk", paragraphs=("A text.",)))


def placed(theme: str | None, event: str, score: float) -> Placement:
    return Placement(theme=theme, name=(theme or "other").title(), event=event, score=score)


def test_no_stories_no_themes() -> None:
    assert group_stories([], Written(placements=(), order=("a",))) == []


def test_a_grouper_that_loses_a_story_is_named() -> None:
    with pytest.raises(DigestError, match="grouper Written: 0 placements for 1 stories"):
        group_stories([story("a")], Written(placements=()))


def test_themes_come_as_configured_then_discovered_by_size_then_other() -> None:
    themes = ("small", None, "two", "big", "big", "one")
    placements = tuple(placed(theme, str(number), 1) for number, theme in enumerate(themes))
    found = group_stories(
        [story(str(n)) for n in range(6)], Written(placements=placements, order=("one", "two", "three"))
    )
    assert [theme.key for theme in found] == ["one", "two", "big", "small", "other"]
    assert found[-1].name == "Other"


def test_stories_stand_by_score_with_their_event_together() -> None:
    placements = (placed("t", "x", 0.5), placed("t", "y", 0.9), placed("t", "x", 0.8), placed("t", "y", 0.1))
    (theme,) = group_stories([story(key) for key in "abcd"], Written(placements=placements))
    assert [one.story.key for one in theme.stories] == ["b", "d", "c", "a"]


def test_rows_carry_the_placement_as_plain_data() -> None:
    grouper = ConfiguredGrouper(themes=(ThemeRule(name="Ferry strike"),))
    rows = [
        {"id": "a", "title": "Ferry strike goes on", "text": "The ferry strike enters its third day.", "mine": 1},
        {"id": "b", "title": "Museum opens", "text": "A museum of glass opened on Monday."},
    ]
    first, second = group_rows(rows, grouper)
    assert {key: first[key] for key in ("id", "mine", "theme", "secondary")} == {
        "id": "a",
        "mine": 1,
        "theme": "Ferry strike",
        "secondary": [],
    }
    assert {why["term"] for why in first["why"]} >= {"Ferry", "strike"}  # type: ignore[attr-defined]
    assert (second["theme"], second["why"], second["score"]) == ("Other", [], 0.0)
    assert first["event"] != second["event"]


@pytest.mark.parametrize("grouper", [ConfiguredGrouper(themes=(ThemeRule(name="Anything"),)), DiscoveredGrouper()])
def test_empty_rows_are_other(grouper: ConfiguredGrouper | DiscoveredGrouper) -> None:
    rows = [{"id": "a"}, {"id": "b", "text": ""}, {"id": "c", "title": "the"}]
    out = group_rows(rows, grouper)
    assert [row["theme"] for row in out] == ["Other"] * 3
    assert len({row["event"] for row in out}) == 3
    assert group_rows([], grouper) == []
