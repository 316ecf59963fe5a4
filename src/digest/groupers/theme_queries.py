"""What an editor's queries say of stories and themes; they decide over the weights of words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digest.groupers.reasons import WEIGHT_DECIMALS
from digest.model import OTHER_NAME, Placement, ScoreTerm
from digest.queries import find_hits, matches_query, parse_query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.groupers.configured import ThemeRule
    from digest.model import Article
    from digest.queries import Node

MIN_SECONDARY_SCORE = 0.45  # score of a story in the theme that fitted second, once the first is excluded
MAX_QUERY_REASONS = 12


def apply_theme_queries(
    articles: Sequence[Article], themes: Sequence[ThemeRule], placements: Mapping[int, Placement]
) -> dict[int, Placement]:
    """The placements after `include` and `exclude` queries: the first theme whose query matches has the story.

    The reasons of such a story are the words that the query names, with equal weights; a story that its theme's query
    excludes goes to the theme that fitted second, or to none.
    """
    included = [(theme, parse_query(theme.include)) for theme in themes if theme.include]
    excluded = {
        theme.identity: parse_query(theme.exclude)
        for theme in themes
        if isinstance(theme.exclude, str) and theme.exclude
    }
    if not included and not excluded:
        return dict(placements)
    return {
        position: _apply_queries(articles[position], placement, themes, included, excluded)
        for position, placement in placements.items()
    }


def _apply_queries(
    article: Article,
    placement: Placement,
    themes: Sequence[ThemeRule],
    included: Sequence[tuple[ThemeRule, Node]],
    excluded: Mapping[str, Node],
) -> Placement:
    barred = {key for key, query in excluded.items() if matches_query(query, article)}
    for theme, query in included:
        hits = find_hits(query, article)
        if hits is not None and theme.identity not in barred:
            return _place_by_query(placement, theme, hits)
    if placement.theme is None or placement.theme not in barred:
        return placement
    by_name = {theme.name: theme for theme in themes}
    second = next((by_name[name] for name in placement.secondary if by_name[name].identity not in barred), None)
    if second is None:
        return Placement(theme=None, name=OTHER_NAME, event=placement.event, score=0.0)
    return Placement(
        theme=second.identity,
        name=second.name,
        event=placement.event,
        score=MIN_SECONDARY_SCORE,
        why=(ScoreTerm(term=f"fits as well as {placement.name}", weight=MIN_SECONDARY_SCORE, where="query"),),
    )


def _place_by_query(placement: Placement, theme: ThemeRule, hits: tuple[str, ...]) -> Placement:
    terms = hits[:MAX_QUERY_REASONS] or (theme.include,)
    weight = round(1 / len(terms), WEIGHT_DECIMALS)
    why = tuple(ScoreTerm(term=term, weight=weight, where="query") for term in terms)
    others = [name for name in (placement.name if placement.theme else "", *placement.secondary) if name]
    return replace(
        placement,
        theme=theme.identity,
        name=theme.name,
        score=round(sum(term.weight for term in why), WEIGHT_DECIMALS),
        why=why,
        secondary=tuple(name for name in dict.fromkeys(others) if name != theme.name),
    )
