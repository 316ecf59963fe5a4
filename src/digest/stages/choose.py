"""Choose: which stories an issue tells, and how long each, so that it takes no longer than its readers were promised.

Every card has the same allowance of words, so the stories told are the most important ones, as many as there are
allowances: one more story that comes in never pushes out two. What the cards leave over goes to headlines alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from digest.model import OTHER_KEY, Brief, Form, Section, Theme
from digest.text.dates import moment_in_utc
from digest.text.publishers import article_publisher
from digest.text.reading import WORDS_A_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from digest.model import Budget, Length, PlacedStory

TITLE_WORDS = 11  # of a headline, with what stands at the top of an issue
SENTENCE_WORDS = 22  # of a sentence of a news text
TOP_WORDS = 60  # kept for the lines at the top
MAX_LINES_A_CARD = 1.0  # headlines alone, for each story told

TOO_LONG = "no room: the issue is full (length.minutes)"
TOO_MANY = "no room: the issue is full (length.stories)"
THEME_FULL = "no room in its theme (length.per_theme)"
SOURCE_FULL = "no room for more of its source (length.per_source)"
TOO_OLD = "older than length.max_age"
NO_THEME = "fits no theme (other: drop)"
ONLY_A_LINE = "fits no theme, and there is no room for its headline (other: lines)"


class OtherStories(StrEnum):
    """What becomes of stories that fit no theme."""

    SHOW = "show"  # told like others, last
    LINES = "lines"  # named by their headlines
    DROP = "drop"  # left out


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenStories:
    """What is told, what may be named, and why what is not told is not."""

    themes: tuple[Theme, ...]  # the stories told
    rest: tuple[tuple[Theme, PlacedStory, str], ...]  # most important first: may be named; with the reason
    dropped: tuple[tuple[PlacedStory, str], ...]  # not even named


def choose_stories(
    themes: Sequence[Theme],
    length: Length,
    budget: Budget,
    *,
    at: datetime,
    other: OtherStories = OtherStories.SHOW,
) -> ChosenStories:
    """The most important stories, as many as the length has room for; `budget` is that of one summary.

    An editor's pinned stories are told whatever the limits for themes and sources.
    """
    ranked = sorted(((theme, placed) for theme in themes for placed in theme.stories), key=lambda pair: -pair[1].weight)
    most, full = card_count(length, budget)
    told: dict[str, list[PlacedStory]] = {}
    sources = Counter[str]()
    rest: list[tuple[Theme, PlacedStory, str]] = []
    dropped: list[tuple[PlacedStory, str]] = []
    for theme, placed in ranked:
        source = article_publisher(placed.story.lead)
        excluded = _why_excluded(theme, placed, length, at, other)
        if excluded:
            dropped.append((placed, excluded))
        elif theme.key == OTHER_KEY and other is OtherStories.LINES and not placed.pinned:
            rest.append((theme, placed, ONLY_A_LINE))
        elif most is not None and sum(map(len, told.values())) >= most:
            rest.append((theme, placed, full))
        elif _is_full(length.per_theme, len(told.get(theme.key, ()))) and not placed.pinned:
            rest.append((theme, placed, THEME_FULL))
        elif _is_full(length.per_source, sources[source]) and not placed.pinned:
            rest.append((theme, placed, SOURCE_FULL))
        else:
            told.setdefault(theme.key, []).append(placed)
            sources[source] += 1
    return ChosenStories(
        themes=tuple(replace(theme, stories=tuple(told[theme.key])) for theme in themes if theme.key in told),
        rest=tuple(rest),
        dropped=tuple(dropped),
    )


def card_count(length: Length, budget: Budget) -> tuple[int | None, str]:
    """How many stories are told, at most, and the reason for those behind them; None: all."""
    found: list[tuple[int, str]] = []
    words = word_limit(length)
    if words is not None:
        summary = budget.words if budget.words is not None else SENTENCE_WORDS * (budget.sentences or 3)
        found.append((max(1, int((words - TOP_WORDS) / (TITLE_WORDS + summary))), TOO_LONG))
    if length.stories is not None:
        found.append((length.stories, TOO_MANY))
    return min(found, default=(None, ""), key=lambda pair: pair[0])


def word_limit(length: Length) -> int | None:
    """The words that an issue may have."""
    return None if length.minutes is None else int(length.minutes * WORDS_A_MINUTE)


def fit_sections(
    sections: Sequence[Section],
    rest: Iterable[tuple[Theme, PlacedStory, str]],
    length: Length,
    *,
    headline: Callable[[PlacedStory], str],
) -> tuple[list[Section], list[tuple[PlacedStory, str]]]:
    """The sections within the words that there are, with the headlines that still have room, and what is left out.

    The sentences of a card stand in the order in which they were chosen: the least important card loses its last first.
    """
    limit = word_limit(length)
    fitted = _shorten_cards(list(sections), None if limit is None else limit - TOP_WORDS)
    cards = sum(len(section.briefs) for section in fitted)
    left = None if limit is None else limit - TOP_WORDS - sum(map(_section_words, fitted))
    lines: dict[str, list[Brief]] = {}
    names: dict[str, Theme] = {}
    left_out: list[tuple[PlacedStory, str]] = []
    count = 0
    for theme, placed, reason in rest:
        title = headline(placed)
        cost = len(title.split())
        if left is None or cost > left or count >= MAX_LINES_A_CARD * max(cards, 8):
            left_out.append((placed, reason))
            continue
        left, count = left - cost, count + 1
        names[theme.key] = theme
        made = placed.story.lead.title is None
        lines.setdefault(theme.key, []).append(
            Brief(placed=placed, sentences=(), title=title, title_made=made, form=Form.LINE)
        )
    ordered = [replace(section, briefs=tuple(map(_in_source_order, section.briefs))) for section in fitted]
    return _add_lines(ordered, lines, names), left_out


def _in_source_order(brief: Brief) -> Brief:
    """The brief with its sentences as the lead has them, then those of other reports."""
    return replace(
        brief,
        sentences=tuple(
            sorted(brief.sentences, key=lambda one: (one.article != brief.story.key, one.paragraph, one.start))
        ),
    )


def _why_excluded(theme: Theme, placed: PlacedStory, length: Length, at: datetime, other: OtherStories) -> str:
    if placed.pinned:
        return ""
    if theme.key == OTHER_KEY and other is OtherStories.DROP:
        return NO_THEME
    dates = [moment_in_utc(article.published, UTC) for article in placed.story.articles if article.published]
    if length.max_age is not None and dates and at - max(dates) > timedelta(days=length.max_age):
        return TOO_OLD
    return ""


def _is_full(limit: int | None, count: int) -> bool:
    return limit is not None and count >= limit


def _section_words(section: Section) -> int:
    texts = [sentence.text for sentence in section.brief]
    for brief in section.briefs:
        texts += [brief.title, *(sentence.text for sentence in brief.sentences)]
    return sum(len(text.split()) for text in texts)


def _shorten_cards(sections: list[Section], limit: int | None) -> list[Section]:
    """The sections with sentences taken off from the least important card on, one of each, until they fit."""
    over = 0 if limit is None else sum(map(_section_words, sections)) - limit
    while over > 0:
        longer = [
            (len(brief.sentences), -brief.placed.weight, place, number)
            for place, section in enumerate(sections)
            for number, brief in enumerate(section.briefs)
            if len(brief.sentences) > 1
        ]
        if not longer:
            break
        _, _, place, number = max(longer)
        briefs = list(sections[place].briefs)
        over -= len(briefs[number].sentences[-1].text.split())
        briefs[number] = replace(briefs[number], sentences=briefs[number].sentences[:-1])
        sections[place] = replace(sections[place], briefs=tuple(briefs))
    return sections


def _add_lines(sections: Sequence[Section], lines: dict[str, list[Brief]], names: dict[str, Theme]) -> list[Section]:
    """The sections with headlines behind their cards; those of further themes follow, Other last."""
    found = [replace(section, briefs=(*section.briefs, *lines.get(section.key, ()))) for section in sections]
    known = {section.key for section in sections}
    found += [
        Section(key=key, name=names[key].name, brief=(), briefs=tuple(briefs))
        for key, briefs in lines.items()
        if key not in known
    ]
    return sorted(
        found, key=lambda section: section.key == OTHER_KEY and not any(one.placed.pinned for one in section.briefs)
    )
