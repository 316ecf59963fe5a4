"""Themes that an editor named: coverage of their words, what the surest stories lend, and Other for the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.groupers.assignment import assign_queries
from digest.groupers.clusters import cluster_articles, event_key, event_keys
from digest.groupers.discovery import describe_cluster
from digest.groupers.reasons import explain_score
from digest.groupers.relevance import Query
from digest.groupers.theme_queries import apply_theme_queries
from digest.model import OTHER_NAME, Placement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.groupers.assignment import Assignment
    from digest.groupers.clusters import LanguageClusters
    from digest.model import Article, Story

MIN_DISCOVERED_STORIES = 3  # stories that make a discovered theme


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRule:
    """One theme of an edition, as configured."""

    name: str  # what readers see; its words find the stories
    key: str = ""  # stable identity; the name in lower case with hyphens when empty
    description: str = ""  # a sentence on what belongs here; its words count a little
    keywords: tuple[str, ...] = ()  # further words and phrases that find the stories
    include: str = ""  # a query: what matches belongs here, whatever its words weigh
    exclude: tuple[str, ...] | str = ()  # phrases that do not count, or a query: what matches does not belong here

    @property
    def identity(self) -> str:
        """The key, or the slug of the name."""
        return self.key or "-".join(re.findall(r"[^\W_]+", self.name.casefold())) or "theme"

    @property
    def is_query_alone(self) -> bool:
        """Whether only a query says what belongs here: the name is a label then."""
        return bool(self.include) and not self.keywords and not self.description


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredGrouper:
    """Stories go to the named theme that they are most about, or to Other."""

    themes: tuple[ThemeRule, ...]  # in reading order
    discover: bool = False  # gather what fits no theme under themes of its own

    @property
    def order(self) -> Sequence[str]:
        """Keys of the themes as configured."""
        return tuple(theme.identity for theme in self.themes)

    def place(self, stories: Sequence[Story]) -> list[Placement]:
        """One placement for every story, with its reasons."""
        articles = [story.lead for story in stories]
        found = cluster_articles(articles)
        events = event_keys(articles, found)
        placements: dict[int, Placement] = {}
        for one in found:
            language = articles[one.positions[0]].language
            inside = [articles[position] for position in one.positions]
            chosen = assign_queries(
                inside, _theme_queries(self.themes, language), [events[position] for position in one.positions]
            )
            for position, fit in zip(one.positions, chosen, strict=True):
                placements[position] = _build_placement(articles[position], self.themes, fit, events[position])
        placements = apply_theme_queries(articles, self.themes, placements)
        if self.discover:
            placements |= _discover_placements(articles, found, placements)
        return [placements[position] for position in range(len(stories))]


def _theme_queries(themes: Sequence[ThemeRule], language: str) -> list[Query]:
    return [
        Query.from_words(
            language,
            "" if theme.is_query_alone else theme.name,
            theme.keywords,
            theme.description,
            () if isinstance(theme.exclude, str) else theme.exclude,
        )
        for theme in themes
    ]


def _build_placement(article: Article, themes: Sequence[ThemeRule], fit: Assignment, event: str) -> Placement:
    if not fit.queries:
        return Placement(theme=None, name=OTHER_NAME, event=event, score=0.0)
    best, *also = (themes[number] for number in fit.queries)
    why, score = explain_score(article, fit.parts)
    secondary = tuple(theme.name for theme in also)
    return Placement(theme=best.identity, name=best.name, event=event, score=score, why=why, secondary=secondary)


def _discover_placements(
    articles: Sequence[Article], found: Sequence[LanguageClusters], placements: Mapping[int, Placement]
) -> dict[int, Placement]:
    """Placements of stories that fit no theme, where enough of them tell of one event."""
    changed: dict[int, Placement] = {}
    for one in found:
        for cluster in one.members:
            members = [member for member in cluster if placements[one.positions[member]].theme is None]
            if len(members) < MIN_DISCOVERED_STORIES:
                continue
            named = describe_cluster(articles, one, members)
            theme = event_key(articles[one.positions[member]].key for member in members)
            for member, parts in zip(members, named.parts, strict=True):
                position = one.positions[member]
                why, score = explain_score(articles[position], parts)
                event = placements[position].event
                changed[position] = Placement(theme=theme, name=named.name or theme, event=event, score=score, why=why)
    return changed
