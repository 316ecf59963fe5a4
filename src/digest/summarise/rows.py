"""The door for other programs: one JSON object in, one out (docs/summaries.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from digest.summarise.selection import select
from digest.text.language import detect
from digest.text.rows import misfit
from digest.text.sentences import after_dateline, split

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.model import Budget
    from digest.summarise import Summariser

SAMPLE = 800  # characters that decide the language


class _Document(NamedTuple):
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
    language = str(row.get("language") or detect(_sample(several or [row])))
    if several is None:
        documents = [_document(row, None, language)]
    else:
        documents = [_document(one, str(one.get("id", number)), language) for number, one in enumerate(several)]
    texts = [document.sentences for document in documents]
    chosen = select(texts, summariser.choose(texts, budget, language), budget, language)
    rest = {key: value for key, value in row.items() if key not in ("text", "paragraphs", "sentences", "documents")}
    return {
        "id": row.get("id"),
        **rest,
        "sentences": [_answer(documents[number], place) for number, place in chosen],
    }


def _answer(document: _Document, place: int) -> dict[str, Any]:
    name = {} if document.name is None else {"document": document.name}
    return {"text": document.sentences[place], **name, **document.places[place]}


def _document(row: Mapping[str, Any], name: str | None, language: str) -> _Document:
    """The sentences of one document; given ones are kept as they are."""
    wrong = misfit(row)
    if wrong:
        raise ValueError(wrong)
    given: list[str] | None = row.get("sentences")
    if given is not None:
        return _Document(name, given, [{"start": 0, "end": len(sentence)} for sentence in given])
    paragraphs: list[str] | None = row.get("paragraphs")
    if paragraphs is None:
        text = row.get("text")
        if not isinstance(text, str):
            raise ValueError("a row needs text, paragraphs or sentences")
        spans = split(text, language)
        spans[:1] = map(after_dateline, spans[:1])
        return _Document(
            name, [span.text for span in spans], [{"start": span.start, "end": span.end} for span in spans]
        )
    found = [(number, span) for number, text in enumerate(paragraphs) for span in split(text, language)]
    found[:1] = [(number, after_dateline(span)) for number, span in found[:1]]
    places = [{"paragraph": number, "start": span.start, "end": span.end} for number, span in found]
    return _Document(name, [span.text for _, span in found], places)


def _sample(rows: list[Mapping[str, Any]]) -> str:
    """The beginning of the first document that has any text."""
    for row in rows:
        for key in ("sentences", "paragraphs", "text"):
            value = row.get(key)
            text = " ".join(map(str, value[:20])) if isinstance(value, list) else value
            if isinstance(text, str) and text.strip():
                return text[:SAMPLE]
    return ""
