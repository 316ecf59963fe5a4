"""What a rule says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Level(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # stops the send
    WARNING = "warning"  # shown
    INFO = "info"  # asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect."""

    level: Level
    code: str  # stable name of the rule
    message: str  # one line: what, and where


def blocking_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop a send."""
    return [finding for finding in findings if finding.level is Level.ERROR]


def error(code: str, message: str) -> Finding:
    return Finding(level=Level.ERROR, code=code, message=message)


def warning(code: str, message: str) -> Finding:
    return Finding(level=Level.WARNING, code=code, message=message)


def info(code: str, message: str) -> Finding:
    return Finding(level=Level.INFO, code=code, message=message)


def shorten(text: str, longest: int = 60) -> str:
    """`text` as it can stand in a message: one line, no controls, bounded."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * longest]).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
