"""The issue as data for other programs: `issue.json`, stable (docs/summaries.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.model import Brief, Issue, Section, Sentence


def issue_json(issue: Issue) -> dict[str, Any]:
    """The issue as JSON types; ids of stories are article keys, dates ISO 8601 as the source printed them."""
    return {
        "id": issue.id,
        "edition": issue.edition,
        "slot": issue.slot,
        "title": issue.title,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "top": _sentences(issue.top),
        "sections": [_section(section) for section in issue.sections],
        "problems": [
            {"stage": problem.stage, "subject": problem.subject, "message": problem.message}
            for problem in issue.problems
        ],
        "counts": {
            "articles": issue.counts.articles,
            "stories": issue.counts.stories,
            "words": issue.counts.words,
            "minutes": issue.counts.minutes,
        },
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "theme": section.name,
        "key": section.key,
        "brief": _sentences(section.brief),
        "stories": [_story(brief) for brief in section.briefs],
    }


def _story(brief: Brief) -> dict[str, Any]:
    lead, placement = brief.story.lead, brief.placed.placement
    return {
        "id": lead.key,
        "title": brief.title,
        "title_made": brief.title_made,
        "byline": lead.byline,
        "publisher": lead.publisher,
        "published": lead.published.isoformat() if lead.published else None,
        "url": lead.url,
        "language": lead.language,
        "update": brief.story.update,
        "also": [
            {
                "id": other.article.key,
                "publisher": other.article.publisher,
                "url": other.article.url,
                "relation": other.relation.value,
            }
            for other in brief.story.others
        ],
        "sentences": _sentences(brief.sentences),
        "why": [{"term": why.term, "weight": why.weight, "where": why.where} for why in placement.why],
        "secondary": [*placement.secondary],
    }


def _sentences(sentences: Iterable[Sentence]) -> list[dict[str, Any]]:
    return [
        {
            "text": sentence.text,
            "article": sentence.article,
            "paragraph": sentence.paragraph,
            "start": sentence.start,
            "end": sentence.end,
        }
        for sentence in sentences
    ]
