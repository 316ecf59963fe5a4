"""Past issues: what `digest build` saved in the folder of issues. Labels are looked up there, never joined from an address."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import StoreError
from digest.model import Letter, Reader
from digest.stages.explain import Evidence, from_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.config import Edition


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
        remarks=_remarks(html, message, data),
        data=data,
        evidence=from_json(_data(folder / "explain.json")),
    )


def saved_data(folder: Path) -> tuple[dict[str, Any], Evidence | None]:
    """issue.json and explain.json of a saved issue."""
    return _data(folder / "issue.json"), from_json(_data(folder / "explain.json"))


def saved_letter(folder: Path, edition: Edition) -> Letter:
    """The saved issue as a letter again: the desk's own token is its reader's mark."""
    data = _data(folder / "issue.json")
    try:
        slot, subject = str(data["slot"]), str(data["subject"])
        at = parsedate_to_datetime(_headers(folder).get("Date", ""))
    except (KeyError, ValueError) as error:
        raise StoreError(f"{folder.name}: was not saved whole; build it again") from error
    return Letter(
        issue=str(data["id"]),
        slot=slot,
        at=at,
        subject=subject,
        preheader=str(data.get("preheader", "")),
        html=_bytes(folder / "issue.html").decode("utf-8", "replace"),
        text=_bytes(folder / "issue.txt").decode("utf-8", "replace"),
        language=edition.language,
        mark=edition.token(Reader(email=edition.envelope.address)),
    )


def _headers(folder: Path) -> dict[str, str]:

    return dict(headers(_bytes(folder / "issue.eml")))


def _remarks(html: str, message: bytes, data: dict[str, Any]) -> tuple[Remark, ...]:
    from digest.stages.check import check_html, check_message, literals_in

    said = literals_in(data)
    found = check_message(message, said) if message else check_html(html, said)
    return tuple(Remark(level=str(finding.level), code=finding.code, message=finding.message) for finding in found)


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


def headers(message: bytes) -> list[tuple[str, str]]:
    """The header fields of a message in their order, decoded, each in one line."""
    head = message.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in message else message.partition(b"\n\n")[0]
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(head[:64_000])
    return [(name, _line(str(value))) for name, value in parsed.items()]


def _line(value: str) -> str:
    with suppress(LookupError, UnicodeError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())
