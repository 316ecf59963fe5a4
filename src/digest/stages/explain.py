"""explain: where every printed sentence stands, and what became of everything else.

    Issue + articles + what the sources gave -> Evidence

What was removed from an article is put back where it was found, so that an editor reads the page as it came, with the
removed parts marked. Pure; the same input gives the same evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from digest.model import Article, Issue, RelatedArticle

SEARCH_HEAD_CHARACTERS = 60  # characters of a piece that are looked for
MAX_MISSES = 200  # searches through a whole document that may fail: keeps the work linear
TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPiece:
    """A part of a document in its place: a paragraph that was kept, or what was judged not to be the article."""

    text: str
    paragraph: int | None = None  # index into Article.paragraphs; None when it was dropped
    reason: str = ""  # why it was dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """An article that tells a printed story again."""

    article: str  # key
    title: str
    publisher: str
    relation: str  # copy, excerpt, update
    overlap: float  # share of the shorter text found in the lead, 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEvidence:
    """One article as it came: kept and dropped pieces in reading order."""

    key: str
    title: str  # empty when it has none
    source: str
    publisher: str
    url: str
    low_confidence: bool
    truncated: bool
    pieces: tuple[DocumentPiece, ...]
    lead: str  # key of the lead of its story; its own when it leads; empty when no story prints it
    told: tuple[Retelling, ...] = ()  # of a lead: who else tells it


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueEvidence:
    """Everything that an issue was made from, in the order in which the sources gave it."""

    issue: str
    documents: tuple[DocumentEvidence, ...]

    def find_document(self, key: str) -> DocumentEvidence | None:
        return next((document for document in self.documents if document.key == key), None)

    @property
    def unprinted_documents(self) -> tuple[DocumentEvidence, ...]:
        """Articles of which no story was printed."""
        return tuple(document for document in self.documents if not document.lead)


def explain_issue(
    issue: Issue, articles: Sequence[Article], originals: Mapping[str, str] | None = None
) -> IssueEvidence:
    """The evidence of an issue; `originals` (article key -> text of the document as it came) places what was dropped."""
    leads = {article.key: brief.story.key for brief in issue.briefs for article in brief.story.articles}
    told = {brief.story.key: brief.story.others for brief in issue.briefs}
    given = originals or {}
    documents = (
        _document_evidence(article, given.get(article.key, ""), leads.get(article.key, ""), told.get(article.key, ()))
        for article in articles
    )
    return IssueEvidence(issue=issue.id, documents=tuple(documents))


def evidence_as_data(evidence: IssueEvidence) -> dict[str, Any]:
    """The evidence as JSON types, for `explain.json`."""
    return asdict(evidence)


def parse_evidence(data: Any) -> IssueEvidence | None:
    """What `evidence_as_data` gave; None when it is something else."""
    try:
        documents = tuple(
            DocumentEvidence(
                **{
                    **document,
                    "pieces": tuple(DocumentPiece(**piece) for piece in document["pieces"]),
                    "told": tuple(Retelling(**told) for told in document["told"]),
                }
            )
            for document in data["documents"]
        )
        return IssueEvidence(issue=str(data["issue"]), documents=documents)
    except (KeyError, TypeError):
        return None


def _document_evidence(article: Article, original: str, lead: str, told: Sequence[RelatedArticle]) -> DocumentEvidence:
    return DocumentEvidence(
        key=article.key,
        title=article.title or "",
        source=article.source,
        publisher=article.publisher or "",
        url=article.url or "",
        low_confidence=article.low_confidence,
        truncated=article.truncated,
        pieces=tuple(kept_and_dropped_pieces(article, original)),
        lead=lead,
        told=tuple(
            Retelling(
                article=other.article.key,
                title=other.article.title or "",
                publisher=other.article.publisher or other.article.source,
                relation=other.relation.value,
                overlap=round(other.overlap, 3),
            )
            for other in told
        ),
    )


def kept_and_dropped_pieces(article: Article, original: str = "") -> list[DocumentPiece]:
    """Paragraphs and dropped pieces in the order in which they stand in `original`.

    A dropped piece whose place cannot be found comes last; the order of paragraphs is never changed.
    """
    kept = [DocumentPiece(text=text, paragraph=number) for number, text in enumerate(article.paragraphs)]
    dropped = [DocumentPiece(text=piece.text, reason=piece.reason) for piece in article.dropped]
    text = _flatten_text(original)
    starts = list(_rising_places(_find_places(text, (piece.text for piece in kept))))
    places = list(_find_places(text, (piece.text for piece in dropped)))
    keyed = [(start, 0, number, piece) for number, (start, piece) in enumerate(zip(starts, kept, strict=True))]
    end = len(text) + 1
    keyed += [
        (end if place is None else place, 1, number, piece)
        for number, (place, piece) in enumerate(zip(places, dropped, strict=True))
    ]
    return [piece for *_, piece in sorted(keyed, key=lambda item: item[:3])]


def _flatten_text(text: str) -> str:
    """The text of a document in one line; tags, if it has any, become spaces."""
    return " ".join(TAG.sub(" ", text).split())


def _find_places(text: str, wanted: Iterable[str]) -> Iterator[int | None]:
    """Where each piece begins in `text`: after the one before if it is there, else anywhere; None when it is not."""
    cursor, misses = 0, 0
    for piece in wanted:
        head = _flatten_text(piece)[:SEARCH_HEAD_CHARACTERS]
        place = text.find(head, cursor) if head and misses < MAX_MISSES else -1
        if place < 0 and head and misses < MAX_MISSES:
            misses += 1
            place = text.find(head)
        if place >= 0:
            cursor = place
        yield place if place >= 0 else None


def _rising_places(places: Iterable[int | None]) -> Iterator[int]:
    """The places, none before its predecessor: paragraphs keep their order, and one not found follows the last."""
    highest = 0
    for place in places:
        highest = max(highest, place or 0)
        yield highest
