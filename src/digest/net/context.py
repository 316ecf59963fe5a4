"""One visit to a source: what time it is, what was there last time, what it may use of the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from digest.net.fetcher import Fetcher

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class SourceState(Protocol):
    """What sources keep from one visit to the next: small texts under the source's name and a key."""

    def recall(self, source: str, key: str) -> Mapping[str, str] | None:
        """What was remembered last, or None."""

    def remember(self, source: str, key: str, value: Mapping[str, str]) -> None:
        """Replace what is known under `key`."""

    def remember_all(self, notes: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
        """The same for many `(source, key)`, all or none."""


class InMemoryState:
    """A memory that ends with the process: for tests and one-off builds."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], dict[str, str]] = {}

    def recall(self, source: str, key: str) -> Mapping[str, str] | None:
        return self.pages.get((source, key))

    def remember(self, source: str, key: str, value: Mapping[str, str]) -> None:
        self.pages[source, key] = dict(value)

    def remember_all(self, notes: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
        self.pages.update({place: dict(value) for place, value in notes.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchContext:
    """The world as one fetch sees it."""

    now: datetime  # aware
    since: datetime | None = None  # moment of the last issue: what came after it is new; None: everything is
    kept_since: datetime | None = None  # what came after it may be wanted by another edition; None: by none
    state: SourceState = field(default_factory=InMemoryState)
    fetcher: Fetcher = field(default_factory=Fetcher)
    suffixes: Mapping[str, str] = field(default_factory=dict)  # suffix -> kind, of formats that are not built in
    afresh: bool = False  # ask even where the last answer is still good
