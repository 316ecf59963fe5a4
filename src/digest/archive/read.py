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
from digest.stages.explain import IssueEvidence, parse_evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.config import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRemark:
    """One finding of the gate, as shown."""

    level: str  # error, warning or info
    code: str  # stable name of the rule
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePreview:
    """One issue as it can be looked at: both parts, the message, what the gate says, and the issue as data."""

    edition: str
    label: str  # live, or the slot as it stands in paths
    title: str  # the edition's
    subject: str
    preheader: str
    html: str
    text: str
    message: bytes  # the desk's own copy as RFC 5322 bytes; empty when it was not kept
    remarks: tuple[GateRemark, ...]
    data: Mapping[str, Any]  # issue.json
    evidence: IssueEvidence | None = None  # what it was made from; None when that was not kept

    @property
    def id(self) -> str:
        """As in `Issue.id`; the live one has its slot too."""
        return str(self.data.get("id", f"{self.edition}/{self.label}"))


SAVED_SLOT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{4}(?:[+-][0-9]{4})?)?")
MAX_FILE_BYTES = 20_000_000  # bytes of a file


def saved_slots(issues: Path, edition: str) -> tuple[str, ...]:
    """Labels of the saved issues of an edition, newest first."""
    try:
        found = [path.name for path in (issues / edition).iterdir() if (path / "issue.json").is_file()]
    except OSError:
        return ()
    return tuple(sorted((name for name in found if SAVED_SLOT.fullmatch(name)), reverse=True))


def read_issue_preview(folder: Path, *, edition: str, label: str, title: str) -> IssuePreview:
    """The issue saved in a folder, checked as it is now."""
    data = _read_json_object(folder / "issue.json")
    message = _read_bounded(folder / "issue.eml")
    html = _read_bounded(folder / "issue.html").decode("utf-8", "replace")
    return IssuePreview(
        edition=edition,
        label=label,
        title=title,
        subject=str(data.get("subject", label)),
        preheader=str(data.get("preheader", "")),
        html=html,
        text=_read_bounded(folder / "issue.txt").decode("utf-8", "replace"),
        message=message,
        remarks=_check_saved_issue(html, message, data),
        data=data,
        evidence=parse_evidence(_read_json_object(folder / "explain.json")),
    )


def read_issue_data(folder: Path) -> tuple[dict[str, Any], IssueEvidence | None]:
    """issue.json and explain.json of a saved issue."""
    return _read_json_object(folder / "issue.json"), parse_evidence(_read_json_object(folder / "explain.json"))


def read_letter(folder: Path, edition: Edition) -> Letter:
    """The saved issue as a letter again: the desk's own token is its reader's mark."""
    data = _read_json_object(folder / "issue.json")
    try:
        slot, subject = str(data["slot"]), str(data["subject"])
        at = parsedate_to_datetime(_read_headers(folder).get("Date", ""))
    except (KeyError, ValueError) as error:
        raise StoreError(f"{folder.name}: was not saved whole; build it again") from error
    return Letter(
        issue=str(data["id"]),
        slot=slot,
        at=at,
        subject=subject,
        preheader=str(data.get("preheader", "")),
        html=_read_bounded(folder / "issue.html").decode("utf-8", "replace"),
        text=_read_bounded(folder / "issue.txt").decode("utf-8", "replace"),
        language=edition.language,
        mark=edition.reader_token(Reader(email=edition.envelope.address)),
    )


def _read_headers(folder: Path) -> dict[str, str]:

    return dict(decode_headers(_read_bounded(folder / "issue.eml")))


def _check_saved_issue(html: str, message: bytes, data: dict[str, Any]) -> tuple[GateRemark, ...]:
    from digest.stages.check import check_html, check_message, source_texts_in_json

    said = source_texts_in_json(data)
    found = check_message(message, said) if message else check_html(html, said)
    return tuple(GateRemark(level=str(finding.level), code=finding.code, message=finding.message) for finding in found)


def _read_bounded(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_FILE_BYTES)
    except OSError:
        return b""


def _read_json_object(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(_read_bounded(path))
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def decode_headers(message: bytes) -> list[tuple[str, str]]:
    """The header fields of a message in their order, decoded, each in one line."""
    head = message.partition(b"\r\n\r\n")[0] if b"\r\n\r\n" in message else message.partition(b"\n\n")[0]
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(head[:64_000])
    return [(name, _decode_header_value(str(value))) for name, value in parsed.items()]


def _decode_header_value(value: str) -> str:
    with suppress(LookupError, UnicodeError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())
