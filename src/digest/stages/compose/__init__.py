"""Compose: sections become an issue, with its order, its three lines at the top, its subject and its preheader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.model import Issue, IssueCounts
from digest.stages.compose.headline import write_preheader, write_subject
from digest.text.readable import depends_on_previous
from digest.text.reading import reading_minutes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from digest.model import Brief, Problem, Section, Sentence

__all__ = ["abridge_issue", "compose_issue"]

MAX_TOP_LINES = 3  # lines of the TL;DR
MAX_TOP_LINE_WORDS = 40  # a longer sentence is no line


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
    problems: Sequence[Problem] = (),
    top: int = MAX_TOP_LINES,
) -> Issue:
    """The issue of these sections, in their order; `articles` is how many went in before anything was merged.

    Sections without a story are left out. The subject is the strongest headline, the preheader what comes next.
    """
    sections = tuple(section for section in sections if section.briefs)
    leading = _interleave_sections(sections)
    lines = tuple(_top_sentence(brief) for brief in leading[:top] if brief.sentences)
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
        problems=tuple(problems),
        counts=_count_issue(sections, lines, articles),
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
    )


def _interleave_sections(sections: Sequence[Section]) -> list[Brief]:
    """All briefs: the first of every section, then the second of every section, ..."""
    most = max((len(section.briefs) for section in sections), default=0)
    return [section.briefs[place] for place in range(most) for section in sections if place < len(section.briefs)]


def _top_sentence(brief: Brief) -> Sentence:
    """The first sentence of the brief that is short and can be read by itself; else the shortest that can."""
    language = brief.story.lead.language
    alone = [
        sentence
        for before, sentence in zip([None, *brief.sentences], brief.sentences, strict=False)
        if not depends_on_previous(sentence.text, language) and not _continues_previous(before, sentence)
    ]
    alone = alone or [*brief.sentences]
    for sentence in alone:
        if len(sentence.text.split()) <= MAX_TOP_LINE_WORDS:
            return sentence
    return min(alone, key=lambda sentence: len(sentence.text.split()))


def _continues_previous(before: Sentence | None, sentence: Sentence) -> bool:
    """Whether the sentence continues the one printed before it: "The demand ..."."""
    return before is not None and before.paragraph == sentence.paragraph and 0 <= sentence.start - before.end <= 1


def _count_issue(sections: Sequence[Section], lines: Sequence[Sentence], articles: int) -> IssueCounts:
    briefs = [brief for section in sections for brief in section.briefs]
    texts = [line.text for line in lines]
    texts += [section.name for section in sections]
    texts += [sentence.text for section in sections for sentence in section.brief]
    texts += [brief.title for brief in briefs]
    texts += [sentence.text for brief in briefs for sentence in brief.sentences]
    words = sum(len(text.split()) for text in texts)
    minutes = reading_minutes(words)
    return IssueCounts(articles=articles, stories=len(briefs), words=words, minutes=minutes)
