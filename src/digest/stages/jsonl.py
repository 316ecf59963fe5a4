"""The stages as JSON Lines: an input row to the stage's nouns, its result to an output row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from digest.errors import UsageError
from digest.model import OTHER_NAME, Article, DocumentKind, Raw, Story
from digest.stages.dedupe import match_articles
from digest.stages.group import place_stories
from digest.stages.summarise.selection import select_sentences
from digest.text.dates import parse_iso_date
from digest.text.language import detect_language
from digest.text.sentences import split_sentences, strip_dateline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Budget, Placement
    from digest.stages.group import Grouper
    from digest.stages.summarise import Summariser

MIN_YEAR, MAX_YEAR = 1000, 9000  # years beyond which a date cannot be moved between zones, nor meant


def row_fault(row: Mapping[str, object]) -> str | None:
    """Why a row is of another shape than every stage expects, or None: `text` is a string, `paragraphs` are strings."""
    if not isinstance(row.get("text", ""), (str, type(None))):
        return "text must be a string"
    for name in ("paragraphs", "sentences"):
        value = row.get(name)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            return f"{name} must be a list of strings"
    return None


def article_row_fault(row: Mapping[str, object]) -> str | None:
    """Why a row is no article to compare or to place, or None; a title alone is one."""
    if row.get("text") is None and row.get("paragraphs") is None and not _stripped_text(row, "title"):
        return "a row needs text, paragraphs or a title"
    return row_fault(row)


def article_from_row(row: Mapping[str, object], language: str = "en") -> Article:
    """The article of a row `{"id","title"?,"text"|"paragraphs","url"?,"published"?,...}`.

    Every line of `text` is a paragraph. Values of the wrong kind count as missing; the date is ISO 8601.
    """
    paragraphs = row.get("paragraphs")
    if not isinstance(paragraphs, list | tuple):
        paragraphs = (_stripped_text(row, "text") or "").split("\n")
    return Article(
        key=str(row.get("id")),
        source=_stripped_text(row, "source") or "",
        title=_stripped_text(row, "title"),
        paragraphs=tuple(line.strip() for line in map(str, paragraphs) if line.strip()),
        standfirst=_stripped_text(row, "standfirst"),
        byline=_stripped_text(row, "byline"),
        publisher=_stripped_text(row, "publisher"),
        url=_stripped_text(row, "url"),
        published=_parse_timestamp(_stripped_text(row, "published")),
        language=_stripped_text(row, "language") or language,
        truncated=row.get("truncated") is True,
    )


def _stripped_text(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _parse_timestamp(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment if MIN_YEAR <= moment.year <= MAX_YEAR else None


def raw_from_row(row: Mapping[str, object]) -> Raw:
    """The document in a row {"id", "text" | "html" | "eml", "url"?, "title"?, "published"?}; UsageError else.

    Text with lone surrogates stands for undecodable bytes (PEP 383) and becomes those bytes again.
    """
    kinds = [kind for kind in DocumentKind if row.get(kind.value) is not None]
    if not isinstance(row.get("id"), (str, int)) or len(kinds) != 1:
        raise UsageError('a row needs "id" and one of "text", "html", "eml"')
    content = row[kinds[0].value]
    if not isinstance(content, str):
        raise UsageError(f"{kinds[0].value} must be a string")
    published = parse_iso_date(_nonblank_text(row, "published"))
    return Raw(
        source="stdin",
        key=str(row["id"]),
        kind=kinds[0],
        body=_encode_content(content),
        charset="utf-8",
        title=_nonblank_text(row, "title"),
        url=_nonblank_text(row, "url"),
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


def _nonblank_text(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _encode_content(content: str) -> bytes:
    try:
        return content.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return content.encode("utf-8", "replace")


def dedupe_rows(rows: Sequence[Mapping[str, object]], *, prefer: Sequence[str] = ()) -> list[dict[str, object]]:
    """The rows of a JSON Lines stage with `story` (id of the lead), `relation` and `overlap` added."""
    return [
        {**row, "story": rows[verdict.lead].get("id"), "relation": verdict.relation.value, "overlap": verdict.overlap}
        for row, verdict in zip(
            rows, match_articles([article_from_row(row) for row in rows], prefer=prefer), strict=True
        )
    ]


STORY_SAMPLE = 3000  # characters that tell the language of a row


def group_rows(rows: Sequence[Mapping[str, object]], grouper: Grouper) -> list[dict[str, object]]:
    """The rows of a JSON Lines stage with `event`, `theme`, `secondary`, `score` and `why` added."""
    read = [article_from_row(row, language="") for row in rows]
    stories = [Story(lead=one if one.language else _with_language(one)) for one in read]
    return [
        {**row, **_placement_row(placement)}
        for row, placement in zip(rows, place_stories(stories, grouper), strict=True)
    ]


def _placement_row(placement: Placement) -> dict[str, object]:
    return {
        "event": placement.event,
        "theme": placement.name if placement.theme else OTHER_NAME,
        "secondary": list(placement.secondary),
        "score": placement.score,
        "why": [{"term": why.term, "weight": why.weight, "where": why.where} for why in placement.why],
    }


def _with_language(one: Article) -> Article:
    return replace(one, language=detect_language(f"{one.title or ''}\n{one.text[:STORY_SAMPLE]}"))


LANGUAGE_SAMPLE_CHARACTERS = 800  # characters that decide the language


class _RowDocument(NamedTuple):
    name: str | None  # None in a row of one document
    sentences: list[str]
    places: list[dict[str, int]]  # start and end, and the paragraph where there are paragraphs


def summarise_row(row: Mapping[str, Any], summariser: Summariser, budget: Budget) -> dict[str, Any]:
    """Answer one row of `digest stage summarise`: the row's other keys and `sentences`.

    Takes `text`, `paragraphs` or `sentences` (these are kept as they are), or `documents`, a list of such objects.
    `start` and `end` are code points in the text, in the paragraph numbered `paragraph`, or in the sentence.
    Raises ValueError for a row of another shape.
    """
    several = row.get("documents")
    if several is not None and not (isinstance(several, list) and all(isinstance(one, dict) for one in several)):
        raise ValueError("documents must be a list of objects")
    language = str(row.get("language") or detect_language(_language_sample(several or [row])))
    if several is None:
        documents = [_read_row_document(row, None, language)]
    else:
        documents = [
            _read_row_document(one, str(one.get("id", number)), language) for number, one in enumerate(several)
        ]
    texts = [document.sentences for document in documents]
    chosen = select_sentences(texts, summariser.choose(texts, budget, language), budget, language)
    rest = {key: value for key, value in row.items() if key not in ("text", "paragraphs", "sentences", "documents")}
    return {
        "id": row.get("id"),
        **rest,
        "sentences": [_sentence_row(documents[number], place) for number, place in chosen],
    }


def _sentence_row(document: _RowDocument, place: int) -> dict[str, Any]:
    name = {} if document.name is None else {"document": document.name}
    return {"text": document.sentences[place], **name, **document.places[place]}


def _read_row_document(row: Mapping[str, Any], name: str | None, language: str) -> _RowDocument:
    """The sentences of one document; given ones are kept as they are."""
    wrong = row_fault(row)
    if wrong:
        raise ValueError(wrong)
    given: list[str] | None = row.get("sentences")
    if given is not None:
        return _RowDocument(name, given, [{"start": 0, "end": len(sentence)} for sentence in given])
    paragraphs: list[str] | None = row.get("paragraphs")
    if paragraphs is None:
        text = row.get("text")
        if not isinstance(text, str):
            raise ValueError("a row needs text, paragraphs or sentences")
        spans = split_sentences(text, language)
        spans[:1] = map(strip_dateline, spans[:1])
        return _RowDocument(
            name, [span.text for span in spans], [{"start": span.start, "end": span.end} for span in spans]
        )
    found = [(number, span) for number, text in enumerate(paragraphs) for span in split_sentences(text, language)]
    found[:1] = [(number, strip_dateline(span)) for number, span in found[:1]]
    places = [{"paragraph": number, "start": span.start, "end": span.end} for number, span in found]
    return _RowDocument(name, [span.text for _, span in found], places)


def _language_sample(rows: list[Mapping[str, Any]]) -> str:
    """The beginning of the first document that has any text."""
    for row in rows:
        for key in ("sentences", "paragraphs", "text"):
            value = row.get(key)
            text = " ".join(map(str, value[:20])) if isinstance(value, list) else value
            if isinstance(text, str) and text.strip():
                return text[:LANGUAGE_SAMPLE_CHARACTERS]
    return ""
