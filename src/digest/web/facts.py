"""Numbers about a proof that the head of its page shows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.web.desk import Proof

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


def headers(message: bytes) -> list[tuple[str, str]]:
    """The header fields of a message in their order, decoded, each in one line."""
    head = message.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in message else message.partition(b"\n\n")[0]
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(head[:64_000])
    return [(name, _line(str(value))) for name, value in parsed.items()]


def _line(value: str) -> str:
    with suppress(LookupError, UnicodeError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())
