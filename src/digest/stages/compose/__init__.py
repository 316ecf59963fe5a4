"""Compose: sections become an issue, with its contents at the top, its subject and its preheader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.model import Form, Issue, IssueCounts, TopLine
from digest.stages.compose.headline import write_preheader, write_subject
from digest.text.reading import rounded_minutes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from digest.model import Brief, LeftOut, Problem, Section

__all__ = ["abridge_issue", "compose_issue"]

MAX_TOP_LINES = 4
MIN_CARDS_FOR_TOP = 6  # stories from which an issue has contents at its top


def compose_issue(  # noqa: PLR0913  the fields of an issue, by name
    sections: Sequence[Section],
    *,
    edition: str,
    slot: str,
    at: datetime,
    timezone: str,
    language: str,
    title: str,
    articles: int,
    available: int | None = None,
    left_out: Sequence[LeftOut] = (),
    problems: Sequence[Problem] = (),
    headlines_before: Collection[str] = (),
) -> Issue:
    """The issue of these sections, in their order, of so many `articles` and stories `available`.

    `headlines_before` stood at the top of earlier issues and do not stand there again.

    Sections without a story are left out. The subject is the strongest headline, the preheader what comes next.
    """
    sections = tuple(section for section in sections if section.briefs)
    leading = _most_important_first(sections)
    lines = _write_top_lines(sections, headlines_before)
    headline = write_subject(leading, title)
    return Issue(
        edition=edition,
        slot=slot,
        at=at,
        timezone=timezone,
        language=language,
        title=title,
        subject=headline,
        preheader=write_preheader(headline, leading, lines, title),
        top=lines,
        sections=sections,
        left_out=tuple(left_out),
        problems=tuple(problems),
        counts=_count_issue(sections, lines, articles, available),
    )


def abridge_issue(issue: Issue, *, themes: Collection[str] = (), language: str | None = None) -> Issue | None:
    """The issue for readers who want only some themes (names or keys; none: all) or labels in another language.

    None when it holds nothing of what they want.
    """
    wanted = {theme.casefold() for theme in themes}
    sections = [
        section
        for section in issue.sections
        if not wanted or wanted & {section.key.casefold(), section.name.casefold()}
    ]
    if not sections:
        return None
    return compose_issue(
        sections,
        edition=issue.edition,
        slot=issue.slot,
        at=issue.at,
        timezone=issue.timezone,
        language=language or issue.language,
        title=issue.title,
        problems=issue.problems,
        articles=issue.counts.articles,
        available=None if wanted else issue.counts.available,
        left_out=issue.left_out,
    )


def _most_important_first(sections: Sequence[Section]) -> list[Brief]:
    """All briefs by importance; equals (an issue whose stories were not weighed) the first of every section first."""
    most = max((len(section.briefs) for section in sections), default=0)
    briefs = [section.briefs[place] for place in range(most) for section in sections if place < len(section.briefs)]
    return sorted(briefs, key=lambda brief: (brief.form is Form.LINE, -brief.placed.weight))


def _write_top_lines(sections: Sequence[Section], headlines_before: Collection[str]) -> tuple[TopLine, ...]:
    """What stands out, by its headlines: what several sources tell, and at least half as many as the most told story.

    Nothing in an issue that can be seen at a glance, or where nothing stands out; a pinned story always does.
    """
    cards = [(section, brief) for section in sections for brief in section.briefs if brief.form is not Form.LINE]
    if len(cards) < MIN_CARDS_FOR_TOP:
        return ()
    least = max(2.0, max(len(brief.placed.sources) for _, brief in cards) / 2)
    ranked = sorted(cards, key=lambda pair: _top_rank(pair[1]))
    return tuple(
        TopLine(
            article=brief.story.key, text=brief.title, theme=section.name, sources=max(1, len(brief.placed.sources))
        )
        for section, brief in ranked
        if brief.title not in headlines_before and (len(brief.placed.sources) >= least or brief.placed.pinned)
    )[:MAX_TOP_LINES]


def _top_rank(brief: Brief) -> tuple[bool, int, float]:
    return (not brief.placed.pinned, -len(brief.placed.sources), -brief.placed.weight)


def _count_issue(
    sections: Sequence[Section], lines: Sequence[TopLine], articles: int, available: int | None
) -> IssueCounts:
    """What is printed: sentences, section leads, lines and titles, at 230 words a minute."""
    briefs = [brief for section in sections for brief in section.briefs]
    texts = [line.text for line in lines]
    texts += [sentence.text for section in sections for sentence in section.brief]
    texts += [brief.title for brief in briefs]
    texts += [sentence.text for brief in briefs for sentence in brief.sentences]
    words = sum(len(text.split()) for text in texts)
    return IssueCounts(
        articles=articles,
        stories=len(briefs),
        available=len(briefs) if available is None else available,
        words=words,
        minutes=rounded_minutes(words),
    )
