from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.stages.collect import FetchContext, InMemoryState, SourceReport, SourceStatus, collect, read_source_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)


def raw(source: str, key: str, body: bytes = b"Ships sailed.") -> Raw:
    return Raw(source=source, key=key, kind=DocumentKind.TEXT, body=body)


@dataclass(frozen=True)
class Shelf:
    """A source that gives what it holds, then fails if told to."""

    name: str
    holds: tuple[Raw | Problem, ...] = ()
    failure: str | None = None

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:  # noqa: ARG002
        yield from self.holds
        if self.failure:
            raise SourceError(self.failure)


@dataclass(frozen=True)
class Wire(Shelf):
    """The same behind a host."""

    host: str = "news.example"
    silent_after: int = 30
    note: Mapping[str, str] | None = None
    gate: threading.Event | None = None
    opens: threading.Event | None = None

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        if self.opens:
            self.opens.set()
        if self.gate:
            assert self.gate.wait(10)
        if self.note:
            visit.state.remember(self.name, "note", self.note)
            assert visit.state.recall(self.name, "note") == self.note
        yield from super().fetch(visit)


def test_raws_come_in_the_order_of_the_configuration() -> None:
    first_may_end = threading.Event()
    slow = Wire("slow", (raw("slow", "b"), raw("slow", "a")), host="one.example", gate=first_may_end)
    quick = Wire("quick", (raw("quick", "c"),), host="two.example", opens=first_may_end)
    got = collect([slow, quick, Shelf("files", (raw("files", "d"),))], FetchContext(now=NOW))
    assert [item.key for item in got.raws] == ["b", "a", "c", "d"]
    assert [summary.source for summary in got.sources] == ["slow", "quick", "files"]


def test_a_failing_source_is_a_problem_and_the_rest_goes_on() -> None:
    broken = Shelf("broken", (raw("broken", "a"),), "broken: no such folder; see path:")
    got = collect([broken, Shelf("files", (raw("files", "b"),))], FetchContext(now=NOW))
    assert [item.key for item in got.raws] == ["a", "b"]
    assert got.problems == (
        Problem(stage="collect", subject="broken", message="no such folder; see path: (never read yet)"),
    )
    assert got.sources[0].failure == "no such folder; see path:"


def test_a_bug_in_a_source_goes_up() -> None:
    @dataclass(frozen=True)
    class Buggy(Wire):
        def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:  # noqa: ARG002
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collect([Buggy("buggy")], FetchContext(now=NOW))


def test_the_same_key_twice_in_one_source_is_kept_once() -> None:
    got = collect([Shelf("files", (raw("files", "a", b"one"), raw("files", "a", b"two")))], FetchContext(now=NOW))
    assert [item.body for item in got.raws] == [b"one"]


def test_the_same_key_in_two_sources_is_told_apart() -> None:
    shelves = [Shelf(name, (raw(name, "1.txt", name.encode()),)) for name in ("inbox", "archive")]
    got = collect(shelves, FetchContext(now=NOW))
    assert [item.key for item in got.raws] == ["1.txt", "archive/1.txt"]


def test_problems_of_single_documents_are_carried_and_counted() -> None:
    problem = Problem(stage="collect", subject="files: x.txt", message="empty; left out")
    got = collect([Shelf("files", (problem, raw("files", "a")))], FetchContext(now=NOW))
    assert got.problems == (problem,)
    assert str(got.sources[0]) == "files: 1 new, 1 with problems"


def test_a_failure_tells_the_last_success() -> None:
    memory = InMemoryState()
    collect([Shelf("wires")], FetchContext(now=NOW, state=memory))
    got = collect([Shelf("wires", (), "wires: gone")], FetchContext(now=NOW + timedelta(days=1), state=memory))
    assert got.problems[0].message == "gone (last success: 2026-11-21 07:00 UTC)"
    assert read_source_status(memory, "wires") == SourceStatus(
        visit=NOW + timedelta(days=1), success=NOW, new=NOW, failure="gone"
    )


def test_a_network_source_that_goes_silent_is_a_problem() -> None:
    memory, wire = InMemoryState(), Wire("wires", (raw("wires", "a"),))
    assert collect([wire], FetchContext(now=NOW, state=memory)).problems == ()
    got = collect([Wire("wires")], FetchContext(now=NOW + timedelta(days=40), state=memory))
    assert got.problems[0].message.startswith("silent: nothing new for 40 days, since 2026-11-21")
    assert (
        collect([Wire("wires", silent_after=0)], FetchContext(now=NOW + timedelta(days=90), state=memory)).problems
        == ()
    )


def test_what_a_source_remembers_is_written_even_when_it_then_fails() -> None:
    memory = InMemoryState()
    collect([Wire("wires", (), "wires: later", note={"wait": "1"})], FetchContext(now=NOW, state=memory))
    assert memory.recall("wires", "note") == {"wait": "1"}


def test_progress_is_told_of_every_source() -> None:
    seen: list[SourceReport] = []
    collect([Shelf("files"), Wire("wires"), Wire("more")], FetchContext(now=NOW), progress=seen.append)
    assert sorted(summary.source for summary in seen) == ["files", "more", "wires"]


def test_a_memory_is_asked_by_one_thread_at_a_time() -> None:
    @dataclass
    class Touchy(InMemoryState):
        inside: threading.Lock = field(default_factory=threading.Lock)

        def __post_init__(self) -> None:
            super().__init__()

        def recall(self, source: str, key: str) -> Mapping[str, str] | None:
            assert self.inside.acquire(blocking=False)
            try:
                return super().recall(source, key)
            finally:
                self.inside.release()

    wires = [Wire(f"w{number}", host=f"h{number}.example") for number in range(40)]
    assert len(collect(wires, FetchContext(now=NOW, state=Touchy())).sources) == 40
