"""Themes that the articles themselves suggest: every event told by enough articles is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from digest.model import Placement, Why
from digest.text.clusters import clusters, event_key
from digest.text.labels import label
from digest.text.reasons import Spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Story
    from digest.text.clusters import Clusters

TERMS = 12  # words of a theme that a story is held against


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """Stories of one event become a theme, named by a phrase of their titles; the rest is Other."""

    least: int = 3  # stories that make a theme

    @property
    def order(self) -> Sequence[str]:
        """Nothing is known beforehand."""
        return ()

    def place(self, stories: Sequence[Story]) -> list[Placement]:
        """One placement for every story: its event, and the theme of the event where enough tell of it."""
        placements: dict[int, Placement] = {}
        for found in clusters([story.lead for story in stories]):
            for members in found.members:
                placements |= _placed(stories, found, members, self.least)
        return [placements[position] for position in range(len(stories))]


def _placed(stories: Sequence[Story], found: Clusters, members: Sequence[int], least: int) -> dict[int, Placement]:
    positions = [found.positions[member] for member in members]
    event = event_key(stories[position].key for position in positions)
    if len(members) < least:
        alone = Placement(theme=None, name="Other", event=event, score=0.0)
        return dict.fromkeys(positions, alone)
    rows = [found.vectors.row(member) for member in members]
    centre = _centre(rows)
    titles = [stories[position].lead.title or "" for position in positions]
    name = label(titles, centre, stories[positions[0]].lead.language) or event
    strongest = dict(sorted(centre.items(), key=lambda term: (-term[1], term[0]))[:TERMS])
    norm = sqrt(sum(weight * weight for weight in strongest.values()))
    placed = {}
    for position, row in zip(positions, rows, strict=True):
        addends = {stem: row[stem] * weight / norm for stem, weight in strongest.items() if stem in row}
        why = _reasons(stories[position], addends)
        placed[position] = Placement(
            theme=event, name=name, event=event, score=round(sum(one.weight for one in why), 6), why=why
        )
    return placed


def _centre(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for row in rows:
        for stem, weight in row.items():
            total[stem] += weight / len(rows)  # type: ignore[assignment]
    return dict(total)


def _reasons(story: Story, addends: Mapping[str, float]) -> tuple[Why, ...]:
    spelling = Spelling.of(story.lead)
    return tuple(
        Why(term=spelling.written(stem), weight=round(weight, 6), where=spelling.where(stem))
        for stem, weight in sorted(addends.items(), key=lambda term: (-term[1], term[0]))
    )
