"""A saved issue: its files as bytes, its data as JSON, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import CheckError, OutputError
from digest.files import write_atomically
from digest.mail.message import personalise_letter, write_message
from digest.model import Reader
from digest.pipeline import issue_evidence
from digest.stages.check import Finding, blocking_findings, check_message, source_texts_of
from digest.stages.explain import evidence_as_data

if TYPE_CHECKING:
    from digest.config import Edition
    from digest.model import Brief, Issue, Section, Sentence
    from digest.pipeline import BuiltIssue


def issue_files(built: BuiltIssue, edition: Edition) -> dict[str, bytes]:
    """The files of an issue by name: `issue.html`, `.txt`, `.eml` and `.json`, and `explain.json`.

    The message is the desk's own copy, addressed to the sender; raises CheckError when the gate refuses it.
    """
    desk = Reader(email=edition.envelope.address)
    token = edition.reader_token(desk)
    message = write_message(built.letter, edition.envelope, desk, token=token)
    refuse_gate_errors(built, check_message(message, source_texts_of(built.issue)))
    page = personalise_letter(built.letter, token)
    return {
        "issue.html": page.html.encode("utf-8"),
        "issue.txt": page.text.encode("utf-8"),
        "issue.eml": message,
        "issue.json": _json_bytes(built_issue_as_data(built)),
        "explain.json": _json_bytes(evidence_as_data(issue_evidence(built))),
    }


def _json_bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def built_issue_as_data(built: BuiltIssue) -> dict[str, Any]:
    """`issue.json`."""
    return issue_as_data(built.issue)


def refuse_gate_errors(built: BuiltIssue, further: Iterable[Finding] = ()) -> None:
    """Raise CheckError when the gate found an error in the letter or in the message."""
    errors = blocking_findings(dict.fromkeys((*built.findings, *further)))
    if errors:
        lines = "; ".join(f"{finding.code}: {finding.message}" for finding in errors[:5])
        raise CheckError(f"{built.issue.id}: the gate found {len(errors)} error(s): {lines}")


def save_issue_files(files: Mapping[str, bytes], out: Path, issue_id: str) -> Path:
    """Write the files of an issue under `out`/<edition>/<slot>/, each one whole or not at all; give the folder.

    A crash leaves the old file or the new one.
    """
    folder = out / issue_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            write_atomically(folder / name, data)
    except OSError as error:
        raise OutputError(f"{error.filename or folder}: cannot be written: {error.strerror}") from error
    return folder


def issue_as_data(issue: Issue) -> dict[str, Any]:
    """The issue as JSON types; ids of stories are article keys, dates ISO 8601 as the source printed them."""
    return {
        "id": issue.id,
        "edition": issue.edition,
        "slot": issue.slot,
        "title": issue.title,
        "subject": issue.subject,
        "preheader": issue.preheader,
        "top": [
            {"article": line.article, "text": line.text, "theme": line.theme, "sources": line.sources}
            for line in issue.top
        ],
        "sections": [_section_as_data(section) for section in issue.sections],
        "left_out": [
            {"id": one.id, "title": one.title, "url": one.url, "reason": one.reason} for one in issue.left_out
        ],
        "problems": [
            {"stage": problem.stage, "subject": problem.subject, "message": problem.message}
            for problem in issue.problems
        ],
        "counts": {
            "articles": issue.counts.articles,
            "stories": issue.counts.stories,
            "available": issue.counts.available,
            "words": issue.counts.words,
            "minutes": issue.counts.minutes,
        },
    }


def _section_as_data(section: Section) -> dict[str, Any]:
    return {
        "theme": section.name,
        "key": section.key,
        "brief": _sentences_as_data(section.brief),
        "stories": [_story_as_data(brief) for brief in section.briefs],
    }


def _story_as_data(brief: Brief) -> dict[str, Any]:
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
        "labels": list(lead.labels),
        "paywall": lead.paywall,
        "form": brief.form.value,
        "event": placement.event,
        "update": brief.story.update,
        "first_told": brief.story.first_told.isoformat() if brief.story.first_told else None,
        "sources": max(1, len(brief.placed.sources)),
        "days": dict(brief.placed.days),
        "also": [
            {
                "id": other.article.key,
                "publisher": other.article.publisher,
                "url": other.article.url,
                "relation": other.relation.value,
            }
            for other in brief.story.others
        ],
        "sentences": _sentences_as_data(brief.sentences),
        "why": [{"term": why.term, "weight": why.weight, "where": why.where} for why in placement.why],
        "importance": [{"term": one.term, "weight": one.weight, "where": one.where} for one in brief.placed.importance],
        "secondary": [*placement.secondary],
    }


def _sentences_as_data(sentences: Iterable[Sentence]) -> list[dict[str, Any]]:
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
