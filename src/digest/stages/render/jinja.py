"""Jinja2 as templates need it: sandboxed, strict, bounded, and with errors that name file and line."""

from __future__ import annotations

from functools import cache
from itertools import islice
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from digest.errors import TemplateError
from digest.stages.render.typeset import wrap_text

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from jinja2.runtime import Context

    from digest.stages.render.templates import TemplateFolders
    from digest.stages.render.typeset import LinkNotes
    from digest.stages.render.view import StoryView

MAX_OUTPUT_CHARACTERS = 4_000_000  # characters a template may print; an endless loop ends here
BATCH_PIECES = 4096  # pieces printed between two looks at the size


def compile_template(folders: TemplateFolders, name: str, source: str) -> Template:
    """The template `source`, made of the part `name` and all it includes. TemplateError names file and line."""
    from jinja2 import TemplateSyntaxError

    environment = _create_environment(escape=name.endswith(".html"))
    for part in map(folders.find_file, folders.included_names(name)):
        try:
            environment.compile(part.text, raw=True)
        except TemplateSyntaxError as error:
            raise TemplateError(f"{part.path}:{error.lineno}: {error.message}") from error
    return environment.from_string(source)


def print_template(template: Template, folders: TemplateFolders, name: str, context: dict[str, Any]) -> str:
    """What the template prints. TemplateError names file and line of the part that fails."""
    try:
        return _print_bounded(template, context)
    except TemplateError:
        raise
    except Exception as error:
        raise TemplateError(_locate_error(folders, name, context, error)) from error


def _print_bounded(template: Template, context: dict[str, Any]) -> str:
    pieces = template.generate(context)
    printed: list[str] = []
    size = 0
    while batch := list(islice(pieces, BATCH_PIECES)):
        printed.append("".join(batch))
        size += len(printed[-1])
        if size > MAX_OUTPUT_CHARACTERS:
            raise TemplateError(f"the template prints more than {MAX_OUTPUT_CHARACTERS} characters")
    return "".join(printed)


def _locate_error(folders: TemplateFolders, name: str, context: dict[str, Any], error: Exception) -> str:
    """Where it fails: printed once more with the parts as they are written, whose lines still count."""
    environment = _create_environment(escape=name.endswith(".html"))
    try:
        environment.from_string(folders.flatten_part(name)).render(context)
    except Exception as again:  # noqa: BLE001 - whatever a template raises is told with its place
        line = 0
        for frame, number in walk_tb(again.__traceback__):
            line = number if frame.f_code.co_filename == "<template>" else line
        if line:
            return f"{folders.line_origins(name)[line - 1]}: {again}"
    return f"{name}: {error}"


def _link_number_filter(context: Context, url: str | None) -> str:
    """Filter of the text edition: the number of an address."""
    notes: LinkNotes = context["notes"]
    return notes.note(url)


def _credits_filter(context: Context, card: StoryView) -> str:
    """Filter of the text edition: who published a story, when, and who else."""
    notes: LinkNotes = context["notes"]
    also = ", ".join([credit.name + notes.note(credit.url) for credit in card.also])
    told = (card.source, *card.details)
    return " · ".join((*told, f"{context['say'].also} {also}") if also else told)


def _view_classes() -> frozenset[type[object]]:
    """The classes of values that a template may read without the sandbox asking further."""
    from jinja2.runtime import LoopContext

    from digest.stages.render.strings import Strings
    from digest.stages.render.typeset import LinkNotes, NumberedLink
    from digest.stages.render.view import (
        CoverageRow,
        CoverageView,
        CreditView,
        IssueView,
        QuoteView,
        StoryView,
        ThemeView,
    )

    return frozenset(
        (
            IssueView,
            ThemeView,
            StoryView,
            QuoteView,
            CreditView,
            CoverageView,
            CoverageRow,
            NumberedLink,
            LinkNotes,
            Strings,
            LoopContext,
        )
    )


@cache
def _create_environment(*, escape: bool) -> Environment:
    from jinja2 import StrictUndefined, pass_context
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    plain = _view_classes()

    class TemplateSandbox(ImmutableSandboxedEnvironment):
        def getattr(self, obj: Any, attribute: str) -> Any:
            # Values of a page hide nothing but what begins with an underscore: no need to ask further.
            if attribute[0] != "_" and type(obj) in plain:
                try:
                    return getattr(obj, attribute)
                except AttributeError:
                    pass  # the sandbox tells what is missing
            return super().getattr(obj, attribute)

    environment = TemplateSandbox(
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "wrap": wrap_text,
        "note": pass_context(_link_number_filter),
        "credits": pass_context(_credits_filter),
    }
    return environment
