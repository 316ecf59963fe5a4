"""Group: stories become themes, in reading order. The grouper names; nothing is invented or lost here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from digest.errors import DigestError
from digest.model import OTHER_KEY, PlacedStory, Story, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Placement


class Grouper(Protocol):
    """Says of every story which theme and event it belongs to."""

    @property
    def order(self) -> Sequence[str]:
        """Keys of the themes in reading order, as far as they are known beforehand."""
        ...

    def place(self, stories: Sequence[Story]) -> Sequence[Placement]:
        """One placement for every story, in their order."""
        ...


def group_stories(stories: Sequence[Story], grouper: Grouper) -> list[Theme]:
    """Put stories into themes: the grouper's order first, then discovered themes by size, Other last.

    Within a theme the best story leads, and the stories of its event follow it.
    """
    themes: dict[str, list[PlacedStory]] = {key: [] for key in grouper.order}
    for story, placement in zip(stories, place_stories(stories, grouper), strict=True):
        themes.setdefault(placement.theme or OTHER_KEY, []).append(PlacedStory(story=story, placement=placement))
    known = set(grouper.order)
    ranked = sorted(
        themes, key=lambda key: (key == OTHER_KEY, key not in known, 0 if key in known else -len(themes[key]))
    )
    return [
        Theme(key=key, name=themes[key][0].placement.name, stories=_reading_order(themes[key]))
        for key in ranked
        if themes[key]
    ]


def place_stories(stories: Sequence[Story], grouper: Grouper) -> Sequence[Placement]:
    placements = grouper.place(stories)
    if len(placements) != len(stories):
        name = type(grouper).__name__
        raise DigestError(f"grouper {name}: {len(placements)} placements for {len(stories)} stories")
    return placements


def _reading_order(placed: Sequence[PlacedStory]) -> tuple[PlacedStory, ...]:
    """By score, but the stories of one event together, where its best one stands."""
    best: dict[str, float] = {}
    for one in placed:
        best[one.placement.event] = max(one.placement.score, best.get(one.placement.event, one.placement.score))
    place = {event: number for number, event in enumerate(sorted(best, key=lambda event: -best[event]))}
    return tuple(sorted(placed, key=lambda one: (place[one.placement.event], -one.placement.score)))
