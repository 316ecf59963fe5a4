"""The recipe: seven steps from a draft to an article. Each step only drops lines or harvests what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import RejectedError
from digest.model import Article, Draft, Raw
from digest.stages.clean.captions import drop_captions
from digest.stages.clean.comments import drop_comments
from digest.stages.clean.head import extract_head
from digest.stages.clean.lines import TAKEN_REASON, DocumentLines, build_document_lines
from digest.stages.clean.marks import boilerplate_reason, says_truncated
from digest.stages.clean.runs import cut_link_runs
from digest.stages.clean.tail import extract_tail
from digest.stages.clean.teasers import drop_teasers
from digest.stages.clean.trim import trim_to_article
from digest.text.boilerplate import comparison_key, phrase_lists
from digest.text.dates import plausible_date
from digest.text.language import detect_language
from digest.text.normalise import normalise_text, one_line

if TYPE_CHECKING:
    from datetime import datetime

MIN_KEPT_SHARE = 0.4  # share of the characters that must survive in a text that is no page; else the gentle pass
MAX_LINES = 20_000


def article_from_draft(raw: Raw, draft: Draft, *, now: datetime | None) -> Article:
    """The article in `draft`; RejectedError when nothing usable is left."""
    page = document_from_draft(raw, draft, now)
    _run_steps(page, draft)
    if not _has_kept_enough(page):
        page = document_from_draft(raw, draft, now)
        _clean_gently(page)
    paragraphs = tuple(page.lines[index] for index in page.kept_indexes())
    if not paragraphs:
        raise RejectedError("no article text: only boilerplate")
    return _build_article(raw, draft, page, paragraphs)


def document_from_draft(raw: Raw, draft: Draft, now: datetime | None) -> DocumentLines:
    """The draft's lines on a page, with what its format and its source say about it."""
    lines = normalise_text("\n".join(draft.lines[:MAX_LINES])).split("\n")
    language = draft.language or detect_language(
        "\n".join(line for line in lines if len(line) > 60) or "\n".join(lines)
    )
    page = build_document_lines(lines, phrase_lists(language), language, now)
    page.title = one_line(raw.title) or one_line(draft.title)
    page.byline, page.publisher = one_line(draft.byline), one_line(draft.publisher)
    page.standfirst = one_line(draft.standfirst, 1000)
    page.published = plausible_date(raw.published, now) or plausible_date(draft.published, now)
    page.truncated = draft.truncated or len(draft.lines) > MAX_LINES
    return page


def _run_steps(page: DocumentLines, draft: Draft) -> None:
    drop_certain_boilerplate(page)
    if draft.framed:
        trim_to_article(page)
    extract_head(page)
    extract_tail(page)
    page.drop_pending()
    _drop_repeated_lines(page)


def drop_certain_boilerplate(page: DocumentLines) -> None:
    """Drop what is furniture by its own words and shape, wherever it stands."""
    cut_link_runs(page)
    _drop_boilerplate_lines(page)
    drop_captions(page)
    drop_teasers(page)
    drop_comments(page)


def _clean_gently(page: DocumentLines) -> None:
    """Only what is furniture beyond doubt goes: better a stray line than a lost poem."""
    page.unsure = True
    cut_link_runs(page)
    _drop_boilerplate_lines(page)


def _drop_boilerplate_lines(page: DocumentLines) -> None:
    for index, line in enumerate(page.lines):
        reason = boilerplate_reason(line, page.labels)
        if reason:
            page.drop_line(index, reason)
        if reason == "continue" or says_truncated(line, page.labels):
            page.truncated = page.truncated or index > len(page.lines) - 12


def _drop_repeated_lines(page: DocumentLines) -> None:
    """A long line that stands twice in one document stays once; refrains and questions are left alone."""
    seen = {comparison_key(page.standfirst)} if page.standfirst else set()
    for index in page.kept_indexes():
        line = page.lines[index]
        key = comparison_key(line) if len(line) >= 60 else ""
        if len(key) >= 60 and key in seen and not page.lines[index].endswith(("?", "？", "؟")):
            page.drop_line(index, "repeated")
        seen.add(key)


def _has_kept_enough(page: DocumentLines) -> bool:
    if any(reason == "page furniture" for reason in page.reasons):
        return bool(page.kept_indexes())
    ignored = {"separator", "title", "teaser", "notice", "share", TAKEN_REASON}
    total = sum(len(line) for line, reason in zip(page.lines, page.reasons, strict=True) if reason not in ignored)
    return sum(len(page.lines[index]) for index in page.kept_indexes()) >= MIN_KEPT_SHARE * total > 0


def _build_article(raw: Raw, draft: Draft, page: DocumentLines, paragraphs: tuple[str, ...]) -> Article:
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
        language=draft.language or detect_language("\n".join(paragraphs)),
        truncated=page.truncated,
        low_confidence=page.unsure,
        dropped=(*draft.dropped, *page.dropped_pieces()),
    )
