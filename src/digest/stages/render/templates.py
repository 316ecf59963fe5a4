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

INCLUDE_MARK = re.compile(r"""\{%-?\s*include\s+["']([\w./-]+)["']\s*-?%\}""")
MAX_INCLUDE_DEPTH = 10  # parts within parts
FALLBACK_TEMPLATE = "default"


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A file of a template."""

    name: str
    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class TemplateFolders:
    """The folders that parts are looked up in, first one first."""

    folders: tuple[Path, ...]

    def find_file(self, name: str) -> TemplateFile:
        """The first part of that name; TemplateError when there is none."""
        for folder in self.folders:
            path = folder / name
            if path.is_file():
                return TemplateFile(name, path, _read_template(path))
        raise TemplateError(f"no template part {name!r} in {', '.join(map(str, self.folders))}")

    def string_languages(self) -> list[str]:
        """The languages that a table of strings is for."""
        tables = (path for folder in self.folders for path in folder.glob("strings/*.toml"))
        return sorted({path.stem for path in tables})

    def flatten_part(self, name: str) -> str:
        """The part with all that it includes in place.

        Includes must be in place before premailer: an included part that stays a mark gets no styles,
        and nothing complains.
        """
        return "".join(text for text, _ in self._flattened_pieces(name, 0))

    def line_origins(self, name: str) -> list[str]:
        """`path:line` for every line of the flattened part."""
        found = [""]
        for text, origin in self._flattened_pieces(name, 0):
            path, first = origin
            for number, line in enumerate(text.split("\n")):
                if number:
                    found.append("")
                if line.strip() or not found[-1]:
                    found[-1] = f"{path}:{first + number}"
        return found

    def _flattened_pieces(self, name: str, depth: int) -> list[tuple[str, tuple[Path, int]]]:
        """The flattened part as texts with the file and line that each one begins at."""
        if depth > MAX_INCLUDE_DEPTH:
            raise TemplateError(f"{name}: parts include each other more than {MAX_INCLUDE_DEPTH} deep")
        part = self.find_file(name)
        text = part.text if depth == 0 else part.text.rstrip("\n")
        found: list[tuple[str, tuple[Path, int]]] = []
        start = 0
        for mark in INCLUDE_MARK.finditer(text):
            found.append((text[start : mark.start()], (part.path, text.count("\n", 0, start) + 1)))
            found += self._flattened_pieces(mark[1], depth + 1)
            start = mark.end()
        return [*found, (text[start:], (part.path, text.count("\n", 0, start) + 1))]

    def included_names(self, name: str, depth: int = 0) -> list[str]:
        """The part and all that it includes, in order of appearance, once each."""
        found = [name]
        if depth <= MAX_INCLUDE_DEPTH:
            for inner in INCLUDE_MARK.findall(self.find_file(name).text):
                found += self.included_names(inner, depth + 1)
        return list(dict.fromkeys(found))


def packaged_folder() -> Path:
    """The folder `templates` as installed, or at the top of the source tree."""
    installed = Path(str(files("digest"))) / "templates"
    return installed if installed.is_dir() else Path(__file__).parents[4] / "templates"


def template_names() -> list[str]:
    """The names of the built-in templates."""
    return sorted(path.name for path in packaged_folder().iterdir() if (path / "story.html").is_file())


def template_folders(template: str, own: Path | None = None) -> TemplateFolders:
    """The folders of a built-in template under a user's folder. TemplateError when either is missing."""
    root = packaged_folder()
    names = template_names()
    if template not in names:
        raise TemplateError(f"there is no template {template!r}; there are: {', '.join(names)}")
    if own is not None and not own.is_dir():
        raise TemplateError(f"{own}: no such folder of templates")
    folders = (own, root / template, root / FALLBACK_TEMPLATE, root)
    return TemplateFolders(tuple(dict.fromkeys(folder for folder in folders if folder is not None)))


def part_names(template: str) -> list[str]:
    """The names of all parts that a built-in template is made of, with its own and the default's."""
    found = template_folders(template)
    return sorted({*found.included_names("issue.html"), *found.included_names("issue.txt")})


def eject_parts(template: str, folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Copy parts of a built-in template into a folder, all of them or the named ones; give what was written.

    Never overwrites: TemplateError names the first file that is there.
    """
    found = template_folders(template)
    parts = [found.find_file(name) for name in names or part_names(template)]
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


def stray_files(template: str, own: Path) -> list[tuple[Path, str | None]]:
    """Files of a user's folder that no template includes, each with the part it was perhaps meant to be."""
    found = template_folders(template, own)
    used = {*found.included_names("issue.html"), *found.included_names("issue.txt")}
    files_there = sorted(path for path in own.rglob("*") if path.suffix in {".html", ".txt", ".css"})
    unused = [path for path in files_there if path.relative_to(own).as_posix() not in used]
    return [(path, next(iter(get_close_matches(path.name, used, n=1)), None)) for path in unused]


def _read_template(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: {error}") from error
