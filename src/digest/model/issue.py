"""What goes out: an issue, its letter, its readers. The nouns of compose, render and delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest.model.documents import Problem
from digest.model.stories import Brief, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class TopLine:
    """A line of the table of contents: a story's headline, never a sentence of it."""

    article: str  # key of the story's lead
    text: str
    theme: str
    sources: int  # independent ones that tell it


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An article that came in and is not printed, and why."""

    id: str  # the article's key
    title: str
    url: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCounts:
    """What went in and what is printed."""

    articles: int
    stories: int  # printed, lines included
    words: int  # that a reader of the issue reads
    minutes: int  # reading time of the issue, at 230 words a minute, rounded, at least 1
    available: int = 0  # stories there were to choose from; 0: not counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of an edition, as data."""

    edition: str  # key in the configuration
    slot: str  # local date, with the time where a day has several: 2026-11-23 or 2026-11-23T08:00
    at: datetime  # aware: the issue's own time
    timezone: str  # IANA name: the zone of the edition
    language: str
    title: str
    subject: str
    preheader: str
    top: tuple[TopLine, ...]  # what is inside; empty in a short issue
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()
    counts: IssueCounts

    @property
    def id(self) -> str:
        """`<edition>/<slot>`, safe in paths: the colon of a time of day is left out."""
        return f"{self.edition}/{slot_path_name(self.slot)}"

    @property
    def briefs(self) -> tuple[Brief, ...]:
        return tuple(brief for section in self.sections for brief in section.briefs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An issue as it leaves: both parts complete but for the reader's own marks."""

    issue: str  # Issue.id
    slot: str
    at: datetime
    subject: str
    preheader: str
    html: str
    text: str
    language: str = "en"
    mark: str = "0reader0token0"  # stands in html and text where the reader's token goes, and nowhere else


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A subscriber."""

    email: str
    name: str | None = None
    language: str | None = None
    timezone: str | None = None
    themes: tuple[str, ...] = ()  # keys; empty means all


def slot_path_name(slot: str) -> str:
    """A slot as it stands in paths: `2026-11-23T08:00` -> `2026-11-23T0800`."""
    return slot.replace(":", "")
