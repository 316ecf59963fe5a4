"""A template made ready, and an issue printed with it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from html import unescape
from typing import TYPE_CHECKING, Any

from digest.errors import ConfigError, TemplateError
from digest.mail.message import Envelope, Links, fill, unsubscribe_template
from digest.model import Letter
from digest.stages.render.budget import trim
from digest.stages.render.build_view import blocks, page, prove, unused_mark, with_themes
from digest.stages.render.inline import inline, tidy, with_values
from digest.stages.render.jinja import compile_parts, print_template
from digest.stages.render.sample import sample
from digest.stages.render.strings import FALLBACK_LANGUAGE, Strings, read_strings
from digest.stages.render.style import Palette, Style, mistakes, palettes
from digest.stages.render.templates import Shelf, shelf
from digest.stages.render.typeset import Notes

if TYPE_CHECKING:
    from jinja2 import Template

    from digest.model import Issue
    from digest.stages.render.view import Block, Page

LIMIT = 92_160  # bytes of HTML that we aim at; Gmail clips at 102,400
ROOM_FOR_TOKENS = 600  # bytes: a reader's token may be longer than the mark that stands for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A template with its style and links, inlined and compiled."""

    style: Style
    links: Links
    unsubscribe: str  # template of the address, with its {token}
    shelf: Shelf
    strings: dict[str, Strings]  # by language
    html: Template
    text: Template

    def render(self, issue: Issue, *, number: int | None = None, limit: int = LIMIT) -> Letter:
        """Print an issue. VerbatimError when a quotation is not in its article; TemplateError names the part.

        `number` is the issue's count in its edition, where one is kept; `limit` bounds the HTML, in bytes.
        """
        prove(issue)
        say = self._say(issue.language)
        themes, around = blocks(issue, say), page(issue, self.style, say, number)
        mark = unused_mark(themes, around)
        around = replace(around, **self._addresses(issue, mark))

        def draw(kept: tuple[Block, ...]) -> tuple[Page, str]:
            drawn = with_themes(around, kept, len(issue.briefs))
            return drawn, self._print("issue.html", {"page": drawn, "say": say})

        drawn, html = trim(themes, draw, limit - ROOM_FOR_TOKENS)
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

    def _text(self, drawn: Page, say: Strings) -> str:
        context = {"page": drawn, "say": say, "notes": Notes()}
        return self._print("issue.txt", context).strip("\n") + "\n"

    def _print(self, name: str, context: dict[str, Any]) -> str:
        template = self.html if name.endswith(".html") else self.text
        return print_template(template, self.shelf, name, context)

    def _say(self, language: str) -> Strings:
        return self.strings.get(language.partition("-")[0].lower(), self.strings[FALLBACK_LANGUAGE])

    def _addresses(self, issue: Issue, mark: str) -> dict[str, Any]:
        links = self.links
        named = {"home": links.home, "archive": links.archive, "preferences": links.preferences}
        named["unsubscribe"] = self.unsubscribe
        return {name: fill(url, token=mark, issue=issue.id) if url else None for name, url in named.items()}


def load(style: Style, *, envelope: Envelope) -> Renderer:
    """Make a template ready: read its parts, inline it, compile it, print the sample issue with it.

    ConfigError names a key of the style; TemplateError names file, line and mark.
    """
    wrong = mistakes(style)
    if wrong:
        raise ConfigError(*wrong)
    parts = shelf(style.template, style.templates)
    html = tidy(with_values(parts.flatten("issue.html"), values(style)))
    text = parts.flatten("issue.txt")
    renderer = Renderer(
        style=style,
        links=envelope.links,
        unsubscribe=unsubscribe_template(envelope.links, envelope.sender),
        shelf=parts,
        strings={language: read_strings(parts, language) for language in parts.languages()},
        html=compile_parts(parts, "issue.html", inline(html)),
        text=compile_parts(parts, "issue.txt", text),
    )
    _prove(renderer)
    return renderer


def _prove(renderer: Renderer) -> None:
    """Print an issue that uses everything; what a template would lose or misname then shows at once."""
    letter = renderer.render(sample(), number=1)
    for brief in sample().briefs:
        for name, part in (("issue.html", unescape(letter.html)), ("issue.txt", " ".join(letter.text.split()))):
            if brief.title not in part:
                raise TemplateError(f"{renderer.shelf.part(name).path}: prints no title of the story {brief.title!r}")


def render(issue: Issue, *, style: Style, envelope: Envelope, number: int | None = None) -> Letter:
    """Print one issue; who prints several keeps the `Renderer`."""
    return load(style, envelope=envelope).render(issue, number=number)


def values(style: Style) -> dict[str, str]:
    """What `var(--name)` stands for in the sheets of a template."""
    names = [field.name for field in fields(Palette)] + ["tint"]
    light, dark = palettes(style)
    colours = {name: getattr(light, name) for name in names}
    colours |= {f"dark-{name}": getattr(dark, name) for name in names}
    return colours | {"font": style.font, "heading-font": style.heading_font}
