"""Jinja2 as templates need it: sandboxed, strict, bounded, and with errors that name file and line."""

from __future__ import annotations

from functools import cache
from itertools import islice
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from digest.errors import TemplateError
from digest.render.layout import wrap

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from digest.render.parts import Shelf

MOST = 4_000_000  # characters a template may print; an endless loop ends here
BATCH = 4096  # pieces printed between two looks at the size


def compile_parts(shelf: Shelf, name: str, source: str) -> Template:
    """The template `source`, made of the part `name` and all it includes. TemplateError names file and line."""
    from jinja2 import TemplateSyntaxError

    environment = _environment(escape=name.endswith(".html"))
    for part in map(shelf.part, shelf.names(name)):
        try:
            environment.compile(part.text, raw=True)
        except TemplateSyntaxError as error:
            raise TemplateError(f"{part.path}:{error.lineno}: {error.message}") from error
    return environment.from_string(source)


def print_template(template: Template, shelf: Shelf, name: str, context: dict[str, Any]) -> str:
    """What the template prints. TemplateError names file and line of the part that fails."""
    try:
        return _print(template, context)
    except TemplateError:
        raise
    except Exception as error:
        raise TemplateError(_located(shelf, name, context, error)) from error


def _print(template: Template, context: dict[str, Any]) -> str:
    pieces = template.generate(context)
    printed: list[str] = []
    size = 0
    while batch := list(islice(pieces, BATCH)):
        printed.append("".join(batch))
        size += len(printed[-1])
        if size > MOST:
            raise TemplateError(f"the template prints more than {MOST} characters")
    return "".join(printed)


def _located(shelf: Shelf, name: str, context: dict[str, Any], error: Exception) -> str:
    """Where it fails: printed once more with the parts as they are written, whose lines still count."""
    environment = _environment(escape=name.endswith(".html"))
    try:
        environment.from_string(shelf.flatten(name)).render(context)
    except Exception as again:  # noqa: BLE001 - whatever a template raises is told with its place
        line = 0
        for frame, number in walk_tb(again.__traceback__):
            line = number if frame.f_code.co_filename == "<template>" else line
        if line:
            return f"{shelf.origins(name)[line - 1]}: {again}"
    return f"{name}: {error}"


@cache
def _environment(*, escape: bool) -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrap"] = wrap
    return environment
