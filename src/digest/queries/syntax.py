"""From the text of a query to its tree; what is wrong is told with its column.

    query   = all { OR all }
    all     = one { [AND] one }
    one     = NOT one | near
    near    = term { near/N term }
    term    = ( query ) | FIELD:term | "phrase" | /pattern/ | word | begin*

Operators are written in capitals. Time and memory are linear in the length of the query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from digest.errors import UsageError
from digest.queries.patterns import pattern_fault

FIELDS = ("title", "text", "source", "byline")
MAX_DEPTH = 50  # brackets and NOTs inside each other
MAX_QUERY_CHARACTERS = 10_000
MAX_DISTANCE_WORDS = 100
MAX_NEAR_TERMS = 10
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\()|(?P<close>\))
      |"(?P<phrase>[^"]*)"
      |/(?P<pattern>(?:[^/\\]|\\.)+)/
      |(?P<near>(?i:near)/\d+)(?![\w/])
      |(?P<field>[A-Za-z]+):(?=\S)
      |(?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)


class QueryError(UsageError):
    """A query that cannot be read: what is wrong, and where."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(f"column {column}: {message}")
        self.column = column  # from 1


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after another; one word is a phrase of one. `prefix`: the last is only a beginning."""

    words: tuple[str, ...]  # lower case
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, tried on each paragraph."""

    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Near:
    """Terms of which each stands within so many words of the next."""

    terms: tuple[Term, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class InField:
    """What holds in one field only."""

    field: str
    inner: Node


@dataclass(frozen=True, slots=True)
class Not:
    inner: Node


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


Node = Term | Pattern | Near | InField | Not | AllOf | AnyOf


@lru_cache(maxsize=256)  # a query is asked of every article
def parse_query(text: str) -> Node:
    """The tree of a query; QueryError when it cannot be read."""
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryError(MAX_QUERY_CHARACTERS + 1, f"a query has at most {MAX_QUERY_CHARACTERS:,} characters")
    return _QueryParser(_read_tokens(text), len(text) + 1).parse()


class _Token(NamedTuple):
    kind: str  # open, close, phrase, pattern, near, field, word, operator
    text: str
    column: int


def _read_tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(text) and not text[place:].isspace():
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            column = place + len(text[place:]) - len(text[place:].lstrip()) + 1
            raise QueryError(column, "a quotation mark is not closed" if text[column - 1] == '"' else "cannot be read")
        kind, value = found.lastgroup, found[found.lastgroup]
        column = found.start(kind) + (kind not in ("phrase", "pattern"))  # those begin at their mark
        if kind == "word" and value in ("AND", "OR", "NOT"):
            kind = "operator"
        tokens.append(_Token(kind, value, column))
        place = found.end()
    return tokens


class _QueryParser:
    """Reads tokens by recursive descent, no deeper than MAX_DEPTH."""

    def __init__(self, tokens: list[_Token], end: int) -> None:
        self._tokens = tokens
        self._place = 0
        self._end = end
        self._depth = 0

    def parse(self) -> Node:
        if not self._tokens:
            raise QueryError(1, "the query is empty")
        node = self._read_any()
        if self._place < len(self._tokens):
            raise QueryError(self._tokens[self._place].column, "this bracket was never opened")
        return node

    def _read_any(self) -> Node:
        parts = [self._read_all()]
        while self._take("operator", "OR"):
            parts.append(self._read_all())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _read_all(self) -> Node:
        parts = [self._read_one()]
        while self._take("operator", "AND") or self._continues():
            parts.append(self._read_one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _continues(self) -> bool:
        token = self._peek()
        return (
            token is not None and token.kind != "close" and token[:2] not in {("operator", "OR"), ("operator", "AND")}
        )

    def _read_one(self) -> Node:
        token = self._take("operator", "NOT")
        if token:
            self._enter(token)
            node = Not(self._read_one())
            self._depth -= 1
            return node
        return self._read_near()

    def _read_near(self) -> Node:
        first = self._read_term()
        token = self._take("near")
        if token is None:
            return first
        distance, terms = int(token.text.partition("/")[2]), [first]
        if not 1 <= distance <= MAX_DISTANCE_WORDS:
            raise QueryError(token.column, f"near/N takes a distance of 1 to {MAX_DISTANCE_WORDS} words")
        while True:
            terms.append(self._read_term())
            following = self._take("near")
            if following is None:
                break
            distance = max(distance, int(following.text.partition("/")[2]))
        if len(terms) > MAX_NEAR_TERMS:
            raise QueryError(token.column, f"near/N joins at most {MAX_NEAR_TERMS} words or phrases")
        if not all(isinstance(term, Term) for term in terms):
            raise QueryError(token.column, "near/N stands between words and phrases only")
        return Near(tuple(term for term in terms if isinstance(term, Term)), distance)

    def _read_term(self) -> Node:
        token = self._peek()
        if token is None:
            raise QueryError(self._end, "something is missing here: a word, a phrase or a bracket")
        self._place += 1
        match token.kind:
            case "open":
                self._enter(token)
                node = self._read_any()
                self._depth -= 1
                if not self._take("close"):
                    raise QueryError(token.column, "this bracket is not closed")
                return node
            case "field":
                return self._read_field(token)
            case "pattern":
                return _read_pattern(token)
            case "word" | "phrase":
                return _read_words(token)
            case _:
                raise QueryError(token.column, f"{token.text!r} needs something before it")

    def _read_field(self, token: _Token) -> Node:
        field = token.text.lower()
        if field not in FIELDS:
            raise QueryError(token.column, f"no field is called {token.text!r} (known: {', '.join(FIELDS)})")
        self._enter(token)
        node = InField(field, self._read_term())
        self._depth -= 1
        return node

    def _enter(self, token: _Token) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(token.column, f"more than {MAX_DEPTH} brackets inside each other")

    def _peek(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self, kind: str, text: str | None = None) -> _Token | None:
        token = self._peek()
        if token is None or token.kind != kind or (text is not None and token.text != text):
            return None
        self._place += 1
        return token


def _read_words(token: _Token) -> Term:
    from digest.text.words import split_words

    prefix = token.kind == "word" and token.text.endswith("*")
    words = tuple(split_words(token.text))
    if not words:
        raise QueryError(token.column, f"{token.text!r} holds no word")
    return Term(words, prefix)


def _read_pattern(token: _Token) -> Pattern:
    fault = pattern_fault(token.text)
    if fault:
        raise QueryError(token.column, fault)
    try:
        return Pattern(re.compile(token.text, re.IGNORECASE))
    except (re.error, OverflowError, RecursionError) as error:
        raise QueryError(token.column, f"is no regular expression: {error}") from error
