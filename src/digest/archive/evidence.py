"""The explain tab: one sentence in its article, one story with its copies, one theme with its terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from digest.archive.outline import PrintedIssue, PrintedSentence, PrintedStory, PrintedTheme
    from digest.stages.explain import DocumentEvidence, DocumentPiece, IssueEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """A stretch of a paragraph: printed in the issue, or not."""

    text: str
    place: str = ""  # `3-120` when it is printed
    here: bool = False  # this is the sentence that was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPiece:
    """A piece of a document as shown."""

    runs: tuple[TextRun, ...]
    number: int | None = None  # of the paragraph, from 1; None when the piece was dropped
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationRequest:
    """What the address asks to have explained."""

    document: DocumentEvidence | None = None
    shown: tuple[ShownPiece, ...] = ()
    entry: PrintedStory | None = None  # the story that prints it
    part: PrintedTheme | None = None  # its theme, or the theme that was asked for
    place: str = ""  # of the sentence
    missing: str = ""  # a key that is not in the evidence

    @property
    def kind(self) -> str:
        if self.missing:
            return "missing"
        if self.document:
            return "document"
        return "theme" if self.part else "all"


def parse_explanation_request(
    query: Mapping[str, Any], issue: PrintedIssue, evidence: IssueEvidence | None
) -> ExplanationRequest:
    """The answer to `?article=KEY&at=3-120`, to `?theme=KEY`, or to nothing."""
    key, theme = str(query.get("article", "")), str(query.get("theme", ""))
    place = str(query.get("at", ""))
    if key:
        document = evidence.find_document(key) if evidence else None
        found = _find_printed_story(issue, document.lead if document else key)
        if document is None:
            return ExplanationRequest(missing=key, entry=found[1] if found else None)
        part, entry = found or (None, None)
        shown = tuple(pieces_with_quotations(document, issue, place))
        return ExplanationRequest(document=document, shown=shown, part=part, entry=entry, place=place)
    part = next((part for part in issue.parts if part.key == theme), None)
    return ExplanationRequest(part=part, missing=theme if theme and part is None else "")


def _find_printed_story(issue: PrintedIssue, key: str) -> tuple[PrintedTheme, PrintedStory] | None:
    for part in issue.parts:
        for entry in part.entries:
            if key == entry.id or any(other.id == key for other in entry.also):
                return part, entry
    return None


def pieces_with_quotations(document: DocumentEvidence, issue: PrintedIssue, place: str = "") -> Iterator[ShownPiece]:
    """The document piece by piece, printed sentences marked where they stand."""
    lines: dict[int, list[PrintedSentence]] = {}
    for line in issue.lines:
        if line.article == document.key:
            lines.setdefault(line.paragraph, []).append(line)
    for piece in document.pieces:
        if piece.paragraph is None:
            yield ShownPiece(runs=(TextRun(text=piece.text),), reason=piece.reason)
        else:
            runs = tuple(_split_at_quotations(piece, lines.get(piece.paragraph, []), place))
            yield ShownPiece(runs=runs, number=piece.paragraph + 1)


def _split_at_quotations(piece: DocumentPiece, lines: list[PrintedSentence], place: str) -> Iterator[TextRun]:
    """The paragraph cut at its printed sentences; one that is not verbatim there is not marked."""
    cursor = 0
    for start, end in sorted(
        {(line.start, line.end) for line in lines if piece.text[line.start : line.end] == line.text}
    ):
        if start < cursor:
            continue
        if start > cursor:
            yield TextRun(text=piece.text[cursor:start])
        at = f"{piece.paragraph}-{start}"
        yield TextRun(text=piece.text[start:end], place=at, here=at == place)
        cursor = end
    if cursor < len(piece.text) or not piece.text:
        yield TextRun(text=piece.text[cursor:])


def count_drop_reasons(evidence: IssueEvidence | None) -> list[tuple[str, int]]:
    """Why pieces were dropped, and how many for each reason, the most frequent first."""
    if evidence is None:
        return []
    count = Counter(piece.reason for document in evidence.documents for piece in document.pieces if piece.reason)
    return sorted(count.items(), key=lambda item: (-item[1], item[0]))


def explanation_query(*, article: str = "", at: str = "", theme: str = "") -> str:
    """The query of an explanation, to stand behind the address of the tab."""
    given = {"article": article, "at": at, "theme": theme}
    return urlencode({name: value for name, value in given.items() if value})
