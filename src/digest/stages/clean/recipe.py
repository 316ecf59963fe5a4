"""The recipe: seven steps from a draft to an article. Each step only drops lines or harvests what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import RejectedError
from digest.model import Article, Draft, Raw
from digest.stages.clean.captions import mark_captions
from digest.stages.clean.comments import mark_comments
from digest.stages.clean.head import read_head
from digest.stages.clean.lines import TAKEN, Page, lay_out
from digest.stages.clean.marks import furniture, says_cut
from digest.stages.clean.runs import cut_runs
from digest.stages.clean.tail import read_tail
from digest.stages.clean.teasers import mark_teasers
from digest.stages.clean.trim import trim
from digest.text.boilerplate import labels, loose
from digest.text.dates import plausible
from digest.text.language import detect
from digest.text.normalise import normalise, one_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

ENOUGH = 0.4  # share of the characters that must survive in a text that is no page; else the gentle pass
MAX_LINES = 20_000


def to_article(raw: Raw, draft: Draft, *, now: datetime | None, furniture: Collection[str]) -> Article:
    """The article in `draft`; RejectedError when nothing usable is left."""
    page = draft_page(raw, draft, now)
    _steps(page, draft, furniture)
    if not _enough(page):
        page = draft_page(raw, draft, now)
        _gentle(page, furniture)
    paragraphs = tuple(page.lines[index] for index in page.kept())
    if not paragraphs:
        raise RejectedError("no article text: only furniture")
    return _article(raw, draft, page, paragraphs)


def draft_page(raw: Raw, draft: Draft, now: datetime | None) -> Page:
    """The draft's lines on a page, with what its format and its source say about it."""
    lines = normalise("\n".join(draft.lines[:MAX_LINES])).split("\n")
    language = draft.language or detect("\n".join(line for line in lines if len(line) > 60) or "\n".join(lines))
    page = lay_out(lines, labels(language), language, now)
    page.title = one_line(raw.title) or one_line(draft.title)
    page.byline, page.publisher = one_line(draft.byline), one_line(draft.publisher)
    page.standfirst = one_line(draft.standfirst, 1000)
    page.published = plausible(raw.published, now) or plausible(draft.published, now)
    page.truncated = draft.truncated or len(draft.lines) > MAX_LINES
    return page


def _steps(page: Page, draft: Draft, known: Collection[str]) -> None:
    mark_certain(page, known)
    if draft.framed:
        trim(page)
    read_head(page)
    read_tail(page)
    page.drop_pending()
    _once(page)


def mark_certain(page: Page, known: Collection[str]) -> None:
    """Drop what is furniture by its own words and shape, wherever it stands."""
    cut_runs(page)
    _mark(page, known)
    mark_captions(page)
    mark_teasers(page)
    mark_comments(page)


def _gentle(page: Page, known: Collection[str]) -> None:
    """Only what is furniture beyond doubt goes: better a stray line than a lost poem."""
    page.unsure = True
    cut_runs(page)
    _mark(page, known)


def _mark(page: Page, known: Collection[str]) -> None:
    recurring = {key for line in known if (key := loose(line))}
    for index, line in enumerate(page.lines):
        reason = "recurring line" if recurring and loose(line) in recurring else furniture(line, page.labels)
        if reason:
            page.drop(index, reason)
        if reason == "continue" or says_cut(line, page.labels):
            page.truncated = page.truncated or index > len(page.lines) - 12


def _once(page: Page) -> None:
    """A long line that stands twice in one document stays once; refrains and questions are left alone."""
    seen = {loose(page.standfirst)} if page.standfirst else set()
    for index in page.kept():
        line = page.lines[index]
        key = loose(line) if len(line) >= 60 else ""
        if len(key) >= 60 and key in seen and not page.lines[index].endswith(("?", "？", "؟")):
            page.drop(index, "repeated")
        seen.add(key)


def _enough(page: Page) -> bool:
    if any(reason == "page furniture" for reason in page.reasons):
        return bool(page.kept())
    ignored = {"separator", "title", "teaser", "notice", "share", TAKEN}
    total = sum(len(line) for line, reason in zip(page.lines, page.reasons, strict=True) if reason not in ignored)
    return sum(len(page.lines[index]) for index in page.kept()) >= ENOUGH * total > 0


def _article(raw: Raw, draft: Draft, page: Page, paragraphs: tuple[str, ...]) -> Article:
    return Article(
        key=draft.key,
        source=raw.source,
        title=page.title,
        paragraphs=paragraphs,
        standfirst=page.standfirst,
        byline=one_line(page.byline, 200),
        publisher=one_line(page.publisher, 120),
        url=raw.url or draft.url,
        published=page.published,
        language=draft.language or detect("\n".join(paragraphs)),
        truncated=page.truncated,
        low_confidence=page.unsure,
        dropped=(*draft.dropped, *page.dropped()),
    )
