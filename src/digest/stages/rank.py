"""Rank: how much a story matters, as addends that sum to its weight; stories and themes stand in that order.

independent sources   log2(1 + n): the second source adds most; copies and outlets of one house count once
growth                half of log2(1 + new sources) since the last day that told the event
recency               2 ** (-age / 24 h), at most 1
tier                  +0.5 for a source of tier 1, -0.5 for tier 3
theme                 half of its score for its theme, at most 0.5; nothing in Other
news                  +1 for news of a story that readers follow
pin                   +100 for an editor's pin: before everything
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import log2
from typing import TYPE_CHECKING

from digest.model import DEFAULT_TIER, OTHER_KEY, PlacedStory, ScoreTerm, Story, Theme
from digest.text.dates import moment_in_utc
from digest.text.publishers import independent_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Memory

TIER_STEP = 0.5
HALF_LIFE_HOURS = 24.0
UNDATED_RECENCY = 0.5
GROWTH_SHARE = 0.5
THEME_SHARE = 0.5
NEWS_BONUS = 1.0
PIN_BONUS = 100.0
WEIGHT_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportanceRule:
    """What an edition knows about its sources, and what was told before."""

    at: datetime  # the issue's own time
    day: str = ""  # and its local day, ISO
    houses: Mapping[str, str] = field(default_factory=dict)  # key of a publisher -> its house
    tiers: Mapping[str, int] = field(default_factory=dict)  # name of a source -> 1, 2 or 3
    memory: Memory | None = None


def rank_stories(themes: Sequence[Theme], rule: ImportanceRule) -> list[Theme]:
    """The themes with their stories weighed, most important first; a theme ranks as its first story, Other last."""
    weighed = [
        replace(theme, stories=tuple(_weigh_story(placed, rule) for placed in theme.stories)) for theme in themes
    ]
    ordered = [
        replace(theme, stories=tuple(sorted(theme.stories, key=lambda placed: -placed.weight))) for theme in weighed
    ]
    return sorted(ordered, key=lambda theme: (_is_trailing(theme), -theme.stories[0].weight))


def _is_trailing(theme: Theme) -> bool:
    return theme.key == OTHER_KEY and not theme.stories[0].pinned


def _weigh_story(placed: PlacedStory, rule: ImportanceRule) -> PlacedStory:
    sources = independent_sources(placed.story, rule.houses)
    told = rule.memory.events.get(placed.story.event) if rule.memory and placed.story.event else None
    found = replace(placed, sources=sources, days={**(told.sources if told else {}), rule.day: len(sources)})
    return replace(found, importance=_importance(found, rule))


def _importance(placed: PlacedStory, rule: ImportanceRule) -> tuple[ScoreTerm, ...]:
    story, sources = placed.story, len(placed.sources)
    addends = (
        (f"told by {sources} independent source{'s' if sources > 1 else ''}", log2(1 + sources)),
        ("new sources since it was told", GROWTH_SHARE * log2(1 + _new_sources(story, sources, rule.memory))),
        ("recency", _recency(story, rule.at)),
        ("tier of its source", TIER_STEP * (DEFAULT_TIER - rule.tiers.get(story.lead.source, DEFAULT_TIER))),
        ("fit to its theme", THEME_SHARE * min(1.0, placed.placement.score) if placed.placement.theme else 0.0),
        ("news of a story told before", NEWS_BONUS if story.update else 0.0),
        ("pinned by an editor", PIN_BONUS if placed.pinned else 0.0),
    )
    return tuple(
        ScoreTerm(term=term, weight=round(weight, WEIGHT_DECIMALS), where="importance")
        for term, weight in addends
        if round(weight, WEIGHT_DECIMALS)
    )


def _new_sources(story: Story, sources: int, memory: Memory | None) -> int:
    """By how many more sources an event is told than on the last day that told it."""
    told = memory.events.get(story.event) if memory and story.event else None
    if told is None or not told.sources:
        return 0
    return max(0, sources - told.sources[max(told.sources)])


def _recency(story: Story, at: datetime) -> float:
    """1 for a report of this hour, half of it a day ago; the newest report counts."""
    moments = [moment_in_utc(one.published, UTC) for one in story.articles if one.published]
    if not moments:
        return UNDATED_RECENCY
    hours = max(0.0, (at - max(moments)).total_seconds() / 3600)
    return float(2 ** (-hours / HALF_LIFE_HOURS))
