"""What an issue adds to the memory of its edition, for later ones."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.model import Memory, RememberedArticle, RememberedEvent, RememberedIssue
from digest.stages.recognise.events import MAX_EVENT_STEMS, event_stems
from digest.stages.recognise.texts import sketch_sentences, sketch_stems
from digest.text.novelty import SENTENCE_HASH_BYTES, STEM_HASH_BYTES, pack_codes, sentence_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.model import Article, Brief, Issue


def remember_issue(issue: Issue, articles: Iterable[Article], memory: Memory | None = None) -> RememberedIssue:
    """The memory of an issue made of `articles`: what it told, and sketches of everything that came in for it.

    What came before with the same text is not kept again.
    """
    before = memory or Memory()
    events = {article.key: brief.placed.placement.event for brief in issue.briefs for article in brief.story.articles}
    known = {(article.key, article.fingerprint) for article in before.articles}
    quoted = [sentence for section in issue.sections for sentence in section.brief]
    quoted += [sentence for brief in issue.briefs for sentence in brief.sentences]
    return RememberedIssue(
        id=issue.id,
        at=issue.at,
        articles=tuple(
            _remember_article(article, events.get(article.key))
            for article in articles
            if (article.key, article.fingerprint) not in known
        ),
        events=tuple(
            _remember_event(brief, section.name, issue, before)
            for section in issue.sections
            for brief in section.briefs
        ),
        sentences=frozenset(sentence_hash(sentence.text) for sentence in quoted),
        headlines=tuple(line.text for line in issue.top),
    )


def _remember_article(article: Article, event: str | None) -> RememberedArticle:
    return RememberedArticle(
        key=article.key,
        fingerprint=article.fingerprint,
        event=event or "",
        printed=event is not None,
        sentences=pack_codes(sketch_sentences(article), SENTENCE_HASH_BYTES),
        stems=pack_codes(sketch_stems(article), STEM_HASH_BYTES),
    )


def _remember_event(brief: Brief, theme: str, issue: Issue, memory: Memory) -> RememberedEvent:
    """The event as told now, on top of what was told of it before."""
    placed = brief.placed
    before = memory.events.get(placed.placement.event)
    stems = Counter(before.stems) if before else Counter[int]()
    stems.update(event_stems(placed))
    day = f"{issue.at.astimezone(ZoneInfo(issue.timezone)):%Y-%m-%d}"
    return RememberedEvent(
        key=placed.placement.event,
        headline=brief.title,
        theme=theme,
        first_told=before.first_told if before else issue.at,
        sources={**(before.sources if before else {}), day: max(1, len(placed.sources))},
        stems=dict(sorted(stems.items(), key=lambda item: (-item[1], item[0]))[:MAX_EVENT_STEMS]),
    )
