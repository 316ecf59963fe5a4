"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was looked at, how it is, and what to do."""

    subject: str
    state: str  # ok, warning, failed
    detail: str
    remedy: str = ""


def ok_diagnosis(subject: str, detail: str) -> Diagnosis:
    return Diagnosis(subject=subject, state="ok", detail=detail)


def warning_diagnosis(subject: str, detail: str, remedy: str) -> Diagnosis:
    return Diagnosis(subject=subject, state="warning", detail=detail, remedy=remedy)


def failed_diagnosis(subject: str, detail: str, remedy: str) -> Diagnosis:
    return Diagnosis(subject=subject, state="failed", detail=detail, remedy=remedy)
