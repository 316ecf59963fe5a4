"""Frozen dataclasses as configuration: pydantic reads them, so types, defaults and the schema come from one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args, get_type_hints

from digest import registry
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from pydantic import TypeAdapter

    from digest.config.document import ConfigPath, YamlDocument

    Known = Callable[[ConfigPath], tuple[str, ...]]

SHAPE_NAMES = {  # pydantic's types of errors -> what a reader of YAML calls the right thing
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "path_type": "a path",
}


def type_adapter(cls: type[Any]) -> TypeAdapter[Any]:
    """A validator of `cls` that refuses unknown keys, here and in every dataclass among its fields."""
    return _cached_type_adapter(cast("Hashable", cls))


@cache
def _cached_type_adapter(cls: Any) -> TypeAdapter[Any]:
    """Made once for each class: a list of a thousand feeds would wait seconds for a thousand of them."""
    from pydantic import TypeAdapter

    _forbid_unknown_keys(cls)
    return TypeAdapter(cls)


def _forbid_unknown_keys(cls: type[Any]) -> None:
    from pydantic import ConfigDict

    if "__pydantic_config__" in vars(cls):
        return
    cls.__pydantic_config__ = ConfigDict(extra="forbid", hide_input_in_errors=True, strict=False)
    for hint in get_type_hints(cls).values():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and dataclasses.is_dataclass(part):
                _forbid_unknown_keys(part)


def option_names(cls: type[Any]) -> tuple[str, ...]:
    """Names of the options of a plug-in."""
    return tuple(field.name for field in dataclasses.fields(cls) if field.init)


def with_absolute_paths(plugin: Any, folder: Path) -> Any:
    """The plug-in with every relative path of its options taken from `folder`."""
    changes = {
        field.name: folder / value
        for field in dataclasses.fields(plugin)
        if isinstance(value := getattr(plugin, field.name), Path)
    }
    return dataclasses.replace(plugin, **changes) if changes else plugin


class PluginReader:
    """Makes plug-ins out of mappings; mistakes are gathered in `validation_mistakes`, each with its place."""

    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self.mistakes: list[str] = []

    def add_mistake(self, path: ConfigPath, message: str, *, key: bool = False) -> None:
        """Note a mistake at its place in the file."""
        self.mistakes.append(f"{self.document.location(path, key=key)}: {dotted_path(path)}: {message}")

    def read_plugin(self, family: str, data: Any, path: ConfigPath, *, name_key: str = "type") -> Any | None:
        """The plug-in that a mapping describes, or None after noting why not."""
        if not isinstance(data, dict) or not isinstance(data.get(name_key), str):
            self.mistakes.append(
                f"{self.document.location(path)}: {dotted_path(path)}: is a mapping with the key {name_key!r} "
                f"(one of {', '.join(registry.plugin_names(family))})"
            )
            return None
        name = data[name_key]
        rest = {key: value for key, value in data.items() if key != name_key}
        try:
            cls = registry.find_plugin(family, name)
        except UsageError as error:
            self.mistakes.append(
                f"{self.document.location((*path, name_key))}: {dotted_path((*path, name_key))}: {error}"
            )
            return None
        return self.read_dataclass(cls, rest, path)

    def read_dataclass(self, cls: type[Any], data: Any, path: ConfigPath) -> Any | None:
        """An instance of the dataclass `cls`, anchored at the configuration's folder."""
        from pydantic import ValidationError

        try:
            made = type_adapter(cls).validate_python(data)
        except ValidationError as error:
            self.mistakes += validation_mistakes(error, self.document, path, lambda loc: _option_names_at(cls, loc))
            return None
        return with_absolute_paths(made, self.document.path.resolve().parent)


def validation_mistakes(error: Any, document: YamlDocument, prefix: ConfigPath, known: Known) -> Iterator[str]:
    """One line for each place with an error of a pydantic ValidationError; the value itself is never shown.

    `known` gives the keys that may stand at a place within `prefix`.
    """
    from digest.config.settings import misplaced_key_message

    found: dict[ConfigPath, list[Any]] = {}
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        loc = _place_in_file(item, _value_at(document.data, prefix))
        if loc is not None:
            found.setdefault(loc, []).append(item)
    for loc, items in found.items():
        path = (*prefix, *loc)
        unknown = items[0]["type"] in {"extra_forbidden", "unexpected_keyword_argument"}
        key = str(path[-1]) if path else ""
        message = (
            (misplaced_key_message(key, path[:-1]) or unknown_key_message(key, known(loc[:-1])))
            if unknown
            else _expected_shapes(items)
        )
        yield f"{document.location(path, key=unknown)}: {dotted_path(path)}: {message}"


def _value_at(data: Any, path: ConfigPath) -> Any:
    """The value there, or None: what the file leaves out has its defaults."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _place_in_file(item: Any, data: Any) -> ConfigPath | None:
    """The place of an error in the file: pydantic puts the names of its types between the keys.

    None for the errors of an alternative that was not meant: a mapping that is no text either.
    """
    path: list[str | int] = []
    last = len(item["loc"]) - 1
    for number, part in enumerate(item["loc"]):
        if (isinstance(data, dict) and part in data) or (isinstance(data, list) and isinstance(part, int)):
            data = data[part]
        elif (isinstance(data, (dict, list)) and part == "str") or (isinstance(data, str) and number < last):
            return None
        elif not (number == last and item["type"] in {"missing", "missing_argument", "missing_keyword_only_argument"}):
            continue
        path.append(part)
    return tuple(path)


def _expected_shapes(items: list[Any]) -> str:
    """What should stand at a place; for alternatives all of them."""
    shapes = [SHAPE_NAMES[item["type"]] for item in items if item["type"] in SHAPE_NAMES]
    return f"is {' or '.join(dict.fromkeys(shapes))}" if len(shapes) == len(items) else plain_message(items[-1]["msg"])


def _option_names_at(cls: type[Any], loc: ConfigPath) -> tuple[str, ...]:
    """Names of the options of the dataclass that stands at `loc` within `cls`."""
    for name in loc:
        inner = get_type_hints(cls).get(str(name))
        if not isinstance(inner, type) or not dataclasses.is_dataclass(inner):
            break
        cls = inner
    return option_names(cls)


def unknown_key_message(key: str, known: tuple[str, ...]) -> str:
    """`unknown key (did you mean 'limit'?)`."""
    from difflib import get_close_matches

    near = get_close_matches(key, known, n=1, cutoff=0.6)
    return f"unknown key (did you mean {near[0]!r}?)" if near else f"unknown key (known: {', '.join(known)})"


def plain_message(message: str) -> str:
    """pydantic's message as a reader of YAML would say it."""
    message = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if message.startswith("Input should be "):
        return f"is {message.removeprefix('Input should be ')}"
    return {"Field required": "is missing", "Missing required argument": "is missing"}.get(
        message, message[:1].lower() + message[1:]
    )


def dotted_path(path: ConfigPath) -> str:
    """`editions.nato.sources.0.path`, without control characters."""
    text = ".".join(str(part) for part in path) or "the file"
    return "".join(character if character.isprintable() else "?" for character in text)
