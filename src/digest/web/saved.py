"""Past issues: what `digest build` saved in the folder of issues. Labels are looked up there, never joined from an address."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from digest.web.desk import Proof, Remark

LABEL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{4}(?:[+-][0-9]{4})?)?")
MOST = 20_000_000  # bytes of a file


def labels(issues: Path, edition: str) -> tuple[str, ...]:
    """Labels of the saved issues of an edition, newest first."""
    try:
        found = [path.name for path in (issues / edition).iterdir() if (path / "issue.json").is_file()]
    except OSError:
        return ()
    return tuple(sorted((name for name in found if LABEL.fullmatch(name)), reverse=True))


def saved_proof(folder: Path, *, edition: str, label: str, title: str) -> Proof:
    """The issue saved in a folder, checked as it is now."""
    data = _data(folder / "issue.json")
    message = _bytes(folder / "issue.eml")
    html = _bytes(folder / "issue.html").decode("utf-8", "replace")
    return Proof(
        edition=edition,
        label=label,
        title=title,
        subject=str(data.get("subject", label)),
        preheader=str(data.get("preheader", "")),
        html=html,
        text=_bytes(folder / "issue.txt").decode("utf-8", "replace"),
        message=message,
        remarks=_remarks(html, message),
        data=data,
    )


def _remarks(html: str, message: bytes) -> tuple[Remark, ...]:
    from digest.check import check_html, check_message

    found = check_message(message) if message else check_html(html)
    return tuple(Remark(level=finding.level, code=finding.code, message=finding.message) for finding in found)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST)
    except OSError:
        return b""


def _data(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(_bytes(path))
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
