"""The stage as JSON Lines see it: a row of input to a `Raw`, an article to a row of output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import UsageError
from digest.model import Article, Kind, Raw
from digest.text.dates import from_iso

if TYPE_CHECKING:
    from collections.abc import Mapping


def raw_from_row(row: Mapping[str, object]) -> Raw:
    """The document in a row {"id", "text" | "html" | "eml", "url"?, "title"?, "published"?}; UsageError else.

    Text with lone surrogates stands for undecodable bytes (PEP 383) and becomes those bytes again.
    """
    kinds = [kind for kind in Kind if row.get(kind.value) is not None]
    if not isinstance(row.get("id"), (str, int)) or len(kinds) != 1:
        raise UsageError('a row needs "id" and one of "text", "html", "eml"')
    content = row[kinds[0].value]
    if not isinstance(content, str):
        raise UsageError(f"{kinds[0].value} must be a string")
    published = from_iso(_text(row, "published"))
    return Raw(
        source="stdin",
        key=str(row["id"]),
        kind=kinds[0],
        body=_bytes(content),
        charset="utf-8",
        title=_text(row, "title"),
        url=_text(row, "url"),
        published=published,
    )


def row_from_article(article: Article) -> dict[str, object]:
    """The output row of one article; dates in ISO 8601 as they were printed."""
    return {
        "id": article.key,
        "title": article.title,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "publisher": article.publisher,
        "language": article.language,
        "standfirst": article.standfirst,
        "paragraphs": list(article.paragraphs),
        "dropped": [{"text": piece.text, "reason": piece.reason} for piece in article.dropped],
        "truncated": article.truncated,
        "low_confidence": article.low_confidence,
    }


def _text(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _bytes(content: str) -> bytes:
    try:
        return content.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return content.encode("utf-8", "replace")
