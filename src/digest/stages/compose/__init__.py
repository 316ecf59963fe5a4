"""Compose: sections become an issue, with its order, its three lines at the top, its subject and its preheader."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digest.model import Counts, Issue, Relation
from digest.stages.compose.headline import preheader, subject
from digest.text.readable import leans
from digest.text.reading import reading_minutes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from digest.model import Brief, Problem, Section, Sentence, Story

__all__ = ["abridged", "compose", "fresh"]

TOP = 3  # lines of the TL;DR
TOP_WORDS = 40  # a longer sentence is no line


def compose(  # noqa: PLR0913  the fields of an issue, by name
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
    top: int = TOP,
) -> Issue:
    """The issue of these sections, in their order; `articles` is how many went in before anything was merged.

    Sections without a story are left out. The subject is the strongest headline, the preheader what comes next.
    """
    sections = tuple(section for section in sections if section.briefs)
    leading = _leading(sections)
    lines = tuple(_line(brief) for brief in leading[:top] if brief.sentences)
    headline = subject(leading, title)
    return Issue(
        edition=edition,
        slot=slot,
        at=at,
        timezone=timezone,
        language=language,
        title=title,
        subject=headline,
        preheader=preheader(headline, leading, lines, title),
        top=lines,
        sections=sections,
        problems=tuple(problems),
        counts=_counts(sections, lines, articles),
    )


def abridged(issue: Issue, *, themes: Collection[str] = (), language: str | None = None) -> Issue | None:
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
    return compose(
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


def fresh(stories: Iterable[Story], printed: Mapping[str, str]) -> list[Story]:
    """The stories that readers have not had, in order; `printed` maps article keys to fingerprints.

    A story is dropped when its lead, or a copy of its lead, was printed with the same text. It is marked as an
    update when one of its articles was printed in another form: an older text, an earlier revision, an excerpt.
    """
    result = []
    for story in stories:
        state = _state(story, printed)
        if state != "same":
            result.append(replace(story, update=True) if state == "other" else story)
    return result


def _state(story: Story, printed: Mapping[str, str]) -> str:
    """`same`, `other` or `new`."""
    before = printed.get(story.lead.key)
    if before is not None:
        return "same" if before == story.lead.fingerprint else "other"
    had = [other for other in story.others if other.article.key in printed]
    for other in had:
        if other.relation is Relation.COPY and printed[other.article.key] == other.article.fingerprint:
            return "same"
    return "other" if had else "new"


def _leading(sections: Sequence[Section]) -> list[Brief]:
    """All briefs: the first of every section, then the second of every section, ..."""
    most = max((len(section.briefs) for section in sections), default=0)
    return [section.briefs[place] for place in range(most) for section in sections if place < len(section.briefs)]


def _line(brief: Brief) -> Sentence:
    """The first sentence of the brief that is short and can be read by itself; else the shortest that can."""
    language = brief.story.lead.language
    alone = [
        sentence
        for before, sentence in zip([None, *brief.sentences], brief.sentences, strict=False)
        if not leans(sentence.text, language) and not _goes_on(before, sentence)
    ]
    alone = alone or [*brief.sentences]
    for sentence in alone:
        if len(sentence.text.split()) <= TOP_WORDS:
            return sentence
    return min(alone, key=lambda sentence: len(sentence.text.split()))


def _goes_on(before: Sentence | None, sentence: Sentence) -> bool:
    """Whether the sentence continues the one printed before it: "The demand ..."."""
    return before is not None and before.paragraph == sentence.paragraph and 0 <= sentence.start - before.end <= 1


def _counts(sections: Sequence[Section], lines: Sequence[Sentence], articles: int) -> Counts:
    briefs = [brief for section in sections for brief in section.briefs]
    texts = [line.text for line in lines]
    texts += [section.name for section in sections]
    texts += [sentence.text for section in sections for sentence in section.brief]
    texts += [brief.title for brief in briefs]
    texts += [sentence.text for brief in briefs for sentence in brief.sentences]
    words = sum(len(text.split()) for text in texts)
    minutes = reading_minutes(words)
    return Counts(articles=articles, stories=len(briefs), words=words, minutes=minutes)
