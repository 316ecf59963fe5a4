"""Numbers about a proof that the head of its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.archive.read import IssuePreview

GMAIL_CLIP_BYTES = 102_400  # bytes of HTML after which Gmail cuts a message off
NEAR_CLIP_SHARE = 0.9  # of it: time to say so


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStats:
    """The head of a proof."""

    stories: int
    available: int  # stories there were to choose from
    left_out: int  # articles that are not printed
    articles: int
    minutes: int
    bytes: int  # of the HTML part, decoded
    errors: int
    warnings: int

    @property
    def clip_percent(self) -> int:
        """Percent of what Gmail shows."""
        return round(100 * self.bytes / GMAIL_CLIP_BYTES)

    @property
    def size_text(self) -> str:
        """`6.1 KB of 102`, with the unit in which Gmail's limit is known."""
        return f"{self.bytes / 1000:.1f} of {GMAIL_CLIP_BYTES / 1000:.0f} KB"

    @property
    def size_level(self) -> str:
        """ok, near or over the limit."""
        return (
            "over"
            if self.bytes > GMAIL_CLIP_BYTES
            else "near"
            if self.bytes > NEAR_CLIP_SHARE * GMAIL_CLIP_BYTES
            else "ok"
        )


def issue_stats(proof: IssuePreview) -> IssueStats:
    """What the head says."""
    counts = proof.data.get("counts", {})
    return IssueStats(
        stories=counts.get("stories", 0),
        available=max(counts.get("available", 0), counts.get("stories", 0)),
        left_out=len(proof.data.get("left_out", ())),
        articles=counts.get("articles", 0),
        minutes=counts.get("minutes", 0),
        bytes=len(proof.html.encode("utf-8", "replace")),
        errors=sum(remark.level == "error" for remark in proof.remarks),
        warnings=sum(remark.level == "warning" for remark in proof.remarks),
    )
