"""Themes that the articles themselves suggest: every event told by enough articles is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.groupers.clusters import cluster_articles, event_key, event_keys
from digest.groupers.discovery import describe_cluster
from digest.groupers.reasons import explain_score
from digest.model import OTHER_NAME, Placement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredGrouper:
    """Stories of one event become a theme, named by a phrase of their titles; the rest is Other."""

    least: int = 3  # stories that make a theme

    @property
    def order(self) -> Sequence[str]:
        """Nothing is known beforehand."""
        return ()

    def place(self, stories: Sequence[Story]) -> list[Placement]:
        """One placement for every story: its event, and the theme of the event where enough tell of it."""
        articles = [story.lead for story in stories]
        placements: dict[int, Placement] = {}
        clusters = cluster_articles(articles)
        events = event_keys(articles, clusters)
        for found in clusters:
            for members in found.members:
                positions = [found.positions[member] for member in members]
                if len(members) < self.least:
                    for position in positions:
                        placements[position] = Placement(theme=None, name=OTHER_NAME, event=events[position], score=0.0)
                    continue
                theme = event_key(articles[position].key for position in positions)
                named = describe_cluster(articles, found, members)
                for position, parts in zip(positions, named.parts, strict=True):
                    why, score = explain_score(articles[position], parts)
                    placements[position] = Placement(
                        theme=theme, name=named.name or theme, event=events[position], score=score, why=why
                    )
        return [placements[position] for position in range(len(stories))]
