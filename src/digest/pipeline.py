"""The sentence: collect -> clean -> dedupe -> group -> edit -> summarise -> compose -> render -> check.

`build` turns sources into an issue and its letter; it reads no clock, writes nothing and, given the
same inputs and the same moment, gives the same bytes. Publishing and posting are `digest.delivery`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from digest import registry
from digest.errors import RejectedError
from digest.mail.message import write
from digest.model import Article, Issue, Letter, Problem, Raw, Reader, Story
from digest.stages.check import Finding, blame, check, check_message, errors_of, literals_of
from digest.stages.clean import clean
from digest.stages.collect import Collected, Visit, collect
from digest.stages.compose import abridged, compose, fresh
from digest.stages.dedupe import dedupe
from digest.stages.edit import Edit, edit, retitle
from digest.stages.explain import Evidence, explain
from digest.stages.group import group
from digest.stages.summarise import summarise

if TYPE_CHECKING:
    from digest.config import Edition

MOST_VARIANTS = 200  # letters of one issue for readers of other languages and themes

Progress = Callable[[str, int, int], None]  # stage, done, of


def silent(stage: str, done: int, of: int) -> None:
    """The progress that shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the sources gave, read and cleaned: everything that an issue is made from."""

    collected: Collected
    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]  # sources and documents that could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """An issue with all that was made on the way."""

    issue: Issue
    letter: Letter
    gathered: Gathered
    findings: tuple[Finding, ...]
    number: int | None = None  # in its series; None: made by hand

    @property
    def empty(self) -> bool:
        """True when there is no story to print."""
        return not self.issue.briefs


def gather(edition: Edition, *, visit: Visit, progress: Progress = silent) -> Gathered:
    """Ask every source of an edition, and read and clean what they give."""
    visit = replace(visit, suffixes=registry.kinds_by_suffix())
    collected = collect(edition.sources, visit, progress=_counted(progress, "collect", len(edition.sources)))
    articles, unclean = clean_all(collected.raws, now=visit.now, progress=progress)
    return Gathered(collected=collected, articles=tuple(articles), problems=(*collected.problems, *unclean))


def build(
    edition: Edition,
    gathered: Gathered,
    *,
    slot: str,
    at: datetime,
    printed: Mapping[str, str] | None = None,
    edits: Sequence[Edit] = (),
    number: int | None = None,
) -> Pressed:
    """The issue of one slot from all that was gathered for the edition; `at` is the issue's own time.

    `printed` (article key -> fingerprint) leaves out what readers had before; None prints everything.
    `edits` are an editor's decisions, `number` is the issue's number in its series. Expected trouble with a source or an article is in `issue.problems`.
    """
    stories = dedupe(gathered.articles, prefer=edition.prefer)
    stories = stories if printed is None else fresh(stories, printed)
    themes = edit(group(stories, edition.grouper), edits, names=edition.theme_names)
    sections = [
        summarise(theme, edition.summariser, budget=edition.budget, section_budget=edition.section_budget)
        for theme in themes
    ]
    issue = compose(
        retitle(sections, edits),
        edition=edition.key,
        slot=slot,
        at=at,
        timezone=edition.timezone,
        language=edition.language,
        title=edition.title,
        problems=gathered.problems,
        articles=len(gathered.articles),
    )
    return _sound(_judged(issue, edition, gathered, number), edition)


def _judged(issue: Issue, edition: Edition, gathered: Gathered, number: int | None) -> Pressed:
    """An issue printed, with what the gate says of its letter, and against the message made of it."""
    letter = edition.renderer.render(issue, number=number)
    envelope = replace(edition.envelope, dkim=None)
    message = write(letter, envelope, Reader(email=envelope.address), token="0" * 32)  # as long as a real one
    findings = dict.fromkeys((*check(letter, issue), *errors_of(check_message(message, literals_of(issue)))))
    return Pressed(issue=issue, letter=letter, gathered=gathered, findings=tuple(findings), number=number)


def _sound(pressed: Pressed, edition: Edition) -> Pressed:
    """The issue without the stories whose texts the gate refuses, each a problem; unchanged when no story explains it."""
    errors, issue = errors_of(pressed.findings), pressed.issue

    def printed(keys: Sequence[str], problems: Sequence[Problem] = ()) -> Pressed:
        rest = replace(_only(issue, keys), problems=(*issue.problems, *problems))
        return _judged(rest, edition, pressed.gathered, pressed.number)

    if not errors or _refuses_anything(edition, pressed, {finding.code for finding in errors}):
        return pressed
    keys = [brief.story.key for brief in issue.briefs]
    blamed = blame(keys, lambda some: bool(errors_of(printed(some).findings)))
    reasons = [(key, (*errors_of(printed([key]).findings), *errors)[0]) for key in blamed]
    said = [(key, f"left out: the gate refuses it: {why.code}: {why.message}") for key, why in reasons]
    left_out = [Problem(stage="check", subject=key, message=message) for key, message in said]
    return printed([key for key in keys if key not in blamed], left_out) if blamed else pressed


def _only(issue: Issue, keys: Collection[str]) -> Issue:
    """The issue composed anew of these of its stories."""
    sections = []
    for section in issue.sections:
        briefs = tuple(brief for brief in section.briefs if brief.story.key in keys)
        quotable = {article.key for brief in briefs for article in brief.story.articles}
        common = tuple(sentence for sentence in section.brief if sentence.article in quotable)
        sections.append(replace(section, briefs=briefs, brief=common))
    return abridged(replace(issue, sections=tuple(sections))) or issue


def _refuses_anything(edition: Edition, pressed: Pressed, codes: Collection[str]) -> bool:
    """Whether an issue of ours fails for the same reasons: then it is the template or the envelope, and no story."""
    from digest.stages.render import sample

    ours = replace(sample(), edition=edition.key, title=edition.title, language=edition.language)
    findings = _judged(ours, edition, pressed.gathered, pressed.number).findings
    return any(finding.code in codes for finding in errors_of(findings))


def _counted(progress: Progress, stage: str, of: int) -> Callable[[object], None]:
    """A progress that is told things, as one that is told numbers."""
    numbers = count(1)
    return lambda _: progress(stage, next(numbers), of)


def clean_all(
    raws: Sequence[Raw], *, now: datetime, progress: Progress = silent
) -> tuple[list[Article], list[Problem]]:
    """Every article that can be read, in order, and a problem for each document that cannot."""
    formats = registry.formats()
    articles: list[Article] = []
    problems: list[Problem] = []
    for done, raw in enumerate(raws, 1):
        try:
            articles += clean(raw, formats=formats, now=now)
        except RejectedError as error:
            problems.append(Problem(stage="clean", subject=f"{raw.source}: {raw.key}", message=str(error)))
        progress("clean", done, len(raws))
    return articles, problems


def variant_of(reader: Reader) -> str:
    """Which letter of an issue a reader gets: "" is the whole one in the edition's language."""
    themes = ",".join(sorted({theme.casefold() for theme in reader.themes}))
    return f"{reader.language or ''}|{themes}" if reader.language or themes else ""


def variants(pressed: Pressed, edition: Edition) -> dict[str, Letter | None]:
    """The letters that the edition's readers need, by variant; None where the issue holds nothing for them.

    Beyond MOST_VARIANTS a wish is answered with the whole issue, rather than with another hundred renderings.
    """
    letters: dict[str, Letter | None] = {"": pressed.letter}
    for reader in edition.readers:
        variant = variant_of(reader)
        if variant in letters:
            continue
        if len(letters) >= MOST_VARIANTS:
            letters[variant] = pressed.letter
            continue
        issue = abridged(pressed.issue, themes=reader.themes, language=reader.language)
        letters[variant] = None if issue is None else _variant(pressed, issue, edition)
    return letters


def _variant(pressed: Pressed, issue: Issue, edition: Edition) -> Letter:
    """The letter of an abridged issue; the whole one, which passed the gate, when the abridged one does not."""
    letter = edition.renderer.render(issue, number=pressed.number)
    return pressed.letter if errors_of(check(letter, issue)) else letter


def evidence(pressed: Pressed) -> Evidence:
    """Where every printed sentence stands, and what became of everything else the sources gave."""
    raws = {raw.key: raw for raw in pressed.gathered.collected.raws}
    originals = {}
    for article in pressed.gathered.articles:
        raw = raws.get(article.key) or raws.get(article.key.rpartition("#")[0])  # `#n`: one of several in a document
        if raw is not None:
            originals[article.key] = raw.body.decode("utf-8", "replace")
    return explain(pressed.issue, pressed.gathered.articles, originals)


def stories_printed(issue: Issue) -> dict[str, str]:
    """Article key -> fingerprint of everything that an issue prints, for `printed` of later ones."""
    stories: list[Story] = [brief.story for brief in issue.briefs]
    return {article.key: article.fingerprint for story in stories for article in story.articles}
