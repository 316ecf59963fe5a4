"""Writes docs/reference/ from the code: `python docs/reference.py`. A test fails when the pages are not what this writes."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import io
import re
import sys
import tokenize
import types
import typing
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from digest import registry
from digest.cli import COMMANDS, EXIT_CODES
from digest.config.settings import AlarmSettings, EditionSettings, ReaderSettings, Settings, ThemeSettings

FOLDER = Path(__file__).resolve().parent / "reference"
MADE = "<!-- Made by docs/reference.py from the code. Change the code instead. -->\n"


def pages() -> dict[str, str]:
    """Every page by its name."""
    return {"commands.md": commands(), "configuration.md": configuration()}


def commands() -> str:
    """One section for each command."""
    lines = [MADE, "# Commands\n", "Data goes to stdout, talk to stderr.\n", exit_codes()]
    for name in sorted(COMMANDS):
        for path, command in leaves(import_module(f"digest.cli.{name}").command, (name,)):
            lines += section(path, command)
    return "\n".join(lines)


def exit_codes() -> str:
    """The table of exit codes."""
    text = EXIT_CODES.removeprefix("\b\n").replace("\n", " · ").removeprefix("Exit codes: ")
    rows = [part.strip().partition(" ") for part in text.split("·")]
    return "\n".join(["| exit code | means |", "|---|---|", *(f"| {code} | {what} |" for code, _, what in rows)]) + "\n"


def leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """The commands that do something, with their names."""
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from leaves(command.commands[name], (*path, name))
    else:
        yield path, command


def section(path: tuple[str, ...], command: click.Command) -> list[str]:
    """One command: what it does, an example, its options."""
    text, _, example = inspect.cleandoc(command.help or "").partition("\b\nExample:\n")
    usage = " ".join(argument.make_metavar(click.Context(command)) for argument in arguments(command))
    lines = [
        f"## digest {' '.join(path)}\n",
        f"    digest {' '.join((*path, usage))} [OPTIONS]\n" if usage else "",
        text.strip() + "\n",
    ]
    if example.strip():
        lines += ["```sh", inspect.cleandoc(example), "```\n"]
    options = [option for option in command.params if isinstance(option, click.Option)]
    if options:
        lines += ["| option | default | meaning |", "|---|---|---|"]
        lines += [f"| {spelled(option)} | {shown(option)} | {cell(option.help or '')} |" for option in options]
        lines.append("")
    return lines


def arguments(command: click.Command) -> list[click.Argument]:
    return [argument for argument in command.params if isinstance(argument, click.Argument)]


def spelled(option: click.Option) -> str:
    """`-q`, `--quiet` or `--at ISO`."""
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names
    choices = getattr(option.type, "choices", None)
    value = option.metavar or ("|".join(map(str, choices)) if choices else option.type.name.upper())
    return f"{names} {cell(value)}"


def shown(option: click.Option) -> str:
    """The default, where it is worth a word."""
    given = option.default
    if option.is_flag or given in (None, ()) or "UNSET" in repr(given) or callable(given):
        return ""
    return f"`{given}`"


def configuration() -> str:
    """Every key of config.yaml."""
    from digest.groupers.discovered import DiscoveredGrouper
    from digest.mail.message import Dkim, Links
    from digest.model import Length
    from digest.schedule.slots import Schedule
    from digest.stages.filter import ArticleRule, SourceCredit
    from digest.stages.render import Style
    from digest.stages.render.style import Colours

    lines = [
        MADE,
        "# Configuration\n",
        "One YAML file. Unknown keys are mistakes, told with line, column and the nearest right key;",
    ]
    lines += ["`digest config show` prints every default, `digest config schema` the JSON Schema for editors.\n"]
    lines += model("The file", Settings) + model("alarm", AlarmSettings) + model("editions.KEY", EditionSettings)
    lines += model("editions.KEY.themes[]", ThemeSettings) + model("editions.KEY.subscribers[]", ReaderSettings)
    for family, key, name_key in (
        ("sources", "sources[]", "type"),
        ("summarisers", "summary", "method"),
        ("channels", "deliver[]", "type"),
    ):
        for name in sorted(registry.BUILT_IN[family]):
            lines += plugin(f"editions.KEY.{key}, {name_key}: {name}", registry.find_plugin(family, name))
    lines += plugin("editions.KEY.sources[], of every type: which articles are taken", ArticleRule)
    lines += plugin("editions.KEY.sources[], of every type: how they are credited", SourceCredit)[:-1]
    lines += ["| `tier` | number | `2` | 1 counts most among equals, 3 least ([how](../choice.md)) |", ""]
    for title, cls in (
        ("length", Length),
        ("schedule", Schedule),
        ("style", Style),
        ("style.light, style.dark", Colours),
        ("links", Links),
        ("dkim", Dkim),
    ):
        lines += plugin(f"editions.KEY.{title}", cls)
    lines += plugin("Discovered themes (`discover: true`, or no `themes:`)", DiscoveredGrouper)
    return "\n".join(lines)


def model(title: str, cls: Any) -> list[str]:
    """The keys of a pydantic model."""
    lines = [f"## {title}\n", f"{first_line(cls)}\n", "| key | type | default | meaning |", "|---|---|---|---|"]
    for name, field in cls.model_fields.items():
        default = "required" if field.is_required() else literal(field.get_default(call_default_factory=True))
        lines.append(
            f"| `{field.alias or name}` | {kind(field.annotation)} | {default} | {cell(field.description or comments(cls).get(name, ''))} |"
        )
    return [*lines, ""]


def plugin(title: str, cls: Any) -> list[str]:
    """The options of a plug-in: its fields, with the comments that stand beside them."""
    lines = [f"## {title}\n", f"{first_line(cls)}\n"]
    fields = [field for field in dataclasses.fields(cls) if field.init]
    if not fields:
        return [*lines, "No options.\n"]
    said, hints = comments(cls), typing.get_type_hints(cls, include_extras=True)
    lines += ["| key | type | default | meaning |", "|---|---|---|---|"]
    for field in fields:
        lines.append(
            f"| `{field.name}` | {kind(hints[field.name])} | {default_of(field)} | {cell(said.get(field.name, ''))} |"
        )
    return [*lines, ""]


def default_of(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        return literal(field.default)
    if field.default_factory is not dataclasses.MISSING:
        return literal(field.default_factory())
    return "required"


def comments(cls: Any) -> dict[str, str]:
    """Field name -> the comment on its line, of the class and of those it inherits from."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("digest."):
            source = inspect.getsource(base)
            spoken = {
                token.start[0]: token.string
                for token in tokenize.generate_tokens(io.StringIO(source).readline)
                if token.type == tokenize.COMMENT
            }
            for number, line in enumerate(source.splitlines(), 1):
                match = re.match(r"\s+(\w+)\s*:", line)
                if match and number in spoken:
                    found[match[1]] = spoken[number].lstrip("# ")
    return found


def first_line(cls: Any) -> str:
    return inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def kind(annotation: Any) -> str:
    """A type as a reader of YAML says it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return kind(arguments[0])
    if origin is typing.Literal:
        return cell(", ".join(map(str, arguments)))
    if origin in {typing.Union, types.UnionType}:
        return " or ".join(dict.fromkeys(kind(one) for one in arguments if one is not type(None)))
    if origin in {tuple, list}:
        return f"list of {kind(arguments[0])}"
    if origin is dict or annotation is Any:
        return "mapping"
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return ", ".join(str(one.value) for one in annotation)
    words = {str: "text", int: "number", float: "number", bool: "true or false", Path: "path", date: "date"}
    return words.get(annotation, "mapping")


def literal(value: Any) -> str:
    """A default as it would be written."""
    if value is None:
        return ""
    if dataclasses.is_dataclass(value):
        return "see below"
    if isinstance(value, (tuple, list, dict)) and not value:
        return "none"
    text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return f"`{cell(text)}`" if text else "empty"


def cell(text: str) -> str:
    """Text that is safe in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for page, content in pages().items():
        (FOLDER / page).write_text(content, encoding="utf-8")
        print(FOLDER / page, file=sys.stderr)
