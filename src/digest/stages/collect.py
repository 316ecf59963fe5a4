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
from digest.net.context import Memory, Notebook, Visit
from digest.net.per_host import crowd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = [
    "Collected",
    "Memory",
    "NetworkSource",
    "Notebook",
    "Source",
    "Standing",
    "Summary",
    "Visit",
    "collect",
    "standing",
]

AT_A_TIME = 500  # notes written in one go: few transactions, and little lost when the process is killed
STATUS = "status"  # key under which a source's last visits are remembered


class Source(Protocol):
    """Where documents come from."""

    @property
    def name(self) -> str:
        """As in the configuration."""

    def fetch(self, visit: Visit) -> Iterable[Raw | Problem]:
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
class Summary:
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
class Collected:
    """Everything the sources gave, in the order of the configuration."""

    raws: tuple[Raw, ...]
    problems: tuple[Problem, ...]
    sources: tuple[Summary, ...]


def collect(sources: Sequence[Source], visit: Visit, *, progress: Callable[[Summary], None] | None = None) -> Collected:
    """Visit every source; `progress` is told as each one ends. Keys are unique over the whole result:
    the same key twice in one source is one document, in a second source it becomes `<source>/<key>`.
    What a source remembers is written down when it has ended, whether or not it failed.
    """
    lock, yields, notes = Lock(), dict[int, _Yield](), _Notes()
    for index, got in _all(sources, visit, lock):
        notes |= got.ledger.notes
        got.ledger.notes.clear()
        if len(notes) >= AT_A_TIME:
            _write(notes, visit.memory, lock)
        yields[index] = got
        if progress is not None:
            progress(got.summary)
    _write(notes, visit.memory, lock)
    ordered = [yields[index] for index in range(len(sources))]
    return Collected(
        raws=_unique(ordered),
        problems=tuple(problem for got in ordered for problem in got.problems),
        sources=tuple(got.summary for got in ordered),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is remembered of a source's visits."""

    visit: datetime | None = None  # the last one; None: never
    success: datetime | None = None  # the last that was read
    new: datetime | None = None  # the last that had anything new
    failure: str | None = None  # why the last visit failed; None when it did not


def standing(memory: Memory, source: str) -> Standing:
    """How a source did when it was last visited."""
    status = memory.recall(source, STATUS) or {}
    return Standing(
        visit=_moment(status, "visit"),
        success=_moment(status, "success"),
        new=_moment(status, "new"),
        failure=status.get("failure"),
    )


class _Notes(dict[tuple[str, str], Mapping[str, str]]):
    """What is to be remembered, by source and key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Yield:
    raws: tuple[Raw, ...]
    problems: tuple[Problem, ...]
    summary: Summary
    ledger: _Ledger


@dataclass(slots=True)
class _Ledger:
    """A memory for one visit: reads go through, writes wait for the caller's thread."""

    memory: Memory
    lock: Lock  # shared by all sources of a visit: a store need not bear several threads
    notes: _Notes = field(default_factory=_Notes)

    def recall(self, source: str, key: str) -> Mapping[str, str] | None:
        if (source, key) in self.notes:
            return self.notes[source, key]
        with self.lock:
            return self.memory.recall(source, key)

    def remember(self, source: str, key: str, value: Mapping[str, str]) -> None:
        self.notes[source, key] = value

    def remember_all(self, notes: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
        self.notes.update(notes)


def _all(sources: Sequence[Source], visit: Visit, lock: Lock) -> Iterator[tuple[int, _Yield]]:
    """What each source gives, as it ends: those on this machine in order, then those behind a host side by side."""
    distant: list[tuple[int, str]] = []
    for index, source in enumerate(sources):
        if isinstance(source, NetworkSource):
            distant.append((index, source.host))
        else:
            yield index, _fetch(source, visit, lock)
    calls = [(host, partial(_fetch, sources[index], visit, lock)) for index, host in distant]
    for position, got in crowd(calls, at_once=visit.fetcher.expect):
        yield distant[position][0], got


def _write(notes: _Notes, memory: Memory, lock: Lock) -> None:
    with lock:
        memory.remember_all(notes)
    notes.clear()


def _fetch(source: Source, visit: Visit, lock: Lock) -> _Yield:
    """One source, to its end or to its failure; what came before a failure is kept."""
    ledger = _Ledger(visit.memory, lock)
    raws, problems, failure = dict[str, Raw](), list[Problem](), None
    try:
        for got in source.fetch(replace(visit, memory=ledger)):
            if isinstance(got, Problem):
                problems.append(got)
            else:
                raws.setdefault(got.key, got)
    except SourceError as error:
        failure = str(error).removeprefix(f"{source.name}: ")
    status = _status(ledger, source, visit.now, failure, new=bool(raws))
    summary = Summary(
        source=source.name,
        raws=len(raws),
        problems=len(problems),
        failure=failure,
        last_success=_moment(status, "success"),
    )
    trouble = _trouble(source, visit.now, failure, status)
    return _Yield(
        raws=tuple(raws.values()),
        problems=(*problems, *(Problem(stage="collect", subject=source.name, message=message) for message in trouble)),
        summary=summary,
        ledger=ledger,
    )


def _status(ledger: _Ledger, source: Source, now: datetime, failure: str | None, *, new: bool) -> Mapping[str, str]:
    """When the source last answered and last had something new, this visit included."""
    status = {**(ledger.recall(source.name, STATUS) or {}), "visit": now.isoformat()}
    status.pop("failure", None)
    if failure is not None:
        status["failure"] = failure
    else:
        status["success"] = now.isoformat()
        if new or "new" not in status:
            status["new"] = now.isoformat()
    ledger.remember(source.name, STATUS, status)
    return status


def _trouble(source: Source, now: datetime, failure: str | None, status: Mapping[str, str]) -> Iterable[str]:
    """What the issue must say of the source as a whole."""
    if failure is not None:
        success = _moment(status, "success")
        yield f"{failure} (last success: {success:%Y-%m-%d %H:%M} UTC)" if success else f"{failure} (never read yet)"
    elif isinstance(source, NetworkSource) and source.silent_after:
        new = _moment(status, "new")
        if new and now - new > timedelta(days=source.silent_after):
            days = (now - new).days
            yield f"silent: nothing new for {days} days, since {new:%Y-%m-%d}; see whether it moved"


def _moment(status: Mapping[str, str] | None, key: str) -> datetime | None:
    return datetime.fromisoformat(status[key]) if status and key in status else None


def _unique(ordered: Iterable[_Yield]) -> tuple[Raw, ...]:
    """All documents, keys told apart: two folders may both hold a `1.txt`."""
    raws = dict[str, Raw]()
    for got in ordered:
        for raw in got.raws:
            free = raw if raw.key not in raws else replace(raw, key=f"{raw.source}/{raw.key}")
            raws.setdefault(free.key, free)
    return tuple(raws.values())
