"""mail: newsletters in .eml files, an .mbox file or a Maildir. Only read: nothing is moved, marked or locked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.sources.seen import load_message_history, message_id_of, save_message_history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.net.context import FetchContext

FROM_LINE = re.compile(rb"^From [^\r\n]*\r?\n", re.MULTILINE)
QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSource:
    """A mailbox on disk; keys are message ids."""

    name: str  # unique in the edition
    path: Path  # an .mbox file, a Maildir, a folder of .eml files, or one .eml file
    max_bytes: int = 10_000_000  # a larger message is named and left out
    max_mailbox: int = 500_000_000  # bytes of an .mbox file that are read at most

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        """Messages first met since the last issue; raises SourceError when there is no mailbox."""
        seen = load_message_history(visit, self.name, self.path.name)
        for label, message in self._read_messages():
            if isinstance(message, str) or not 0 < len(message) <= self.max_bytes:
                reason = message if isinstance(message, str) else f"{len(message)} bytes, at most {self.max_bytes}"
                yield Problem(
                    stage="collect", subject=f"{self.name}: {_printable_label(label)}", message=f"{reason}; left out"
                )
                continue
            key = message_id_of(message) or f"sha256:{sha256(message).hexdigest()[:32]}"
            if seen.note_if_new(key, visit):
                yield Raw(source=self.name, key=key, kind=DocumentKind.EML, body=message)
        save_message_history(seen, visit, self.name, self.path.name)

    def _read_messages(self) -> Iterator[tuple[str, bytes | str]]:
        """Each message with a label, or why it cannot be read."""
        try:
            if self.path.is_dir():
                yield from self._read_message_files()
            elif self.path.suffix.lower() == ".eml":
                yield self.path.name, self.path.read_bytes()
            elif self.path.stat().st_size > self.max_mailbox:
                raise SourceError(f"{self.name}: {self.path} is larger than max_mailbox: {self.max_mailbox}")
            else:
                yield from _split_mbox(self.path.read_bytes(), self.name)
        except OSError as error:
            raise SourceError(f"{self.name}: {self.path} cannot be read: {error.strerror or error}") from error

    def _read_message_files(self) -> Iterator[tuple[str, bytes | str]]:
        """The files of a Maildir (new and cur, never tmp), or all .eml files below a folder."""
        maildir = [self.path / name for name in ("new", "cur") if (self.path / name).is_dir()]
        found = [file for folder in maildir for file in folder.iterdir()] or list(self.path.rglob("*.eml"))
        inside = self.path.resolve()
        for file in sorted(found, key=lambda file: (file.name.split(":", 1)[0], str(file))):
            try:
                if not file.resolve().is_relative_to(inside) or not file.is_file():
                    yield file.name, "no regular file of this mailbox"
                elif file.stat().st_size > self.max_bytes:
                    yield file.name, f"{file.stat().st_size} bytes, at most {self.max_bytes}"
                else:
                    yield file.name, file.read_bytes()
            except OSError as error:
                yield file.name, f"cannot be read: {error.strerror or error}"


def _split_mbox(data: bytes, name: str) -> Iterator[tuple[str, bytes | str]]:
    """The messages of an mbox file (RFC 4155, with mboxrd's quoting)."""
    if not data.strip():
        return
    starts = [
        match for match in FROM_LINE.finditer(data) if match.start() == 0 or _follows_blank_line(data, match.start())
    ]
    if not starts or starts[0].start() != 0:
        raise SourceError(f"{name}: not an mbox file: it does not begin with a From line")
    ends = [*(match.start() for match in starts[1:]), len(data)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        message = data[start.end() : end]
        yield f"message {number}", QUOTED_FROM.sub(rb"\1", message) if b"\n>" in message else message


def _follows_blank_line(data: bytes, position: int) -> bool:
    return (
        data[:position].endswith((b"\n\n", b"\n\r\n"))
        if position < 4
        else data[position - 3 : position].endswith((b"\n\n", b"\n\r\n"))
    )


def _printable_label(label: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in label)
