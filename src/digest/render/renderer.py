"""A template made ready, and an issue printed with it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from digest.errors import ConfigError, TemplateError
from digest.message import Envelope, Links, fill, personalise, unsubscribe_template
from digest.model import Letter
from digest.render.budget import trim
from digest.render.inline import inline, tidy, with_values
from digest.render.layout import Notes, wrap
from digest.render.paging import Frame, blocks, page, prove
from digest.render.parts import Shelf, shelf
from digest.render.strings import Strings, read_strings
from digest.render.style import Palette, Style, mistakes

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from digest.model import Issue
    from digest.render.page import Block, Card, Page

MOST = 4_000_000  # characters a template may print; an endless loop ends here
LIMIT = 92_160  # bytes of HTML that we aim at; Gmail clips at 102,400
ROOM_FOR_TOKENS = 600  # bytes: a reader's token may be longer than the mark that stands for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A template with its style and links, inlined and compiled."""

    style: Style
    links: Links
    unsubscribe: str
    shelf: Shelf
    html: Template
    text: Template

    def render(self, issue: Issue, *, number: int | None = None, limit: int = LIMIT) -> Letter:
        """Print an issue. VerbatimError when a quotation is not in its article; TemplateError names the part.

        `number` is the issue's count in its edition, where one is kept; `limit` bounds the HTML, in bytes.
        """
        prove(issue)
        say = read_strings(self.shelf, issue.language)
        mark = _unused_mark(issue)
        frame = Frame(style=self.style, links=self._links(issue, mark), unsubscribe=self._fill(issue, mark))

        def draw(themes: tuple[Block, ...]) -> tuple[Page, str]:
            drawn = page(issue, themes, frame, say, number)
            return drawn, _print(self.html, page=drawn, say=say)

        drawn, html = trim(blocks(issue, say), draw, limit - ROOM_FOR_TOKENS)
        return Letter(
            issue=issue.id,
            slot=issue.slot,
            at=issue.at,
            subject=drawn.subject,
            preheader=drawn.preheader,
            html=html,
            text=self._text(drawn, say),
            language=issue.language,
            mark=mark,
        )

    def for_reader(self, letter: Letter, *, token: str) -> Letter:
        """The letter with a reader's token in its place."""
        return personalise(letter, token)

    def _text(self, drawn: Page, say: Strings) -> str:
        notes = Notes()

        def credits_of(card: Card) -> str:
            also = ", ".join(credit.name + notes.note(credit.url) for credit in card.also)
            told = (card.source, *card.details, *((f"{say.also} {also}",) if also else ()))
            return " · ".join(told)

        text = _print(self.text, page=drawn, say=say, note=notes.note, notes=notes.notes, credits=credits_of)
        return text.strip("\n") + "\n"

    def _fill(self, issue: Issue, mark: str) -> str:
        return fill(self.unsubscribe, token=mark, issue=issue.id)

    def _links(self, issue: Issue, mark: str) -> Links:
        filled = {
            field.name: fill(value, token=mark, issue=issue.id)
            for field in fields(self.links)
            if (value := getattr(self.links, field.name))
        }
        return replace(self.links, **filled)


def load(style: Style, *, envelope: Envelope) -> Renderer:
    """Make a template ready: read its parts, inline it, compile it.

    ConfigError names a key of the style; TemplateError names file, line and mark.
    """
    wrong = mistakes(style)
    if wrong:
        raise ConfigError(*wrong)
    parts = shelf(style.template, style.templates)
    html = tidy(with_values(parts.flatten("issue.html"), _values(style)))
    return Renderer(
        style=style,
        links=envelope.links,
        unsubscribe=unsubscribe_template(envelope.links, envelope.sender),
        shelf=parts,
        html=_compile(_environment(escape=True), inline(html), parts, "issue.html"),
        text=_compile(_environment(escape=False), parts.flatten("issue.txt"), parts, "issue.txt"),
    )


def render(issue: Issue, *, style: Style, envelope: Envelope, number: int | None = None) -> Letter:
    """Print one issue; who prints several keeps the `Renderer`."""
    return load(style, envelope=envelope).render(issue, number=number)


@cache
def _environment(*, escape: bool) -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["wrap"] = wrap
    return environment


def _compile(environment: Environment, source: str, parts: Shelf, name: str) -> Template:
    from jinja2 import TemplateSyntaxError

    for part_name in parts.names(name):
        part = parts.part(part_name)
        try:
            environment.parse(part.text)
        except TemplateSyntaxError as error:
            raise TemplateError(f"{part.path}:{error.lineno}: {error.message}") from error
    return environment.from_string(source)


def _print(template: Template, **context: Any) -> str:
    from jinja2 import TemplateError as JinjaError

    pieces = template.generate(**context)
    printed: list[str] = []
    size = 0
    try:
        while batch := list(islice(pieces, 4096)):
            printed.append("".join(batch))
            size += len(printed[-1])
            if size > MOST:
                raise TemplateError(f"the template prints more than {MOST} characters")
    except JinjaError as error:
        raise TemplateError(str(error)) from error
    return "".join(printed)


def _values(style: Style) -> dict[str, str]:
    names = [field.name for field in fields(Palette)] + ["tint"]
    values = {name: getattr(style.light, name) for name in names}
    values |= {f"dark-{name}": getattr(style.dark, name) for name in names}
    return values | {"font": style.font, "heading-font": style.heading_font}


def _unused_mark(issue: Issue) -> str:
    """A word for the reader's token that no text of the issue holds, so that nothing else is replaced by it."""
    said = repr(issue)
    number = 0
    while (mark := f"{number}reader{number}token{number}") in said:
        number += 1
    return mark
