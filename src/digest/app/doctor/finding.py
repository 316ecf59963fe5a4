"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and what to do."""

    subject: str
    state: str  # ok, warning, failed
    detail: str
    remedy: str = ""


def ok(subject: str, detail: str) -> Finding:
    return Finding(subject=subject, state="ok", detail=detail)


def warning(subject: str, detail: str, remedy: str) -> Finding:
    return Finding(subject=subject, state="warning", detail=detail, remedy=remedy)


def failed(subject: str, detail: str, remedy: str) -> Finding:
    return Finding(subject=subject, state="failed", detail=detail, remedy=remedy)
