"""From articles to sections: each event once, under its theme, as long as the edition allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.stages.choose import choose_stories, fit_sections
from digest.stages.dedupe import dedupe
from digest.stages.edit import apply_edits
from digest.stages.filter import SourceCredit, filter_articles
from digest.stages.group import group_stories
from digest.stages.merge import merge_events
from digest.stages.rank import ImportanceRule, rank_stories
from digest.stages.recognise import leave_out, link_events, recognise_stories, split_off_updates
from digest.stages.summarise import headline_of, summarise_themes
from digest.text.publishers import houses_by_publisher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digest.config import Edition
    from digest.model import Article, LeftOut, Memory, Section, Theme
    from digest.stages.edit import Edit


NO_CREDIT = SourceCredit()  # of a source of which the configuration says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMaterial:
    """The stories there are to choose from, under their themes, most important first."""

    themes: list[Theme]
    left_out: tuple[LeftOut, ...]
    unsettled: frozenset[str]  # keys of articles that were filtered or dropped: both can be taken back


def gather_stories(
    edition: Edition, articles: Sequence[Article], memory: Memory | None, edits: Sequence[Edit], at: datetime
) -> StoryMaterial:
    """What is new, each event once, under its theme and weighed."""
    articles = [edition.credits.get(one.source, NO_CREDIT).credit_article(one) for one in articles]
    news, rubbish = filter_articles(articles, edition.rule, edition.source_rules)
    stories = dedupe(news, prefer=edition.prefer)
    left_out: tuple[LeftOut, ...] = ()
    if memory is not None:
        known = recognise_stories(stories, memory, repeat=edition.repeat)
        stories, left_out = [*known.stories], known.left_out
    themes = group_stories(stories, edition.grouper)
    repeats: list[LeftOut] = []
    if memory is not None and edition.repeat != "always":
        themes = link_events(themes, memory)
        if edition.repeat == "never":
            themes, repeats = split_off_updates(themes)
    merged = merge_events(themes, named=edition.grouper.order, tiers=edition.tiers, prefer=edition.prefer)
    edited = apply_edits(merged, edits, names=edition.theme_names)
    kept = {article.key for theme in edited for placed in theme.stories for article in placed.story.articles}
    kept |= {one.id for one in repeats}
    dropped = [one for story in stories for one in story.articles if one.key not in kept]
    day = f"{at.astimezone(ZoneInfo(edition.timezone)):%Y-%m-%d}"
    rule = ImportanceRule(
        at=at, day=day, houses=houses_by_publisher(edition.houses), tiers=edition.tiers, memory=memory
    )
    return StoryMaterial(
        themes=rank_stories(edited, rule),
        left_out=(
            *left_out,
            *repeats,
            *(leave_out(article, reason) for article, reason in rubbish),
            *(leave_out(article, "dropped by an editor") for article in dropped),
        ),
        unsettled=frozenset(article.key for article in (*dropped, *(article for article, _ in rubbish))),
    )


def tell_stories(
    edition: Edition, themes: Sequence[Theme], memory: Memory | None, at: datetime
) -> tuple[list[Section], list[LeftOut]]:
    """The sections that the issue's length has room for, and what it has no room for."""
    chosen = choose_stories(themes, edition.length, edition.budget, at=at, other=edition.other)
    sections = summarise_themes(
        chosen.themes,
        edition.summariser,
        budget=edition.budget,
        section_budget=edition.section_budget,
        printed=memory.sentences if memory and edition.repeat != "always" else (),
    )
    fitted, unnamed = fit_sections(sections, chosen.rest, edition.length, headline=headline_of)
    return fitted, [
        leave_out(article, reason)
        for placed, reason in (*unnamed, *chosen.dropped)
        for article in placed.story.articles
    ]
