"""Numbers about a proof that the head of its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.archive.read import Proof

CLIP = 102_400  # bytes of HTML after which Gmail cuts a message off
NEAR = 0.9  # of it: time to say so


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The head of a proof."""

    stories: int
    articles: int
    minutes: int
    bytes: int  # of the HTML part, decoded
    errors: int
    warnings: int

    @property
    def share(self) -> int:
        """Percent of what Gmail shows."""
        return round(100 * self.bytes / CLIP)

    @property
    def size(self) -> str:
        """`6.1 KB of 102`, with the unit in which Gmail's limit is known."""
        return f"{self.bytes / 1000:.1f} of {CLIP / 1000:.0f} KB"

    @property
    def level(self) -> str:
        """ok, near or over the limit."""
        return "over" if self.bytes > CLIP else "near" if self.bytes > NEAR * CLIP else "ok"


def facts(proof: Proof) -> Facts:
    """What the head says."""
    counts = proof.data.get("counts", {})
    return Facts(
        stories=counts.get("stories", 0),
        articles=counts.get("articles", 0),
        minutes=counts.get("minutes", 0),
        bytes=len(proof.html.encode("utf-8", "replace")),
        errors=sum(remark.level == "error" for remark in proof.remarks),
        warnings=sum(remark.level == "warning" for remark in proof.remarks),
    )
