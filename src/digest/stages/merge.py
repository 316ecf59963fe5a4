"""Merge: the stories of one event become one story, told once; its theme is decided by all of them together.

A grouper says which stories are of one event. The lead is the report that says most: one with news first, then by the
tier of its source, a whole text before a cut one, a preferred publisher, the report most like the others.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from digest.model import DEFAULT_TIER, OTHER_KEY, OTHER_NAME, PlacedStory, RelatedArticle, Relation, Theme
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from digest.model import Article, Story

MIN_WHOLE_SHARE = 0.5  # of the median length, below which a report is not the whole story


def merge_events(
    themes: Sequence[Theme],
    *,
    named: Collection[str] = (),
    tiers: Mapping[str, int] | None = None,
    prefer: Sequence[str] = (),
) -> list[Theme]:
    """The themes with one story for each event; an event told under several themes stands under its strongest.

    A theme that is not `named` and turns out to be one event is none: its story stands in Other.
    `tiers` maps names of sources to 1, 2 (default) or 3; `prefer` names publishers that lead where nothing else decides.
    """
    events: dict[str, list[tuple[Theme, PlacedStory]]] = {}
    for theme in themes:
        for placed in theme.stories:
            events.setdefault(_event_of(placed), []).append((theme, placed))
    merged: dict[str, PlacedStory] = {}
    places: dict[str, str] = {}
    for event, told in events.items():
        places[event], merged[event] = _merge_event(told, tiers or {}, prefer)
    by_theme: dict[str, list[PlacedStory]] = {}
    for event, placed in merged.items():
        by_theme.setdefault(places[event], []).append(placed)
    kept: list[Theme] = []
    for theme in themes:
        here = by_theme.get(theme.key, [])
        if len(here) == 1 < len(theme.stories) and theme.key not in (*named, OTHER_KEY):
            by_theme.setdefault(OTHER_KEY, []).append(_without_theme(here[0]))
        elif here and theme.key != OTHER_KEY:
            kept.append(replace(theme, stories=tuple(here)))
    if OTHER_KEY in by_theme:
        kept.append(Theme(key=OTHER_KEY, name=OTHER_NAME, stories=tuple(by_theme[OTHER_KEY])))
    return kept


def _without_theme(placed: PlacedStory) -> PlacedStory:
    placement = replace(placed.placement, theme=None, name=OTHER_NAME, score=0.0, why=())
    return replace(placed, placement=placement)


def _event_of(placed: PlacedStory) -> str:
    """The event as the grouper names it; a story of a grouper that names none stands alone."""
    return placed.placement.event or f"story-{placed.story.key}"


def _merge_event(
    told: Sequence[tuple[Theme, PlacedStory]], tiers: Mapping[str, int], prefer: Sequence[str]
) -> tuple[str, PlacedStory]:
    """The key of the event's theme, and its one story there."""
    if len(told) == 1:
        return told[0][0].key, told[0][1]
    votes = Counter[str]()
    for theme, placed in told:
        votes[theme.key] += placed.placement.score if placed.placement.theme else 0.0  # type: ignore[assignment]
    chosen = max(votes, key=lambda key: votes[key])
    ranked = sorted(told, key=lambda pair: _lead_rank(pair[1].story, [one.story for _, one in told], tiers, prefer))
    best = max((placed for theme, placed in told if theme.key == chosen), key=lambda placed: placed.placement.score)
    lead, *rest = (placed.story for _, placed in ranked)
    return chosen, PlacedStory(story=_join_stories(lead, rest), placement=best.placement)


def _lead_rank(
    story: Story, told: Sequence[Story], tiers: Mapping[str, int], prefer: Sequence[str]
) -> tuple[object, ...]:
    lengths = sorted(one.lead.word_count for one in told)
    article = story.lead
    cut = article.truncated or article.word_count < MIN_WHOLE_SHARE * lengths[len(lengths) // 2]
    preferred = prefer.index(article.publisher) if article.publisher in prefer else len(prefer)
    return (
        not story.news,
        tiers.get(article.source, DEFAULT_TIER),
        article.title is None,
        cut,
        preferred,
        -len(story.others),
        -_title_agreement(article, [one.lead for one in told]),
        article.key,
    )


def _title_agreement(article: Article, others: Sequence[Article]) -> int:
    """How many words of the title the other titles have, each counted once for each title."""
    own = set(content_stems(article.title or "", article.language))
    return sum(len(own & set(content_stems(other.title or "", other.language))) for other in others)


def _join_stories(lead: Story, rest: Sequence[Story]) -> Story:
    """One story of several; what a copy was to its own lead it stays, what led becomes a report."""
    joined = [*lead.others]
    for story in rest:
        joined.append(RelatedArticle(article=story.lead, relation=Relation.REPORT, overlap=0.0))
        joined += story.others
    first = min((story.first_told for story in (lead, *rest) if story.first_told), default=None)
    known = next((story.event for story in (lead, *rest) if story.event), "")
    return replace(
        lead,
        others=tuple(joined),
        event=lead.event or known,
        update=any(story.update for story in (lead, *rest)),
        first_told=first,
        news=lead.news.union(*(story.news for story in rest)),
    )
