"""The size budget: Gmail clips a message near 102 KB and hides all that follows, the unsubscribe link first.

Rendered bytes are measured, cards are never counted. What does not fit becomes a bare link, then a number;
the last stories of every theme go first, and masthead and footer never.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.stages.render.view import ThemeView

Drawn = TypeVar("Drawn")


def fit_to_limit(
    themes: tuple[ThemeView, ...], draw: Callable[[tuple[ThemeView, ...]], tuple[Drawn, str]], limit: int
) -> tuple[Drawn, str]:
    """The drawing with the most cards, then the most links, whose HTML has at most `limit` bytes."""
    drawn = draw(themes)
    if _fits_limit(drawn, limit):
        return drawn
    order = _keeping_order(themes)
    total = len(order)
    bare = _largest_fitting(total, lambda n: _fits_limit(draw(_keep_stories(themes, order, n, n)), limit))
    listed = _largest_fitting(total, lambda n: _fits_limit(draw(_keep_stories(themes, order, n, total)), limit))
    if listed * 2 >= bare:
        return draw(_keep_stories(themes, order, listed, total))
    cards = bare // 2  # listing every story would leave few of them told
    links = _largest_fitting(
        total - cards, lambda n: _fits_limit(draw(_keep_stories(themes, order, cards, cards + n)), limit)
    )
    return draw(_keep_stories(themes, order, cards, cards + links))


def html_weight(html: str) -> int:
    """Bytes of the HTML part as received: line ends are two bytes in a message."""
    return len(html.encode("utf-8", "replace")) + html.count("\n")


def _fits_limit(drawn: tuple[Drawn, str], limit: int) -> bool:
    return html_weight(drawn[1]) <= limit


def _keeping_order(themes: tuple[ThemeView, ...]) -> list[tuple[int, int]]:
    """(theme, story) in the order in which stories keep their place: the first of every theme, the second, ...

    Stories that are only a headline come after all cards; they are counted on behind the cards of their theme.
    """
    cards = [(theme, story) for theme, block in enumerate(themes) for story in range(len(block.cards))]
    lines = [
        (theme, len(block.cards) + story) for theme, block in enumerate(themes) for story in range(len(block.shorts))
    ]
    return [*sorted(cards, key=lambda place: (place[1], place[0])), *lines]


def _keep_stories(
    themes: tuple[ThemeView, ...], order: list[tuple[int, int]], cards: int, listed: int
) -> tuple[ThemeView, ...]:
    """The first `cards` stories of `order` as they are, up to `listed` as links, the rest as a number."""
    whole, short = set(order[:cards]), set(order[cards:listed])
    kept = []
    for theme, block in enumerate(themes):
        stories = (*block.cards, *block.shorts)
        told = tuple(card for n, card in enumerate(block.cards) if (theme, n) in whole)
        linked = tuple(
            card
            for n, card in enumerate(stories)
            if (theme, n) in short or ((theme, n) in whole and n >= len(block.cards))
        )
        if told or linked:
            more = len(stories) - len(told) - len(linked)
            kept.append(replace(block, cards=told, shorts=linked, more=more))
    return tuple(kept)


def _largest_fitting(total: int, fits: Callable[[int], bool]) -> int:
    """The largest n of 0..total that fits, by bisection; 0 when none does."""
    low, high = 0, total
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low
