"""files: documents in a folder, chosen by a glob."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from digest.net.context import FetchContext

KIND_BY_SUFFIX = {
    ".txt": DocumentKind.TEXT,
    ".text": DocumentKind.TEXT,
    ".md": DocumentKind.TEXT,
    ".html": DocumentKind.HTML,
    ".htm": DocumentKind.HTML,
    ".xhtml": DocumentKind.HTML,
    ".eml": DocumentKind.EML,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSource:
    """Text, HTML and mail files of one folder; keys are paths relative to that folder."""

    name: str  # unique in the edition
    path: Path  # a file, a folder, or a glob such as seeds/*.txt or inbox/**/*.html
    kind: str | None = None  # text, html, eml or the name of an installed format; by default the suffix decides
    charset: str | None = None  # of all files, such as latin-1; by default it is found out
    max_bytes: int = 10_000_000  # a larger file is named and left out

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        """Every file, sorted by key; raises SourceError when there is none."""
        folder, pattern = _split_glob(self.path)
        found = sorted((path.relative_to(folder).as_posix(), path) for path in _matching_files(folder, pattern))
        if not found:
            raise SourceError(f"{self.name}: no file matches {self.path}; see its path: in the configuration")
        inside = folder.resolve()
        for key, path in found:
            yield self._read_file(key, path, inside, {**visit.suffixes, **KIND_BY_SUFFIX})

    def _read_file(self, key: str, path: Path, inside: Path, kinds: Mapping[str, str]) -> Raw | Problem:
        try:
            if not path.resolve().is_relative_to(inside):
                return self._problem(key, "a link that leads out of the source's folder; left out")
            kind = self.kind or kinds.get(path.suffix.lower())
            if kind is None:
                return self._problem(key, f"unknown kind of file; known are {' '.join(kinds)}, or say kind:")
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return self._problem(key, "not a regular file; left out")
            if not 0 < status.st_size <= self.max_bytes:
                size = f"{status.st_size} bytes, more than max_bytes: {self.max_bytes}" if status.st_size else "empty"
                return self._problem(key, f"{size}; left out")
            return Raw(source=self.name, key=key, kind=kind, body=path.read_bytes(), charset=self.charset)
        except OSError as error:
            return self._problem(key, f"cannot be read: {error.strerror or error}")
        except RuntimeError:  # until Python 3.13: a link in a circle
            return self._problem(key, f"cannot be read: {os.strerror(errno.ELOOP)}")

    def _problem(self, key: str, message: str) -> Problem:
        return Problem(stage="collect", subject=f"{self.name}: {_printable_key(key)}", message=message)


def _split_glob(path: Path) -> tuple[Path, str]:
    """The folder that surely is one, and the pattern below it; a name that exists is never a pattern."""
    folder = Path(path.anchor)
    parts = path.parts[1:] if path.anchor else path.parts
    for position, part in enumerate(parts):
        if not (folder / part).exists():
            return folder, "/".join(parts[position:])
        if position == len(parts) - 1 and not (folder / part).is_dir():
            return folder, part
        folder /= part
    return folder, "**/*"


def _matching_files(folder: Path, pattern: str) -> Iterator[Path]:
    """Files below the folder; hidden ones only where the pattern names them."""
    first = pattern.split("/", 1)[0]
    if ".." in pattern.split("/"):
        return
    literal = folder / pattern
    if literal.is_file():
        yield literal
    elif _is_glob(first):
        hidden = any(part.startswith(".") for part in pattern.split("/"))
        for path in folder.glob(pattern):
            shown = hidden or not any(part.startswith(".") for part in path.relative_to(folder).parts)
            if shown and not path.is_dir():
                yield path


def _is_glob(part: str) -> bool:
    return any(character in part for character in "*?[")


def _printable_key(key: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in key)
