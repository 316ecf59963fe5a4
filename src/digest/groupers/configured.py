"""Themes that an editor named: coverage of their words, what the surest stories lend, and Other for the rest."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from digest.model import Placement, Why
from digest.text.clusters import clusters, event_key
from digest.text.reasons import Spelling
from digest.text.relevance import SURE, Addend, Corpus, blended, lent_words, total
from digest.text.words import stems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Article, Story

KEYWORD = 0.6  # weight of a keyword beside a word of the name
DESCRIPTION = 0.3  # weight of a word of the description
SECOND = 0.6  # share of the best score from which another theme fits as well
SHOWN = 12  # reasons kept with a story; the smaller ones are gathered in the last


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
            scored = _scored([articles[position] for position in positions], self.themes, language)
            for position, scores in zip(positions, scored, strict=True):
                placements[position] = _placement(articles[position], self.themes, scores, events[position])
        return [placements[position] for position in range(len(stories))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Score:
    """What one theme makes of one story."""

    parts: list[Addend]
    score: float
    density: float


def _events(stories: Sequence[Story]) -> list[str]:
    events: dict[int, str] = {}
    for found in clusters([story.lead for story in stories]):
        for members in found.members:
            positions = [found.positions[member] for member in members]
            events |= dict.fromkeys(positions, event_key(stories[position].key for position in positions))
    return [events[position] for position in range(len(stories))]


def _query(theme: ThemeRule, language: str) -> dict[str, float]:
    """The stems that find a theme's stories, by weight."""
    described = dict.fromkeys(stems(theme.description, language), DESCRIPTION)
    asked = {stem: KEYWORD for keyword in theme.keywords for stem in stems(keyword, language)}
    return described | asked | dict.fromkeys(stems(theme.name, language), 1.0)


def _scored(articles: Sequence[Article], themes: Sequence[ThemeRule], language: str) -> list[list[_Score]]:
    corpus = Corpus.of(articles)
    vectors = [corpus.vector(position) for position in range(len(corpus))]
    queries = [_query(theme, language) for theme in themes]
    columns = []
    for query in queries:
        covers = [corpus.coverage(position, query) for position in range(len(corpus))]
        lent = lent_words(vectors, [total(cover) for cover in covers])
        columns.append([blended(cover, vector, lent) for cover, vector in zip(covers, vectors, strict=True)])
    scores = [[total(parts) for parts in column] for column in columns]
    rarity = _rarity(corpus, queries, scores)
    return [
        [
            _Score(parts=column[position], score=score[position], density=corpus.density(position, query, rarity))
            for query, column, score in zip(queries, columns, scores, strict=True)
        ]
        for position in range(len(corpus))
    ]


def _rarity(
    corpus: Corpus, queries: Sequence[Mapping[str, float]], scores: Sequence[Sequence[float]]
) -> dict[str, float]:
    """How rare each asked word is among the texts that are about any theme: 1 in one of them, 0 in all."""
    rivals = [position for position in range(len(corpus)) if any(column[position] >= SURE for column in scores)]
    asked = {stem for query in queries for stem in query}
    often = Counter(stem for position in rivals for stem in asked if corpus.often(position, stem))
    one = log((len(rivals) + 1) / 1.5)
    return {stem: log((len(rivals) + 1) / (often[stem] + 0.5)) / one if one > 0 else 1.0 for stem in sorted(asked)}


def _placement(article: Article, themes: Sequence[ThemeRule], scores: Sequence[_Score], event: str) -> Placement:
    fit = [number for number, score in enumerate(scores) if score.score >= SURE]
    if not fit:
        return Placement(theme=None, name="Other", event=event, score=0.0)
    best = max(fit, key=lambda number: (scores[number].density, scores[number].score, -number))
    why = _reasons(article, scores[best].parts)
    also = [number for number in fit if number != best and scores[number].score >= SECOND * scores[best].score]
    return Placement(
        theme=themes[best].identity,
        name=themes[best].name,
        event=event,
        score=round(sum(one.weight for one in why), 4),
        why=why,
        secondary=tuple(themes[number].name for number in also),
    )


def _reasons(article: Article, parts: Sequence[Addend]) -> tuple[Why, ...]:
    """The parts of a score, strongest first, each as the article writes it."""
    spelling = Spelling.of(article)
    ranked = sorted(parts, key=lambda part: (part.learnt, -part.weight, part.stem))
    return tuple(
        Why(
            term=spelling.written(part.stem),
            weight=round(part.weight, 4),
            where="learnt" if part.learnt else spelling.where(part.stem),
        )
        for part in ranked
        if round(part.weight, 4) > 0
    )
