"""An issue as data, read back into nouns. A file that somebody changed gives what can be read of it, never an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHOWN = 12  # reasons of a story


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A printed sentence and where it stands."""

    text: str
    article: str
    paragraph: int
    start: int
    end: int

    @property
    def place(self) -> str:
        """`3-120`: paragraph and first character, for addresses."""
        return f"{self.paragraph}-{self.start}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """Another article credited under a story."""

    id: str
    publisher: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One addend of a story's score for its theme."""

    term: str
    weight: float
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A printed story."""

    id: str
    title: str
    title_made: bool
    source: str  # publisher, byline and date in a line
    update: bool
    lines: tuple[Line, ...]
    also: tuple[Also, ...]
    why: tuple[Reason, ...]
    secondary: tuple[str, ...]

    @property
    def score(self) -> float:
        return sum(reason.weight for reason in self.why)

    @property
    def strongest(self) -> tuple[Reason, ...]:
        """The reasons that weigh most."""
        return tuple(sorted(self.why, key=lambda reason: -reason.weight)[:SHOWN])

    @property
    def small(self) -> int:
        """How many further reasons there are."""
        return max(0, len(self.why) - SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A theme as printed."""

    key: str
    name: str
    brief: tuple[Line, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Everything that an issue prints."""

    top: tuple[Line, ...]
    parts: tuple[Part, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for part in self.parts for entry in part.entries)

    @property
    def lines(self) -> Iterator[Line]:
        """Every printed sentence, in reading order."""
        yield from self.top
        for part in self.parts:
            yield from part.brief
            for entry in part.entries:
                yield from entry.lines


def outline(data: Mapping[str, Any]) -> Outline:
    """What issue.json says; empty when it is something else."""
    try:
        return Outline(top=_lines(data["top"]), parts=tuple(_part(section) for section in data["sections"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Outline(top=(), parts=())


def _part(section: Mapping[str, Any]) -> Part:
    return Part(
        key=str(section["key"]),
        name=str(section["theme"]),
        brief=_lines(section["brief"]),
        entries=tuple(_entry(story) for story in section["stories"]),
    )


def _entry(story: Mapping[str, Any]) -> Entry:
    known = (story.get("publisher"), story.get("byline"), str(story.get("published") or "")[:10])
    return Entry(
        id=str(story["id"]),
        title=str(story["title"]),
        title_made=bool(story.get("title_made")),
        source=" · ".join(str(value) for value in known if value),
        update=bool(story.get("update")),
        lines=_lines(story["sentences"]),
        also=tuple(
            Also(
                id=str(other["id"]),
                publisher=str(other.get("publisher") or other["id"]),
                relation=str(other["relation"]),
            )
            for other in story.get("also", [])
        ),
        why=tuple(
            Reason(term=str(why["term"]), weight=float(why["weight"]), where=str(why["where"]))
            for why in story.get("why", [])
        ),
        secondary=tuple(str(name) for name in story.get("secondary", [])),
    )


def _lines(sentences: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            text=str(sentence["text"]),
            article=str(sentence["article"]),
            paragraph=int(sentence["paragraph"]),
            start=int(sentence["start"]),
            end=int(sentence["end"]),
        )
        for sentence in sentences
    )
