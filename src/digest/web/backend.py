"""What the pages ask for, and the nouns that answer. The pages know nothing of how an issue is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.app.editorial import EditionCalendar
    from digest.archive.read import IssuePreview
    from digest.stages.edit import Edit

LIVE = "live"  # the label of the issue that is made from the sources as they are now


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewState:
    """What became of the newest attempt, and the last issue that could be made."""

    revision: int  # counts attempts; 0: none has ended yet
    proof: IssuePreview | None = None  # the last good one
    troubles: tuple[str, ...] = ()  # why the newest attempt failed, a line each; empty when `proof` is its outcome

    @property
    def is_first_build_pending(self) -> bool:
        return self.revision == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionEntry:
    """An edition in the list."""

    key: str
    title: str
    past: tuple[str, ...] = ()  # labels of its past issues, newest first
    notes: tuple[str, ...] = field(default=())  # warnings of the configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How a source fared at the last visit."""

    name: str
    kind: str  # its type in the configuration
    documents: int
    problems: tuple[str, ...]
    failure: str = ""  # why it could not be read at all
    last_success: str = ""  # local time; empty: never, or not known


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorDecisions:
    """The decisions of an editor for an edition, and what can be decided."""

    made: tuple[Edit, ...] = ()
    waiting: tuple[Edit, ...] = ()  # those of `made` that name no story of the live issue
    themes: Mapping[str, str] = field(default_factory=dict)  # key -> name, in reading order


class PreviewBackend(Protocol):
    """Everything the preview shows."""

    def editions(self) -> Sequence[EditionEntry]:
        """Every edition of the last configuration that could be read."""

    def live_issue(self, edition: str) -> PreviewState:
        """The state of the live issue; waits a moment for the first attempt."""

    def past_issue(self, edition: str, label: str) -> IssuePreview | None:
        """A saved issue, or None when there is none of that label."""

    def configuration_mistakes(self) -> Sequence[str]:
        """What is wrong with the configuration now, a line each."""

    def editor_decisions(self, edition: str) -> EditorDecisions:
        """What was decided by hand."""

    def record_decision(self, edition: str, edit: Edit, *, undo: bool = False) -> None:
        """Keep or take back a decision, and make the live issue anew."""

    def edition_calendar(self, edition: str) -> EditionCalendar:
        """Slots, runs and the outbox."""

    def source_health(self, edition: str) -> Sequence[SourceHealth]:
        """How every source fared when the live issue was made."""

    def refetch_sources(self, edition: str) -> None:
        """Ask every source again."""

    def send_test_copy(self, edition: str, label: str, address: str) -> str:
        """Send one copy to an address, outside of every schedule; what the other side said."""

    def apply_ruling(self, edition: str, verdict: str, issue: int | None = None) -> None:
        """`hold` or `release` the next issue; `approve` or `reject` a held one."""
