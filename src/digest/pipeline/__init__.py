"""The sentence: collect -> clean -> dedupe -> recognise -> group -> merge -> edit -> rank -> choose -> summarise ->
compose -> render -> check.

`build_issue` turns sources into an issue and its letter; it reads no clock, writes nothing and, given the
same inputs and the same moment, gives the same bytes. Publishing and posting are `digest.delivery`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from digest import registry
from digest.errors import RejectedError
from digest.mail.message import personalise_letter, write_message
from digest.model import Article, Issue, Letter, Memory, Problem, Raw, Reader, RememberedIssue
from digest.pipeline.stories import gather_stories, tell_stories
from digest.pipeline.variants import MAX_VARIANTS, render_variants, variant_of
from digest.stages.check import (
    Finding,
    blocking_findings,
    check_letter,
    check_message,
    find_refused_stories,
    source_texts_of,
)
from digest.stages.clean import clean
from digest.stages.clean.recurring import RecurringLines, drop_recurring_lines
from digest.stages.collect import CollectedDocuments, FetchContext, collect
from digest.stages.compose import abridge_issue, compose_issue
from digest.stages.edit import Edit, apply_headlines
from digest.stages.explain import IssueEvidence, explain_issue
from digest.stages.recognise import leave_out, remember_issue

if TYPE_CHECKING:
    from digest.config import Edition

__all__ = [
    "MAX_VARIANTS",
    "NOBODY",
    "BuiltIssue",
    "CollectedArticles",
    "Progress",
    "build_issue",
    "clean_all",
    "collect_articles",
    "issue_evidence",
    "remember_built_issue",
    "render_variants",
    "settled_fingerprints",
    "show_no_progress",
    "variant_of",
]

RECURRING_KEY = "recurring lines"  # under which they are remembered of a source
NOBODY = "0" * 32  # a token as long as a reader's, and no reader's

Progress = Callable[[str, int, int], None]  # stage, done, of


def show_no_progress(stage: str, done: int, of: int) -> None:
    """The progress that shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedArticles:
    """What the sources gave, read and cleaned: everything that an issue is made from."""

    collected: CollectedDocuments
    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]  # sources and documents that could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIssue:
    """An issue with all that was made on the way."""

    issue: Issue
    letter: Letter
    collection: CollectedArticles
    findings: tuple[Finding, ...]
    number: int | None = None  # in its series; None: made by hand
    unsettled: frozenset[str] = frozenset()  # keys of articles that may come again: an editor dropped them
    memory: Memory | None = None  # what readers had before; None: nothing was left out for that

    @property
    def html(self) -> str:
        """The HTML part as it is saved: with a token that is nobody's in the links of readers."""
        return personalise_letter(self.letter, NOBODY).html

    @property
    def text(self) -> str:
        """The text part as it is saved."""
        return personalise_letter(self.letter, NOBODY).text

    @property
    def is_empty(self) -> bool:
        """True when there is no story to print."""
        return not self.issue.briefs


def collect_articles(
    edition: Edition, *, visit: FetchContext, progress: Progress = show_no_progress
) -> CollectedArticles:
    """Ask every source of an edition, and read and clean what they give."""
    visit = replace(visit, suffixes=registry.kinds_by_suffix())
    collected = collect(edition.sources, visit, progress=_count_calls(progress, "collect", len(edition.sources)))
    articles, unclean = clean_all(collected.raws, now=visit.now, progress=progress)
    articles = _without_recurring_lines(articles, visit)
    return CollectedArticles(collected=collected, articles=tuple(articles), problems=(*collected.problems, *unclean))


def _without_recurring_lines(articles: Sequence[Article], visit: FetchContext) -> list[Article]:
    """The articles without what their sources print under every one; what is known of that is kept in the state."""
    sources = dict.fromkeys(article.source for article in articles)
    kept = {source: visit.state.recall(source, RECURRING_KEY) for source in sources}
    known = {source: RecurringLines.from_json(value["lines"]) for source, value in kept.items() if value}
    rest = drop_recurring_lines(articles, known)
    visit.state.remember_all({(source, RECURRING_KEY): {"lines": lines.as_json()} for source, lines in known.items()})
    return rest


def build_issue(
    edition: Edition,
    collection: CollectedArticles,
    *,
    slot: str,
    at: datetime,
    memory: Memory | None = None,
    edits: Sequence[Edit] = (),
    number: int | None = None,
) -> BuiltIssue:
    """The issue of one slot from all that was gathered for the edition; `at` is the issue's own time.

    `memory` is what readers had before: it is left out, and news of it is marked; None prints everything.
    `edits` are an editor's decisions, `number` is the issue's number in its series. Expected trouble with a source or
    an article is in `issue.problems`; every article is told, named, merged or in `issue.left_out`.
    """
    material = gather_stories(edition, collection.articles, memory, edits, at)
    sections, left_out = tell_stories(edition, material.themes, memory, at)
    issue = compose_issue(
        apply_headlines(sections, edits),
        edition=edition.key,
        slot=slot,
        at=at,
        timezone=edition.timezone,
        language=edition.language,
        title=edition.title,
        problems=collection.problems,
        articles=len(collection.articles),
        available=sum(len(theme.stories) for theme in material.themes),
        left_out=(*left_out, *material.left_out),
        headlines_before=memory.headlines if memory else (),
    )
    built = _render_and_check(issue, edition, collection, number)
    return replace(_drop_refused_stories(built, edition), unsettled=material.unsettled, memory=memory)


def _render_and_check(issue: Issue, edition: Edition, collection: CollectedArticles, number: int | None) -> BuiltIssue:
    """An issue printed, with what the gate says of its letter, and against the message made of it."""
    letter = edition.renderer.render(issue, number=number)
    envelope = replace(edition.envelope, dkim=None)
    message = write_message(letter, envelope, Reader(email=envelope.address), token=NOBODY)
    findings = dict.fromkeys(
        (*check_letter(letter, issue), *blocking_findings(check_message(message, source_texts_of(issue))))
    )
    return BuiltIssue(issue=issue, letter=letter, collection=collection, findings=tuple(findings), number=number)


def _drop_refused_stories(built: BuiltIssue, edition: Edition) -> BuiltIssue:
    """The issue without the stories whose texts the gate refuses, each a problem; unchanged when no story explains it."""
    errors, issue = blocking_findings(built.findings), built.issue

    def rebuild_with(keys: Sequence[str], problems: Sequence[Problem] = ()) -> BuiltIssue:
        said = {problem.subject: problem.message for problem in problems}
        refused = [
            leave_out(article, said[brief.story.key])
            for brief in issue.briefs
            if brief.story.key in said
            for article in brief.story.articles
        ]
        rest = replace(
            _keep_stories(issue, keys), problems=(*issue.problems, *problems), left_out=(*issue.left_out, *refused)
        )
        return _render_and_check(rest, edition, built.collection, built.number)

    if not errors or _is_template_at_fault(edition, built, {finding.code for finding in errors}):
        return built
    keys = [brief.story.key for brief in issue.briefs]
    blamed = find_refused_stories(keys, lambda some: bool(blocking_findings(rebuild_with(some).findings)))
    reasons = [(key, (*blocking_findings(rebuild_with([key]).findings), *errors)[0]) for key in blamed]
    said = [(key, f"left out: the gate refuses it: {why.code}: {why.message}") for key, why in reasons]
    left_out = [Problem(stage="check", subject=key, message=message) for key, message in said]
    return rebuild_with([key for key in keys if key not in blamed], left_out) if blamed else built


def _keep_stories(issue: Issue, keys: Collection[str]) -> Issue:
    """The issue composed anew of these of its stories."""
    sections = []
    for section in issue.sections:
        briefs = tuple(brief for brief in section.briefs if brief.story.key in keys)
        quotable = {article.key for brief in briefs for article in brief.story.articles}
        common = tuple(sentence for sentence in section.brief if sentence.article in quotable)
        sections.append(replace(section, briefs=briefs, brief=common))
    return abridge_issue(replace(issue, sections=tuple(sections))) or issue


def _is_template_at_fault(edition: Edition, built: BuiltIssue, codes: Collection[str]) -> bool:
    """Whether an issue of ours fails for the same reasons: then it is the template or the envelope, and no story."""
    from digest.stages.render import sample_issue

    ours = replace(sample_issue(), edition=edition.key, title=edition.title, language=edition.language)
    findings = _render_and_check(ours, edition, built.collection, built.number).findings
    return any(finding.code in codes for finding in blocking_findings(findings))


def _count_calls(progress: Progress, stage: str, of: int) -> Callable[[object], None]:
    """A progress that is told things, as one that is told numbers."""
    numbers = count(1)
    return lambda _: progress(stage, next(numbers), of)


def clean_all(
    raws: Sequence[Raw], *, now: datetime, progress: Progress = show_no_progress
) -> tuple[list[Article], list[Problem]]:
    """Every article that can be read, in order, and a problem for each document that cannot."""
    formats = registry.load_formats()
    articles: list[Article] = []
    problems: list[Problem] = []
    for done, raw in enumerate(raws, 1):
        try:
            articles += clean(raw, formats=formats, now=now)
        except RejectedError as error:
            problems.append(Problem(stage="clean", subject=f"{raw.source}: {raw.key}", message=str(error)))
        progress("clean", done, len(raws))
    return articles, problems


def issue_evidence(built: BuiltIssue) -> IssueEvidence:
    """Where every printed sentence stands, and what became of everything else the sources gave."""
    raws = {raw.key: raw for raw in built.collection.collected.raws}
    originals = {}
    for article in built.collection.articles:
        raw = raws.get(article.key) or raws.get(article.key.rpartition("#")[0])  # `#n`: one of several in a document
        if raw is not None:
            originals[article.key] = raw.body.decode("utf-8", "replace")
    return explain_issue(built.issue, built.collection.articles, originals)


def settled_fingerprints(built: BuiltIssue) -> dict[str, str]:
    """Article key -> fingerprint of everything that an issue decided on: told, named, merged, or left out for good."""
    return {
        article.key: article.fingerprint for article in built.collection.articles if article.key not in built.unsettled
    }


def remember_built_issue(built: BuiltIssue) -> RememberedIssue:
    """What the issue adds to the memory of its edition."""
    settled = (article for article in built.collection.articles if article.key not in built.unsettled)
    return remember_issue(built.issue, settled, built.memory)
