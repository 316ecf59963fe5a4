"""What the pages ask for, and the nouns that answer. The pages know nothing of how an issue is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.edit import Edit
    from digest.explain import Evidence

LIVE = "live"  # the label of the issue that is made from the sources as they are now


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One finding of the gate, as shown."""

    level: str  # error, warning or info
    code: str  # stable name of the rule
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One issue as it can be looked at: both parts, the message, what the gate says, and the issue as data."""

    edition: str
    label: str  # live, or the slot as it stands in paths
    title: str  # the edition's
    subject: str
    preheader: str
    html: str
    text: str
    message: bytes  # the desk's own copy as RFC 5322 bytes; empty when it was not kept
    remarks: tuple[Remark, ...]
    data: Mapping[str, Any]  # issue.json
    evidence: Evidence | None = None  # what it was made from; None when that was not kept

    @property
    def id(self) -> str:
        """As in `Issue.id`; the live one has its slot too."""
        return str(self.data.get("id", f"{self.edition}/{self.label}"))


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
class Coming:
    """A slot that is due."""

    label: str
    when: str  # local time, with the zone's name
    note: str = ""  # what is special: the clock changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An issue that the store knows."""

    id: int
    label: str
    state: str  # IssueState
    reason: str
    when: str  # local time of the last change
    copies: Mapping[str, int]  # state -> number of readers' copies

    @property
    def held(self) -> bool:
        return self.state == "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What comes and what was."""

    lines: tuple[str, ...]  # cron lines; empty: made by hand only
    zone: str
    coming: tuple[Coming, ...]
    gone: tuple[Gone, ...]
    stuck: tuple[str, ...] = ()  # copies that need somebody, a line each
    hold: bool = False  # the next issue waits for an editor


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
