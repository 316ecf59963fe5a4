"""An issue as data, read back into nouns. A file that somebody changed gives what can be read of it, never an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REASONS_SHOWN = 12  # reasons of a story


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSentence:
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
class PrintedRelated:
    """Another article credited under a story."""

    id: str
    publisher: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReason:
    """One addend of a story's score for its theme."""

    term: str
    weight: float
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStory:
    """A printed story."""

    id: str
    title: str
    title_made: bool
    source: str  # publisher, byline and date in a line
    update: bool
    lines: tuple[PrintedSentence, ...]
    also: tuple[PrintedRelated, ...]
    why: tuple[PrintedReason, ...]
    secondary: tuple[str, ...]
    importance: tuple[PrintedReason, ...] = ()
    days: tuple[tuple[str, int], ...] = ()  # on which days how many independent sources told it

    @property
    def score(self) -> float:
        return sum(reason.weight for reason in self.why)

    @property
    def strongest(self) -> tuple[PrintedReason, ...]:
        """The reasons that weigh most."""
        return tuple(sorted(self.why, key=lambda reason: -reason.weight)[:REASONS_SHOWN])

    @property
    def small(self) -> int:
        """How many further reasons there are."""
        return max(0, len(self.why) - REASONS_SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTheme:
    """A theme as printed."""

    key: str
    name: str
    brief: tuple[PrintedSentence, ...]
    entries: tuple[PrintedStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTopLine:
    """A line of the contents at the top; releases before 0.2 printed a sentence of the article there."""

    article: str
    text: str
    theme: str = ""
    sources: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLeftOut:
    """An article that came in and was not printed."""

    id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedIssue:
    """Everything that an issue prints."""

    top: tuple[PrintedTopLine, ...]
    parts: tuple[PrintedTheme, ...]
    left_out: tuple[PrintedLeftOut, ...] = ()

    @property
    def entries(self) -> tuple[PrintedStory, ...]:
        return tuple(entry for part in self.parts for entry in part.entries)

    @property
    def lines(self) -> Iterator[PrintedSentence]:
        """Every printed sentence, in reading order."""
        for part in self.parts:
            yield from part.brief
            for entry in part.entries:
                yield from entry.lines


def parse_printed_issue(data: Mapping[str, Any]) -> PrintedIssue:
    """What issue.json says; empty when it is something else."""
    try:
        return PrintedIssue(
            top=tuple(_parse_top_line(line) for line in data["top"]),
            parts=tuple(_parse_theme(section) for section in data["sections"]),
            left_out=tuple(_parse_left_out(one) for one in data.get("left_out", [])),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return PrintedIssue(top=(), parts=())


def _parse_top_line(line: Mapping[str, Any]) -> PrintedTopLine:
    return PrintedTopLine(
        article=str(line["article"]),
        text=str(line["text"]),
        theme=str(line.get("theme", "")),
        sources=int(line.get("sources", 0)),
    )


def _parse_left_out(one: Mapping[str, Any]) -> PrintedLeftOut:
    return PrintedLeftOut(id=str(one["id"]), title=str(one.get("title") or one["id"]), reason=str(one["reason"]))


def _parse_theme(section: Mapping[str, Any]) -> PrintedTheme:
    return PrintedTheme(
        key=str(section["key"]),
        name=str(section["theme"]),
        brief=_parse_sentences(section["brief"]),
        entries=tuple(_parse_story(story) for story in section["stories"]),
    )


def _parse_story(story: Mapping[str, Any]) -> PrintedStory:
    known = (story.get("publisher"), story.get("byline"), str(story.get("published") or "")[:10])
    return PrintedStory(
        id=str(story["id"]),
        title=str(story["title"]),
        title_made=bool(story.get("title_made")),
        source=" · ".join(str(value) for value in known if value),
        update=bool(story.get("update")),
        lines=_parse_sentences(story["sentences"]),
        also=tuple(
            PrintedRelated(
                id=str(other["id"]),
                publisher=str(other.get("publisher") or other["id"]),
                relation=str(other["relation"]),
            )
            for other in story.get("also", [])
        ),
        why=_parse_reasons(story.get("why", [])),
        importance=_parse_reasons(story.get("importance", [])),
        days=tuple((str(day), int(count)) for day, count in story.get("days", {}).items()),
        secondary=tuple(str(name) for name in story.get("secondary", [])),
    )


def _parse_reasons(reasons: Sequence[Mapping[str, Any]]) -> tuple[PrintedReason, ...]:
    return tuple(
        PrintedReason(term=str(why["term"]), weight=float(why["weight"]), where=str(why["where"])) for why in reasons
    )


def _parse_sentences(sentences: Sequence[Mapping[str, Any]]) -> tuple[PrintedSentence, ...]:
    return tuple(
        PrintedSentence(
            text=str(sentence["text"]),
            article=str(sentence["article"]),
            paragraph=int(sentence["paragraph"]),
            start=int(sentence["start"]),
            end=int(sentence["end"]),
        )
        for sentence in sentences
    )
