"""A YAML file as plain data in which every value still knows its line and column.

The reading is stricter than YAML 1.1, because each of its surprises reached somebody's mail: only
`true` and `false` are booleans (not `no`, not `on`), numbers are decimal without underscores or
sexagesimals, a key may stand once, merge keys and tags are refused, and depth and aliases are bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digest.errors import ConfigError

ConfigPath = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_ALIASES = 100
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}([eE][-+]?[0-9]{1,2})?")
CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlDocument:
    """The data of a file and the place of each of its values."""

    path: Path
    data: Any
    marks: dict[ConfigPath, tuple[int, int]] = field(default_factory=dict)  # path -> line, column from 1
    key_marks: dict[ConfigPath, tuple[int, int]] = field(default_factory=dict)  # the same for mapping keys

    def location(self, path: ConfigPath, *, key: bool = False) -> str:
        """`config.yaml:5:3` for the value (or key) at `path`, or for its nearest known parent."""
        place = self.key_marks.get(path) if key else None
        while place is None and path not in self.marks and path:
            path = path[:-1]
        line, column = place or self.marks.get(path, (1, 1))
        return f"{self.path.name}:{line}:{column}"


def read_yaml(path: Path) -> YamlDocument:
    """The document in a file; ConfigError with one line for each thing that is wrong."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: no such file (`digest init` writes one)") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    return parse_yaml(data, path)


def parse_yaml(data: bytes, path: Path) -> YamlDocument:
    """The document in `data`; `path` only names it."""
    text = _decode_utf8(data, path)
    root = _compose_nodes(text, path)
    if root is None:
        raise ConfigError(f"{path.name}: is empty (`digest init` writes an example)")
    return _NodeReader(path).read_document(root)


def _decode_utf8(data: bytes, path: Path) -> str:
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path.name}: is larger than {MAX_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path.name}:{line}: is not UTF-8 (byte {error.start})") from error


def _compose_nodes(text: str, path: Path) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_deep_nesting(text, path)
        return yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path.name}:{mark.line + 1}:{mark.column + 1}" if mark else path.name
        if "nesting" in (error.problem or ""):  # PyYAML 6.0.4 has a limit of its own, which it meets before ours
            raise ConfigError(_nesting_mistake(where)) from error
        raise ConfigError(f"{where}: is not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.name}: is not valid YAML: {_printable_message(error)}") from error
    except (RecursionError, ValueError) as error:
        raise ConfigError(f"{path.name}: is not valid YAML: a value is out of range") from error


def _refuse_deep_nesting(text: str, path: Path) -> None:
    """Walk the events first: composing recurses in C, where deep nesting ends the process."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ConfigError(_nesting_mistake(f"{path.name}:{line}"))


def _nesting_mistake(where: str) -> str:
    return f"{where}: is nested deeper than {MAX_DEPTH} levels"


def _printable_message(error: Exception) -> str:
    text = " ".join(str(error).split())
    return "".join(character if character.isprintable() else "?" for character in text)[:200]


class _NodeReader:
    """Walks the nodes with a bound on depth and aliases; gathers every mistake before it complains."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.marks: dict[ConfigPath, tuple[int, int]] = {}
        self.key_marks: dict[ConfigPath, tuple[int, int]] = {}
        self.mistakes: list[str] = []
        self.seen: dict[int, int] = {}

    def read_document(self, root: Any) -> YamlDocument:
        data = self._read_value(root, ())
        if self.mistakes:
            raise ConfigError(*self.mistakes)
        return YamlDocument(path=self.path, data=data, marks=self.marks, key_marks=self.key_marks)

    def _add_mistake(self, node: Any, message: str) -> None:
        mark = node.start_mark
        self.mistakes.append(f"{self.path.name}:{mark.line + 1}:{mark.column + 1}: {message}")

    def _read_value(self, node: Any, path: ConfigPath) -> Any:
        import yaml

        self.marks[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if len(path) > MAX_DEPTH:
            raise ConfigError(f"{self.path.name}: is nested deeper than {MAX_DEPTH} levels, or refers to itself")
        if isinstance(node, yaml.ScalarNode):
            return self._read_scalar(node)
        self.seen[id(node)] = self.seen.get(id(node), 0) + 1
        if sum(self.seen.values()) - len(self.seen) > MAX_ALIASES:
            raise ConfigError(f"{self.path.name}: repeats more than {MAX_ALIASES} values by alias")
        if isinstance(node, yaml.SequenceNode):
            if node.tag != "tag:yaml.org,2002:seq":
                self._add_mistake(node, f"tags are not supported: {node.tag}")
            return [self._read_value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._read_mapping(node, path)

    def _read_mapping(self, node: Any, path: ConfigPath) -> dict[str, Any]:
        import yaml

        if node.tag != "tag:yaml.org,2002:map":
            self._add_mistake(node, f"tags are not supported: {node.tag}")
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
                self._add_mistake(key_node, "merge keys and composed keys are not supported: write the values out")
                continue
            key = key_node.value
            if key in result:
                self._add_mistake(key_node, f"the key {key!r} stands twice")
                continue
            self.key_marks[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = self._read_value(value_node, (*path, key))
        return result

    def _read_scalar(self, node: Any) -> Any:
        if node.tag.startswith("!") or "python" in node.tag or "binary" in node.tag:
            self._add_mistake(node, f"tags are not supported: {node.tag}")
        if node.style in {"'", '"', "|", ">"}:
            return node.value
        value: str = node.value
        if value.lower() in CONSTANTS and value in {value.lower(), value.capitalize(), value.upper()}:
            return CONSTANTS[value.lower()]
        if INTEGER.fullmatch(value):
            return int(value)
        if DECIMAL.fullmatch(value):
            return float(value)
        return value
