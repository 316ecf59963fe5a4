"""Themes that an editor named: coverage of their words, what the surest stories lend, and Other for the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.model import Placement, Why
from digest.text.clusters import clusters, event_key
from digest.text.fitting import fits
from digest.text.reasons import Spelling
from digest.text.relevance import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Article, Story
    from digest.text.fitting import Fit
    from digest.text.relevance import Addend


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRule:
    """One theme of an edition, as configured."""

    name: str  # what readers see; its words find the stories
    key: str = ""  # stable identity; the name in lower case with hyphens when empty
    description: str = ""  # a sentence on what belongs here; its words count a little
    keywords: tuple[str, ...] = ()  # further words and phrases that find the stories
    exclude: tuple[str, ...] = ()  # phrases that do not count, such as "Iran-Iraq War"

    @property
    def identity(self) -> str:
        """The key, or the slug of the name."""
        return self.key or "-".join(re.findall(r"[^\W_]+", self.name.casefold())) or "theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
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
        events = _events(stories)
        placements: dict[int, Placement] = {}
        languages: dict[str, list[int]] = {}
        for position, article in enumerate(articles):
            languages.setdefault(article.language, []).append(position)
        for language, positions in languages.items():
            chosen = fits([articles[position] for position in positions], _queries(self.themes, language))
            for position, fit in zip(positions, chosen, strict=True):
                placements[position] = _placement(articles[position], self.themes, fit, events[position])
        return [placements[position] for position in range(len(stories))]


def _events(stories: Sequence[Story]) -> list[str]:
    events: dict[int, str] = {}
    for found in clusters([story.lead for story in stories]):
        for members in found.members:
            positions = [found.positions[member] for member in members]
            events |= dict.fromkeys(positions, event_key(stories[position].key for position in positions))
    return [events[position] for position in range(len(stories))]


def _queries(themes: Sequence[ThemeRule], language: str) -> list[Query]:
    return [Query.of(language, theme.name, theme.keywords, theme.description, theme.exclude) for theme in themes]


def _placement(article: Article, themes: Sequence[ThemeRule], fit: Fit, event: str) -> Placement:
    if not fit.queries:
        return Placement(theme=None, name="Other", event=event, score=0.0)
    best, *also = (themes[number] for number in fit.queries)
    why = _reasons(article, fit.parts)
    return Placement(
        theme=best.identity,
        name=best.name,
        event=event,
        score=round(sum(one.weight for one in why), 6),
        why=why,
        secondary=tuple(theme.name for theme in also),
    )


def _reasons(article: Article, parts: Sequence[Addend]) -> tuple[Why, ...]:
    """The parts of a score as the article writes them: the theme's own words first, strongest first."""
    spelling = Spelling.of(article)
    ranked = sorted(parts, key=lambda part: (part.learnt, -part.weight, part.stems))
    return tuple(
        Why(
            term=" ".join(spelling.written(stem) for stem in part.stems),
            weight=round(part.weight, 6),
            where="learnt" if part.learnt else spelling.where(part.stems[0]),
        )
        for part in ranked
        if round(part.weight, 6) > 0
    )
