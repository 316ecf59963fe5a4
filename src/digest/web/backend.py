"""What the pages ask for, and the nouns that answer. The pages know nothing of how an issue is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.app.editorial import Calendar
    from digest.archive.read import Proof
    from digest.stages.edit import Edit

LIVE = "live"  # the label of the issue that is made from the sources as they are now


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What became of the newest attempt, and the last issue that could be made."""

    revision: int  # counts attempts; 0: none has ended yet
    proof: Proof | None = None  # the last good one
    troubles: tuple[str, ...] = ()  # why the newest attempt failed, a line each; empty when `proof` is its outcome

    @property
    def waiting(self) -> bool:
        return self.revision == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """An edition in the list."""

    key: str
    title: str
    past: tuple[str, ...] = ()  # labels of its past issues, newest first
    notes: tuple[str, ...] = field(default=())  # warnings of the configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source fared at the last visit."""

    name: str
    kind: str  # its type in the configuration
    documents: int
    problems: tuple[str, ...]
    failure: str = ""  # why it could not be read at all
    last_success: str = ""  # local time; empty: never, or not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """The decisions of an editor for an edition, and what can be decided."""

    made: tuple[Edit, ...] = ()
    waiting: tuple[Edit, ...] = ()  # those of `made` that name no story of the live issue
    themes: Mapping[str, str] = field(default_factory=dict)  # key -> name, in reading order


class Desk(Protocol):
    """Everything the preview shows."""

    def editions(self) -> Sequence[Masthead]:
        """Every edition of the last configuration that could be read."""

    def live(self, edition: str) -> State:
        """The state of the live issue; waits a moment for the first attempt."""

    def past(self, edition: str, label: str) -> Proof | None:
        """A saved issue, or None when there is none of that label."""

    def troubles(self) -> Sequence[str]:
        """What is wrong with the configuration now, a line each."""

    def edits(self, edition: str) -> Edits:
        """What was decided by hand."""

    def decide(self, edition: str, edit: Edit, *, undo: bool = False) -> None:
        """Keep or take back a decision, and make the live issue anew."""

    def calendar(self, edition: str) -> Calendar:
        """Slots, runs and the outbox."""

    def sources(self, edition: str) -> Sequence[Health]:
        """How every source fared when the live issue was made."""

    def visit(self, edition: str) -> None:
        """Ask every source again."""

    def send_test(self, edition: str, label: str, address: str) -> str:
        """Send one copy to an address, outside of every schedule; what the other side said."""

    def rule(self, edition: str, verdict: str, issue: int | None = None) -> None:
        """`hold` or `release` the next issue; `approve` or `reject` a held one."""
