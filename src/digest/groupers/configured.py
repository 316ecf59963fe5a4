"""Themes that an editor named: coverage of their words, what the surest stories lend, and Other for the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.model import Placement, Why
from digest.text.clusters import clusters, event_key
from digest.text.reasons import Spelling
from digest.text.relevance import SURE, Addend, Corpus, Query, blended, coverage, density, lent_words, read, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Article, Story
    from digest.text.relevance import Scores
    from digest.text.vectors import Vectors

SECOND = 0.6  # share of the best score from which another theme fits as well
STRAY = 0.25  # coverage from which a story may fill a theme that found none
STRAY_MARGIN = 2.0  # by how much it must use that theme's words more densely than any other's
STRAY_LIKENESS = 0.1  # and cosine with a placed story, which shows that it is of the subject


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
            chosen = _chosen([articles[position] for position in positions], self.themes, language)
            for position, fit in zip(positions, chosen, strict=True):
                placements[position] = _placement(articles[position], self.themes, fit, events[position])
        return [placements[position] for position in range(len(stories))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """The themes that a story fits, best first, and the parts of the best one's score."""

    themes: tuple[int, ...] = ()
    parts: tuple[Addend, ...] = ()


def _events(stories: Sequence[Story]) -> list[str]:
    events: dict[int, str] = {}
    for found in clusters([story.lead for story in stories]):
        for members in found.members:
            positions = [found.positions[member] for member in members]
            events |= dict.fromkeys(positions, event_key(stories[position].key for position in positions))
    return [events[position] for position in range(len(stories))]


def _chosen(articles: Sequence[Article], themes: Sequence[ThemeRule], language: str) -> list[_Fit]:
    """For each story of one language the themes it fits."""
    import numpy as np

    queries = [Query.of(language, theme.name, theme.keywords, theme.description, theme.exclude) for theme in themes]
    if not queries:
        return [_Fit() for _ in articles]
    corpus = read(articles, queries)
    covers = [
        [coverage(corpus, queries, text, number) for number in range(len(queries))] for text in range(len(corpus))
    ]
    cover = np.array([[total(parts) for parts in row] for row in covers])
    lent = _lent(corpus, queries, cover)
    parts = [
        [blended(own, corpus.vectors, text, lent[number]) for number, own in enumerate(row)]
        for text, row in enumerate(covers)
    ]
    score = np.array([[total(addends) for addends in row] for row in parts])
    dense = density(corpus, queries, np.flatnonzero((score >= SURE).any(axis=1)).tolist())
    fits = [_fit(score[text], score[text] * dense[text], parts[text]) for text in range(len(corpus))]
    return _with_strays(corpus, covers, cover, dense, fits)


def _lent(corpus: Corpus, queries: Sequence[Query], cover: Scores) -> list[Scores]:
    """What the surest stories lend to each theme; a story lends only to the theme that it fits best."""
    import numpy as np

    dense = density(corpus, queries, np.flatnonzero((cover >= SURE).any(axis=1)).tolist())
    rank = cover * dense
    own = np.where(rank >= rank.max(axis=1, keepdims=True), cover, 0.0)
    return [lent_words(corpus.vectors, own[:, number]) for number in range(len(queries))]


def _fit(score: Scores, rank: Scores, parts: Sequence[Sequence[Addend]]) -> _Fit:
    fit = [number for number in range(len(score)) if score[number] >= SURE]
    if not fit:
        return _Fit()
    best = max(fit, key=lambda number: (rank[number], score[number], -number))
    also = [number for number in fit if number != best and score[number] >= SECOND * score[best]]
    return _Fit(themes=(best, *also), parts=tuple(parts[best]))


def _with_strays(
    corpus: Corpus, covers: Sequence[Sequence[Sequence[Addend]]], cover: Scores, dense: Scores, fits: list[_Fit]
) -> list[_Fit]:
    """Give a theme that found nothing the stray story that is most about it, if the story is of the issue's subject.

    It must use the theme's telling words STRAY_MARGIN times as densely as those of any other theme.
    """
    import numpy as np

    placed = [text for text, fit in enumerate(fits) if fit.themes]
    for number in range(cover.shape[1]):
        others = np.delete(dense, number, axis=1).max(axis=1, initial=0.0)
        clear = (cover[:, number] >= STRAY) & (dense[:, number] >= STRAY_MARGIN * others)
        strays = [text for text in np.flatnonzero(clear).tolist() if not fits[text].themes]
        strays = [text for text in strays if _likeness(corpus.vectors, text, placed) >= STRAY_LIKENESS]
        if strays and not any(number in fit.themes[:1] for fit in fits):
            best = max(strays, key=lambda text: (cover[text, number], -text))
            fits[best] = _Fit(themes=(number,), parts=tuple(covers[best][number]))
    return fits


def _likeness(vectors: Vectors, text: int, others: Sequence[int]) -> float:
    """The highest cosine of a text with some others."""
    import numpy as np

    wanted = np.zeros(len(vectors.names))
    wanted[vectors.terms[vectors.place(text)]] = vectors.weights[vectors.place(text)]
    found = (vectors.weights[vectors.place(other)] @ wanted[vectors.terms[vectors.place(other)]] for other in others)
    return float(max(found, default=0.0))


def _placement(article: Article, themes: Sequence[ThemeRule], fit: _Fit, event: str) -> Placement:
    if not fit.themes:
        return Placement(theme=None, name="Other", event=event, score=0.0)
    best, *also = (themes[number] for number in fit.themes)
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
