"""What a template draws: an issue as plain, clean values. Template authors read this file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A verbatim sentence."""

    text: str
    lang: str
    dir: str  # rtl or auto
    source: str  # who said it
    url: str | None  # where


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditView:
    """Another article that tells the same story."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story."""

    title: str
    url: str | None  # None when the article has no public address
    lang: str
    dir: str
    update: bool  # readers had this story before
    sentences: tuple[str, ...]
    source: str  # who published it
    details: tuple[str, ...]  # author, date, minutes
    also: tuple[CreditView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """A theme with its stories: cards first, then bare links, then a number."""

    id: str  # unique in the page: t1, t2, ...
    name: str
    brief: tuple[QuoteView, ...]
    cards: tuple[StoryView, ...]
    shorts: tuple[StoryView, ...] = ()  # stories that are only a link, because the size is bounded
    more: int = 0  # stories that are not even that


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """One running story of the coverage strip."""

    name: str  # its headline
    cells: tuple[str, ...]  # for each day how many sources told it, or empty
    line: str  # the same in words, for the text edition


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageView:
    """How much was told of what, when: running stories down, the last seven days across."""

    themes: tuple[str, ...]  # the days; the name is that of releases before 0.2, for templates made then
    rows: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """Everything a template may print."""

    language: str
    dir: str
    subject: str
    preheader: str
    padding: str  # keeps the body's text out of the inbox line
    title: str
    tagline: str | None
    meta: tuple[str, ...]  # number and date
    minutes: int
    logo: str | None
    logo_width: int
    home: str | None
    archive: str | None
    unsubscribe: str
    preferences: str | None
    top: tuple[QuoteView, ...]
    themes: tuple[ThemeView, ...]
    more: int  # stories of themes that had no room at all
    coverage: CoverageView | None
    end: str
    verbatim: str
    why: str
    footer: tuple[str, ...]
