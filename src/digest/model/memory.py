"""What readers were told: the nouns of recognise and remember. Texts are kept as hashes, never in clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedArticle:
    """An article that came in for an issue."""

    key: str
    fingerprint: str
    event: str
    printed: bool  # told or named in the issue; False: it was left out
    sentences: (
        bytes  # 40-bit hashes of its sentences, packed (digest.text.novelty): thousands of articles are loaded at once
    )
    stems: bytes  # 16-bit hashes of its content words, packed


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedEvent:
    """An event as an issue told it."""

    key: str
    headline: str
    theme: str
    first_told: datetime
    sources: Mapping[str, int]  # day (ISO) -> independent sources that told it
    stems: Mapping[int, int]  # 24-bit hash of a content word -> how often


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedIssue:
    """What one issue adds to the memory."""

    id: str
    at: datetime
    articles: tuple[RememberedArticle, ...]
    events: tuple[RememberedEvent, ...]
    sentences: frozenset[int]  # hashes of what it printed
    headlines: tuple[str, ...]  # that stood at its top


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What the readers of an edition had, oldest issue first."""

    issues: tuple[RememberedIssue, ...] = ()
    fingerprints: Mapping[str, str] = field(default_factory=dict)  # article key -> fingerprint of its newest form

    @cached_property
    def sentences(self) -> frozenset[int]:
        """Hashes of every sentence that was printed."""
        return frozenset().union(*(issue.sentences for issue in self.issues))

    @cached_property
    def headlines(self) -> frozenset[str]:
        """Headlines that stood at the top of an issue."""
        return frozenset(line for issue in self.issues for line in issue.headlines)

    @cached_property
    def events(self) -> dict[str, RememberedEvent]:
        """The events that were told, each as its newest issue told it."""
        return {event.key: event for issue in self.issues for event in issue.events}

    @cached_property
    def articles(self) -> tuple[RememberedArticle, ...]:
        return tuple(article for issue in self.issues for article in issue.articles)
