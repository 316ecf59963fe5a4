"""An article out of one JSON Lines row, as the stages read it on their own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from digest.model import Article

if TYPE_CHECKING:
    from collections.abc import Mapping

EARLIEST, LATEST = 1000, 9000  # years beyond which a date cannot be moved between zones, nor meant


def misfit(row: Mapping[str, object]) -> str | None:
    """Why a row is of another shape than every stage expects, or None: `text` is a string, `paragraphs` are strings."""
    if not isinstance(row.get("text", ""), (str, type(None))):
        return "text must be a string"
    for name in ("paragraphs", "sentences"):
        value = row.get(name)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            return f"{name} must be a list of strings"
    return None


def article_misfit(row: Mapping[str, object]) -> str | None:
    """Why a row is no article to compare or to place, or None; a title alone is one."""
    if row.get("text") is None and row.get("paragraphs") is None and not _text(row, "title"):
        return "a row needs text, paragraphs or a title"
    return misfit(row)


def article(row: Mapping[str, object], language: str = "en") -> Article:
    """The article of a row `{"id","title"?,"text"|"paragraphs","url"?,"published"?,...}`.

    Every line of `text` is a paragraph. Values of the wrong kind count as missing; the date is ISO 8601.
    """
    paragraphs = row.get("paragraphs")
    if not isinstance(paragraphs, list | tuple):
        paragraphs = (_text(row, "text") or "").split("\n")
    return Article(
        key=str(row.get("id")),
        source=_text(row, "source") or "",
        title=_text(row, "title"),
        paragraphs=tuple(line.strip() for line in map(str, paragraphs) if line.strip()),
        standfirst=_text(row, "standfirst"),
        byline=_text(row, "byline"),
        publisher=_text(row, "publisher"),
        url=_text(row, "url"),
        published=_moment(_text(row, "published")),
        language=_text(row, "language") or language,
        truncated=row.get("truncated") is True,
    )


def _text(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _moment(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment if EARLIEST <= moment.year <= LATEST else None
