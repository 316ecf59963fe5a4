"""Where template parts come from, and how a template's parts become one text.

A part is looked up in the user's folder, then in the packaged template, then in the packaged default.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from digest.errors import TemplateError

INCLUDE = re.compile(r"""\{%-?\s*include\s+["']([\w./-]+)["']\s*-?%\}""")
DEEPEST = 10  # parts within parts
FALLBACK = "default"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a template."""

    name: str
    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folders that parts are looked up in, first one first."""

    folders: tuple[Path, ...]

    def part(self, name: str) -> Part:
        """The first part of that name; TemplateError when there is none."""
        for folder in self.folders:
            path = folder / name
            if path.is_file():
                return Part(name, path, _read(path))
        raise TemplateError(f"no template part {name!r} in {', '.join(map(str, self.folders))}")

    def languages(self) -> list[str]:
        """The languages that a table of strings is for."""
        tables = (path for folder in self.folders for path in folder.glob("strings/*.toml"))
        return sorted({path.stem for path in tables})

    def flatten(self, name: str) -> str:
        """The part with all that it includes in place.

        Includes must be in place before premailer: an included part that stays a mark gets no styles,
        and nothing complains.
        """
        return "".join(text for text, _ in self._pieces(name, 0))

    def origins(self, name: str) -> list[str]:
        """`path:line` for every line of the flattened part."""
        found = [""]
        for text, origin in self._pieces(name, 0):
            path, first = origin
            for number, line in enumerate(text.split("\n")):
                if number:
                    found.append("")
                if line.strip() or not found[-1]:
                    found[-1] = f"{path}:{first + number}"
        return found

    def _pieces(self, name: str, depth: int) -> list[tuple[str, tuple[Path, int]]]:
        """The flattened part as texts with the file and line that each one begins at."""
        if depth > DEEPEST:
            raise TemplateError(f"{name}: parts include each other more than {DEEPEST} deep")
        part = self.part(name)
        text = part.text if depth == 0 else part.text.rstrip("\n")
        found: list[tuple[str, tuple[Path, int]]] = []
        start = 0
        for mark in INCLUDE.finditer(text):
            found.append((text[start : mark.start()], (part.path, text.count("\n", 0, start) + 1)))
            found += self._pieces(mark[1], depth + 1)
            start = mark.end()
        return [*found, (text[start:], (part.path, text.count("\n", 0, start) + 1))]

    def names(self, name: str, depth: int = 0) -> list[str]:
        """The part and all that it includes, in order of appearance, once each."""
        found = [name]
        if depth <= DEEPEST:
            for inner in INCLUDE.findall(self.part(name).text):
                found += self.names(inner, depth + 1)
        return list(dict.fromkeys(found))


def packaged() -> Path:
    """The folder `templates` as installed, or at the top of the source tree."""
    installed = Path(str(files("digest"))) / "templates"
    return installed if installed.is_dir() else Path(__file__).parents[4] / "templates"


def templates() -> list[str]:
    """The names of the built-in templates."""
    return sorted(path.name for path in packaged().iterdir() if (path / "story.html").is_file())


def shelf(template: str, own: Path | None = None) -> Shelf:
    """The shelf of a built-in template under a user's folder. TemplateError when either is missing."""
    root = packaged()
    names = templates()
    if template not in names:
        raise TemplateError(f"there is no template {template!r}; there are: {', '.join(names)}")
    if own is not None and not own.is_dir():
        raise TemplateError(f"{own}: no such folder of templates")
    folders = (own, root / template, root / FALLBACK, root)
    return Shelf(tuple(dict.fromkeys(folder for folder in folders if folder is not None)))


def parts_of(template: str) -> list[str]:
    """The names of all parts that a built-in template is made of, with its own and the default's."""
    found = shelf(template)
    return sorted({*found.names("issue.html"), *found.names("issue.txt")})


def eject(template: str, folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Copy parts of a built-in template into a folder, all of them or the named ones; give what was written.

    Never overwrites: TemplateError names the first file that is there.
    """
    found = shelf(template)
    parts = [found.part(name) for name in names or parts_of(template)]
    for part in parts:
        if (folder / part.name).exists():
            raise TemplateError(f"{folder / part.name} is there already; remove it first")
    try:
        for part in parts:
            (folder / part.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / part.name).write_text(part.text, "utf-8")
    except OSError as error:
        raise TemplateError(f"{folder}: {error.strerror}") from error
    return [folder / part.name for part in parts]


def strays(template: str, own: Path) -> list[tuple[Path, str | None]]:
    """Files of a user's folder that no template includes, each with the part it was perhaps meant to be."""
    found = shelf(template, own)
    used = {*found.names("issue.html"), *found.names("issue.txt")}
    files_there = sorted(path for path in own.rglob("*") if path.suffix in {".html", ".txt", ".css"})
    unused = [path for path in files_there if path.relative_to(own).as_posix() not in used]
    return [(path, next(iter(get_close_matches(path.name, used, n=1)), None)) for path in unused]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from error
