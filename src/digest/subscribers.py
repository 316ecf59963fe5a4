"""Who reads an edition: a list from the configuration, or a file that is read anew, in a stream, for each issue."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.errors import ConfigError
from digest.model import Reader

COLUMNS = ("email", "name", "language", "timezone", "themes")
MAX_LINE_CHARACTERS = 100_000  # characters of a line; longer ones are no list of readers


@dataclass(frozen=True, slots=True)
class SubscriberFile:
    """The readers in a file: CSV with a heading (email, name?, language?, timezone?, themes?), or one address a line.

    Empty lines and lines that begin with `#` are passed over; themes are separated by `;`. An address that cannot be
    used is no mistake of the file: it is a reader to whom delivery fails, with a row that says so.
    """

    path: Path

    def check_first_lines(self) -> None:
        """Raise ConfigError with the line unless the file can be read and its heading is known."""
        for _ in itertools.islice(self, 1000):
            pass

    def __iter__(self) -> Iterator[Reader]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as stream:
                yield from self._read_readers(stream)
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{self.path}: is not UTF-8") from error

    def _read_readers(self, stream: Iterable[str]) -> Iterator[Reader]:
        lines = csv.reader(_blank_comment_lines(stream, self.path))
        heading: list[str] | None = None
        try:
            for fields in filter(None, lines):
                values = [value.strip() for value in fields]
                if heading is None and values[0].lower() in COLUMNS:
                    heading = self._parse_heading(values)
                    continue
                heading = heading or ["email"]
                if len(values) > len(heading):
                    raise ConfigError(f"{self.path}:{lines.line_num}: has {len(values)} columns, not {len(heading)}")
                yield self._parse_reader(dict(zip(heading, values, strict=False)), lines.line_num)
        except csv.Error as error:
            raise ConfigError(f"{self.path}:{lines.line_num}: is not CSV: {error}") from error

    def _parse_heading(self, values: list[str]) -> list[str]:
        heading = [value.lower() for value in values]
        unknown = [value for value in heading if value not in COLUMNS]
        if unknown or "email" not in heading or len(set(heading)) < len(heading):
            raise ConfigError(f"{self.path}:1: the heading is made of {', '.join(COLUMNS)}, each once, email at least")
        return heading

    def _parse_reader(self, row: dict[str, str], line: int) -> Reader:
        zone = row.get("timezone") or None
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (ValueError, OSError, KeyError) as error:
                raise ConfigError(f"{self.path}:{line}: unknown time zone {zone!r}") from error
        return Reader(
            email=row.get("email", ""),
            name=row.get("name") or None,
            language=row.get("language") or None,
            timezone=zone,
            themes=tuple(theme.strip() for theme in row.get("themes", "").split(";") if theme.strip()),
        )


def _blank_comment_lines(stream: Iterable[str], path: Path) -> Iterator[str]:
    """The lines, those without a reader empty, so that csv passes over them and still counts them."""
    for line in stream:
        if len(line) > MAX_LINE_CHARACTERS:
            raise ConfigError(f"{path}: holds a line of over {MAX_LINE_CHARACTERS:,} characters")
        yield "\n" if not line.strip() or line.lstrip().startswith("#") else line
