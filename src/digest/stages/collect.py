"""collect: sources -> `Raw`. What cannot be read becomes a `Problem`, and the rest goes on.

Sources that ask a host run side by side, the others one after the other; the outcome is in the order of the
configuration either way. The memory is only ever asked and told by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from digest.errors import SourceError
from digest.model import Problem, Raw
from digest.net.context import FetchContext, InMemoryState, SourceState
from digest.net.per_host import run_per_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = [
    "CollectedDocuments",
    "FetchContext",
    "InMemoryState",
    "NetworkSource",
    "Source",
    "SourceReport",
    "SourceState",
    "SourceStatus",
    "collect",
    "read_source_status",
]

NOTES_PER_WRITE = 500  # notes written in one go: few transactions, and little lost when the process is killed
STATUS_KEY = "status"  # key under which a source's last visits are remembered


class Source(Protocol):
    """Where documents come from."""

    @property
    def name(self) -> str:
        """As in the configuration."""

    def fetch(self, visit: FetchContext) -> Iterable[Raw | Problem]:
        """What is there for the next issue; raises SourceError when the source as a whole cannot be read."""


@runtime_checkable
class NetworkSource(Source, Protocol):
    """A source that asks a host: it runs beside the others, and its silence is noticed."""

    @property
    def host(self) -> str:
        """Whom it asks; sources of the same host are asked two at a time."""

    @property
    def silent_after(self) -> int:
        """Days without anything new after which the source counts as silent; 0: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How one source fared."""

    source: str
    raws: int  # documents taken
    problems: int  # documents that could not be read
    failure: str | None = None  # why the whole source could not be read; None when it could
    last_success: datetime | None = None  # aware; this visit when it succeeded; None: never

    def __str__(self) -> str:
        if self.failure:
            return f"{self.source}: {self.failure}"
        trouble = f", {self.problems} with problems" if self.problems else ""
        return f"{self.source}: {self.raws} new{trouble}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedDocuments:
    """Everything the sources gave, in the order of the configuration."""

    raws: tuple[Raw, ...]
    problems: tuple[Problem, ...]
    sources: tuple[SourceReport, ...]


def collect(
    sources: Sequence[Source], visit: FetchContext, *, progress: Callable[[SourceReport], None] | None = None
) -> CollectedDocuments:
    """Visit every source; `progress` is told as each one ends. Keys are unique over the whole result:
    the same key twice in one source is one document, in a second source it becomes `<source>/<key>`.
    What a source remembers is written down when it has ended, whether or not it failed.
    """
    lock, yields, notes = Lock(), dict[int, _SourceResult](), _PendingNotes()
    for index, got in _fetch_all(sources, visit, lock):
        notes |= got.ledger.notes
        got.ledger.notes.clear()
        if len(notes) >= NOTES_PER_WRITE:
            _flush_notes(notes, visit.state, lock)
        yields[index] = got
        if progress is not None:
            progress(got.summary)
    _flush_notes(notes, visit.state, lock)
    ordered = [yields[index] for index in range(len(sources))]
    return CollectedDocuments(
        raws=_unique_documents(ordered),
        problems=tuple(problem for got in ordered for problem in got.problems),
        sources=tuple(got.summary for got in ordered),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """What is remembered of a source's visits."""

    visit: datetime | None = None  # the last one; None: never
    success: datetime | None = None  # the last that was read
    new: datetime | None = None  # the last that had anything new
    failure: str | None = None  # why the last visit failed; None when it did not


def read_source_status(memory: SourceState, source: str) -> SourceStatus:
    """How a source did when it was last visited."""
    status = memory.recall(source, STATUS_KEY) or {}
    return SourceStatus(
        visit=_stored_moment(status, "visit"),
        success=_stored_moment(status, "success"),
        new=_stored_moment(status, "new"),
        failure=status.get("failure"),
    )


class _PendingNotes(dict[tuple[str, str], Mapping[str, str]]):
    """What is to be remembered, by source and key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceResult:
    raws: tuple[Raw, ...]
    problems: tuple[Problem, ...]
    summary: SourceReport
    ledger: _BufferedState


@dataclass(slots=True)
class _BufferedState:
    """A memory for one visit: reads go through, writes wait for the caller's thread."""

    memory: SourceState
    lock: Lock  # shared by all sources of a visit: a store need not bear several threads
    notes: _PendingNotes = field(default_factory=_PendingNotes)

    def recall(self, source: str, key: str) -> Mapping[str, str] | None:
        if (source, key) in self.notes:
            return self.notes[source, key]
        with self.lock:
            return self.memory.recall(source, key)

    def remember(self, source: str, key: str, value: Mapping[str, str]) -> None:
        self.notes[source, key] = value

    def remember_all(self, notes: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
        self.notes.update(notes)


def _fetch_all(sources: Sequence[Source], visit: FetchContext, lock: Lock) -> Iterator[tuple[int, _SourceResult]]:
    """What each source gives, as it ends: those on this machine in order, then those behind a host side by side."""
    distant: list[tuple[int, str]] = []
    for index, source in enumerate(sources):
        if isinstance(source, NetworkSource):
            distant.append((index, source.host))
        else:
            yield index, _fetch_source(source, visit, lock)
    calls = [(host, partial(_fetch_source, sources[index], visit, lock)) for index, host in distant]
    for position, got in run_per_host(calls, at_once=visit.fetcher.concurrency_for):
        yield distant[position][0], got


def _flush_notes(notes: _PendingNotes, memory: SourceState, lock: Lock) -> None:
    with lock:
        memory.remember_all(notes)
    notes.clear()


def _fetch_source(source: Source, visit: FetchContext, lock: Lock) -> _SourceResult:
    """One source, to its end or to its failure; what came before a failure is kept."""
    ledger = _BufferedState(visit.state, lock)
    raws, problems, failure = dict[str, Raw](), list[Problem](), None
    try:
        for got in source.fetch(replace(visit, state=ledger)):
            if isinstance(got, Problem):
                problems.append(got)
            else:
                raws.setdefault(got.key, got)
    except SourceError as error:
        failure = str(error).removeprefix(f"{source.name}: ")
    status = _update_status(ledger, source, visit.now, failure, new=bool(raws))
    summary = SourceReport(
        source=source.name,
        raws=len(raws),
        problems=len(problems),
        failure=failure,
        last_success=_stored_moment(status, "success"),
    )
    trouble = _source_problems(source, visit.now, failure, status)
    return _SourceResult(
        raws=tuple(raws.values()),
        problems=(*problems, *(Problem(stage="collect", subject=source.name, message=message) for message in trouble)),
        summary=summary,
        ledger=ledger,
    )


def _update_status(
    ledger: _BufferedState, source: Source, now: datetime, failure: str | None, *, new: bool
) -> Mapping[str, str]:
    """When the source last answered and last had something new, this visit included."""
    status = {**(ledger.recall(source.name, STATUS_KEY) or {}), "visit": now.isoformat()}
    status.pop("failure", None)
    if failure is not None:
        status["failure"] = failure
    else:
        status["success"] = now.isoformat()
        if new or "new" not in status:
            status["new"] = now.isoformat()
    ledger.remember(source.name, STATUS_KEY, status)
    return status


def _source_problems(source: Source, now: datetime, failure: str | None, status: Mapping[str, str]) -> Iterable[str]:
    """What the issue must say of the source as a whole."""
    if failure is not None:
        success = _stored_moment(status, "success")
        yield f"{failure} (last success: {success:%Y-%m-%d %H:%M} UTC)" if success else f"{failure} (never read yet)"
    elif isinstance(source, NetworkSource) and source.silent_after:
        new = _stored_moment(status, "new")
        if new and now - new > timedelta(days=source.silent_after):
            days = (now - new).days
            yield f"silent: nothing new for {days} days, since {new:%Y-%m-%d}; see whether it moved"


def _stored_moment(status: Mapping[str, str] | None, key: str) -> datetime | None:
    return datetime.fromisoformat(status[key]) if status and key in status else None


def _unique_documents(ordered: Iterable[_SourceResult]) -> tuple[Raw, ...]:
    """All documents, keys told apart: two folders may both hold a `1.txt`."""
    raws = dict[str, Raw]()
    for got in ordered:
        for raw in got.raws:
            free = raw if raw.key not in raws else replace(raw, key=f"{raw.source}/{raw.key}")
            raws.setdefault(free.key, free)
    return tuple(raws.values())
