"""stdin: one document, or JSON Lines as `digest stage clean` takes them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.net.context import FetchContext


@dataclass(frozen=True, slots=True, kw_only=True)
class StdinSource:
    """Standard input, read to its end."""

    name: str = "stdin"  # unique in the edition
    kind: str = DocumentKind.TEXT  # of a single document: text, html, eml or the name of an installed format
    max_bytes: int = 50_000_000  # more is refused

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:  # noqa: ARG002 - it is all new
        """One document, or one for each line when the first byte is `{`; raises SourceError when there is nothing."""
        if sys.stdin is None or sys.stdin.isatty():
            raise SourceError(f"{self.name}: nothing is piped into standard input")
        data = sys.stdin.buffer.read(self.max_bytes + 1)
        if len(data) > self.max_bytes:
            raise SourceError(f"{self.name}: more than max_bytes: {self.max_bytes}")
        if not data.strip():
            raise SourceError(f"{self.name}: standard input is empty")
        if not data.lstrip().startswith(b"{"):
            yield Raw(source=self.name, key=self.name, kind=self.kind, body=data)
            return
        for number, line in enumerate(data.splitlines(), start=1):
            if line.strip():
                yield self._parse_line(number, line)

    def _parse_line(self, number: int, line: bytes) -> Raw | Problem:
        try:
            read: Any = json.loads(line)
        except (ValueError, RecursionError):
            read = None
        kinds = [kind for kind in DocumentKind if isinstance(read, dict) and isinstance(read.get(kind.value), str)]
        if not kinds:
            message = "no JSON object with text, html or eml; left out"
            return Problem(stage="collect", subject=f"{self.name}: line {number}", message=message)
        return Raw(
            source=self.name,
            key=str(read.get("id") or f"line {number}"),
            kind=kinds[0],
            body=_original_bytes(read[kinds[0].value]),
            charset="utf-8",
            title=_nonblank_text(read, "title"),
            url=_nonblank_text(read, "url"),
        )


def _original_bytes(text: str) -> bytes:
    """The document as it was: bytes that were no UTF-8 came as lone surrogates."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _nonblank_text(read: dict[str, Any], name: str) -> str | None:
    value = read.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) and value.strip() else None
