"""Whether an article is what a query means, and which of its words say so. Words are compared by their stems."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from digest.queries.syntax import AllOf, AnyOf, InField, Near, Not, Pattern, Term
from digest.text.publishers import article_publisher
from digest.text.words import UNSPACED_LANGUAGES, WORD_PATTERN, stem_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Article
    from digest.queries.syntax import Node

ANYWHERE = ("title", "text")  # where a word is looked for when no field is named
MAX_HITS = 5  # occurrences of one word that are shown
MAX_OVERLAPS = 20  # words of a phrase: so many occurrences may overlap another
MAX_PATTERN_TEXT = 2_000  # characters of a paragraph on which a pattern is tried


def matches_query(query: Node, article: Article) -> bool:
    """Whether the article is what the query means."""
    return _holds(query, QueriedArticle(article), ANYWHERE)


def find_hits(query: Node, article: Article) -> tuple[str, ...] | None:
    """The words of the article, as written, that the query names, each once; None when it does not match.

    A query that only says what must not be there matches without a hit.
    """
    text = QueriedArticle(article)
    if not _holds(query, text, ANYWHERE):
        return None
    return tuple(dict.fromkeys(_named_words(query, text, ANYWHERE)))


@dataclass(frozen=True)
class QueriedArticle:
    """An article as fields of words."""

    article: Article

    @cached_property
    def fields(self) -> dict[str, FieldWords]:
        one = self.article
        texts = {
            "title": one.title or "",
            "text": one.text,
            "source": f"{one.source}\n{article_publisher(one)}",
            "byline": one.byline or "",
        }
        return {name: FieldWords(text, one.language) for name, text in texts.items()}


@dataclass(frozen=True)
class FieldWords:
    """The words of a field in order, and where each stem stands."""

    text: str
    language: str

    @cached_property
    def words(self) -> list[re.Match[str]]:
        """Every word, with its place in the text."""
        return list(WORD_PATTERN.finditer(self.text))

    @cached_property
    def stems(self) -> list[str]:
        return [stem_word(word[0].lower(), self.language) for word in self.words]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The places of each stem among the words."""
        places: dict[str, list[int]] = {}
        for place, stem in enumerate(self.stems):
            places.setdefault(stem, []).append(place)
        return places

    def word_spans(self, term: Term) -> list[tuple[int, int]]:
        """First and last word of every occurrence of a term."""
        if term.prefix:
            begins = term.words[-1]
            ends = [place for place, word in enumerate(self.words) if word[0].lower().startswith(begins)]
        else:
            ends = self.places.get(stem_word(term.words[-1], self.language), [])
        before = [stem_word(word, self.language) for word in term.words[:-1]]
        return [
            (end - len(before), end)
            for end in ends
            if end >= len(before) and self.stems[end - len(before) : end] == before
        ]

    def character_spans(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(self.words[first].start(), self.words[last].end()) for first, last in spans]

    def phrases_at(self, spans: list[tuple[int, int]]) -> list[str]:
        """What stands there, in one line."""
        return [" ".join(self.text[start:end].split()) for start, end in spans]


def _holds(node: Node, article: QueriedArticle, fields: tuple[str, ...]) -> bool:
    match node:
        case AllOf(parts):
            return all(_holds(part, article, fields) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, article, fields) for part in parts)
        case Not(inner):
            return not _holds(inner, article, fields)
        case InField(field, inner):
            return _holds(inner, article, (field,))
        case Term() | Near() | Pattern():
            return any(_spans_of(node, article.fields[name]) for name in fields)


def _named_words(node: Node, article: QueriedArticle, fields: tuple[str, ...]) -> Iterator[str]:
    """The words that speak for a match; what stands behind NOT speaks for nothing."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                if _holds(part, article, fields):
                    yield from _named_words(part, article, fields)
        case InField(field, inner):
            yield from _named_words(inner, article, (field,))
        case Term() | Near() | Pattern():
            for name in fields:
                yield from article.fields[name].phrases_at(_spans_of(node, article.fields[name])[:MAX_HITS])
        case Not():
            return


def _spans_of(node: Term | Near | Pattern, field: FieldWords) -> list[tuple[int, int]]:
    """Where a leaf of a query stands in a field: first and last character of each occurrence."""
    match node:
        case Term() if field.language in UNSPACED_LANGUAGES:  # no words are written there, only characters
            return [found.span() for found in re.finditer(re.escape("".join(node.words)), field.text.lower())]
        case Term():
            return field.character_spans(field.word_spans(node))
        case Near():
            return field.character_spans(_near_spans(node, field))
        case Pattern(expression):
            return list(_pattern_spans(expression, field.text))


def _pattern_spans(expression: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        found = expression.search(line[:MAX_PATTERN_TEXT])
        if found and found[0]:
            yield start + found.start(), start + found.end()
        start += len(line) + 1


def _near_spans(node: Near, field: FieldWords) -> list[tuple[int, int]]:
    """One span of each term of a chain, each within the distance of the one before it; [] when there is none."""
    reached = [field.word_spans(node.terms[0])]
    for term in node.terms[1:]:
        reached.append([span for span in field.word_spans(term) if _is_near(span, reached[-1], node.distance)])
        if not reached[-1]:
            return []
    chain = [reached[-1][0]]
    for spans in reversed(reached[:-1]):
        chain.append(next(span for span in spans if _is_near(span, [chain[-1]], node.distance)))
    return chain[::-1]


def _is_near(span: tuple[int, int], others: list[tuple[int, int]], distance: int) -> bool:
    """Whether one of the others (sorted, of one length) ends or begins within the distance, and does not overlap."""
    place = bisect_left(others, span)
    before = next(
        (other for other in reversed(others[max(0, place - MAX_OVERLAPS) : place]) if other[1] < span[0]), None
    )
    after = next((other for other in others[place : place + MAX_OVERLAPS] if other[0] > span[1]), None)
    return (before is not None and span[0] - before[1] <= distance) or (
        after is not None and after[0] - span[1] <= distance
    )
