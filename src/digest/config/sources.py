"""Sources added to and removed from config.yaml as text, so that its comments and its layout stay.

The parser's marks say where a list begins and ends; the text is changed there and nowhere else. The new file is read
in full before it takes the old one's place, and must hold exactly what was wanted: else nothing is changed.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from digest.config.document import parse_yaml, read_yaml
from digest.config.load import load
from digest.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

PLAIN_SCALAR = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")


def add_sources(path: Path, edition: str, sources: list[dict[str, Any]]) -> None:
    """Add sources at the end of an edition's list; raises ConfigError and changes nothing when that fails."""
    text, node, wanted = _read_source_list(path, edition)
    wanted["editions"][edition]["sources"] += sources
    lines = [_source_as_yaml(source) for source in sources]
    if node.flow_style:
        inside = text[node.start_mark.index : node.end_mark.index - 1].rstrip()
        comma = "" if inside.endswith(("[", ",")) else ", "
        cut = node.start_mark.index + len(inside)
        text = f"{text[:cut]}{comma}{', '.join(lines)}{text[cut:]}"
    else:
        ending = "\r\n" if "\r\n" in text else "\n"
        indent = " " * node.start_mark.column
        rows = text.splitlines(keepends=True)
        last = _last_line_of(node)
        if not rows[last].endswith("\n"):
            rows[last] += ending
        rows.insert(last + 1, "".join(f"{indent}- {line}{ending}" for line in lines))
        text = "".join(rows)
    _replace_file(path, text, wanted)


def remove_source(path: Path, edition: str, name: str) -> None:
    """Remove a source by its name; raises UsageError when there is none or no other is left."""
    text, node, wanted = _read_source_list(path, edition)
    listed = wanted["editions"][edition]["sources"]
    index = next((number for number, source in enumerate(listed) if source.get("name") == name), None)
    if index is None:
        known = ", ".join(str(source.get("name")) for source in listed)
        raise UsageError(f"edition {edition!r} has no source {name!r} (known: {known})")
    if len(listed) == 1:
        raise UsageError(f"{name!r} is the only source of edition {edition!r}; add another one first")
    del listed[index]
    items = node.value
    if node.flow_style:
        start = items[index - 1].end_mark.index if index else items[0].start_mark.index
        end = items[index].end_mark.index if index else items[1].start_mark.index
        text = text[:start] + text[end:]
    else:
        rows = text.splitlines(keepends=True)
        first = items[index].start_mark.line
        text = "".join(rows[:first] + rows[_last_line_of(items[index]) + 1 :])
    _replace_file(path, text, wanted)


def _read_source_list(path: Path, edition: str) -> tuple[str, Any, Any]:
    """The file's text, the node of the edition's list, and the data that it means."""
    import yaml

    data = read_yaml(path).data
    if edition not in data["editions"]:
        raise UsageError(f"no edition is called {edition!r} (known: {', '.join(data['editions'])})")
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    root = yaml.compose(text, Loader=yaml.SafeLoader)  # the pure loader counts its marks in characters
    return text, _child_node(_child_node(_child_node(root, "editions"), edition), "sources"), data


def _child_node(node: Any, name: str) -> Any:
    return next(value for key, value in node.value if key.value == name)


def _last_line_of(node: Any) -> int:
    """The last line that belongs to a node, counted from 0, without the comments after it."""
    while not getattr(node, "flow_style", True) and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    line: int = node.end_mark.line
    return line - 1 if node.end_mark.column == 0 and line > node.start_mark.line else line


def _source_as_yaml(source: dict[str, Any]) -> str:
    """A source on one line of YAML."""
    pairs = (f"{key}: {_scalar_as_yaml(value)}" for key, value in source.items())
    return "{" + ", ".join(pairs) + "}"


def _scalar_as_yaml(value: Any) -> str:
    if isinstance(value, str) and PLAIN_SCALAR.fullmatch(value) and value.lower() not in {"true", "false", "null"}:
        return value
    return json.dumps(value, ensure_ascii=False)


def _replace_file(path: Path, text: str, wanted: Any) -> None:
    """Put the new text in place of the old file, when it is valid and means what is wanted."""
    if parse_yaml(text.encode(), path).data != wanted:
        raise ConfigError(f"{path.name}: is written in a way that cannot be changed safely; please edit it by hand")
    mode = path.stat().st_mode & 0o777
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_bytes(text.encode())
        draft.chmod(mode)
        load(draft)
        draft.replace(target)
    except ConfigError as error:
        raise ConfigError(*(mistake.replace(draft.name, path.name) for mistake in error.mistakes)) from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
