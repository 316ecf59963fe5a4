"""Themes that the articles themselves suggest."""

from __future__ import annotations

from digest.groupers.discovered import DiscoveredGrouper
from digest.model import Article, Story

STRIKE = ("Ferry strike enters third day", "Island ferry strike drags on", "Talks on the ferry strike fail")


def headline(key: str, title: str) -> Story:
    return Story(lead=Article(key=key, source="desk", title=title, paragraphs=()))


def test_three_stories_of_one_event_make_a_theme_named_from_their_titles() -> None:
    found = DiscoveredGrouper().place(
        [*(headline(str(n), title) for n, title in enumerate(STRIKE)), headline("x", "Museum")]
    )
    assert found[0].name.casefold().startswith("ferry strike")
    assert len({one.theme for one in found[:3]}) == 1
    assert found[3].theme is None


def test_two_stories_are_one_event_but_no_theme() -> None:
    first, second = DiscoveredGrouper().place([headline("a", STRIKE[0]), headline("b", STRIKE[1])])
    assert first.event == second.event
    assert first.theme is None


def test_the_event_keeps_its_name_whatever_the_order() -> None:
    pair = [headline("a", STRIKE[0]), headline("b", STRIKE[1])]
    assert {one.event for one in DiscoveredGrouper().place(pair)} == {
        one.event for one in DiscoveredGrouper().place(pair[::-1])
    }
