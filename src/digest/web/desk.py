"""What the pages ask for, and the nouns that answer. The pages know nothing of how an issue is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Article

LIVE = "live"  # the label of the issue that is made from the sources as they are now


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One finding of the gate, as shown."""

    level: str  # error or warning
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
    articles: tuple[Article, ...] = ()  # what it was made from; empty for a past issue

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
