"""A template made ready, and an issue printed with it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from html import unescape
from typing import TYPE_CHECKING, Any

from digest.errors import ConfigError, TemplateError
from digest.mail.message import Envelope, Links, fill_link, unsubscribe_template
from digest.model import Letter
from digest.stages.render.budget import fit_to_limit
from digest.stages.render.build_view import issue_view, prove_issue, theme_views, unused_mark, view_with_themes
from digest.stages.render.inline import fill_css_variables, inline_styles, strip_template
from digest.stages.render.jinja import compile_template, print_template
from digest.stages.render.sample import sample_issue
from digest.stages.render.strings import FALLBACK_LANGUAGE, Strings, read_strings
from digest.stages.render.style import Palette, Style, style_mistakes, style_palettes
from digest.stages.render.templates import TemplateFolders, template_folders
from digest.stages.render.typeset import LinkNotes

if TYPE_CHECKING:
    from jinja2 import Template

    from digest.model import Issue
    from digest.stages.render.view import IssueView, ThemeView

MAX_HTML_BYTES = 92_160  # bytes of HTML that we aim at; Gmail clips at 102,400
TOKEN_RESERVE_BYTES = 600  # bytes: a reader's token may be longer than the mark that stands for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A template with its style and links, inlined and compiled."""

    style: Style
    links: Links
    unsubscribe: str  # template of the address, with its {token}
    folders: TemplateFolders
    strings: dict[str, Strings]  # by language
    html: Template
    text: Template

    def render(self, issue: Issue, *, number: int | None = None, limit: int = MAX_HTML_BYTES) -> Letter:
        """Print an issue. VerbatimError when a quotation is not in its article; TemplateError names the part.

        `number` is the issue's count in its edition, where one is kept; `limit` bounds the HTML, in bytes.
        """
        prove_issue(issue)
        say = self._strings_for(issue.language)
        themes, around = theme_views(issue, say), issue_view(issue, self.style, say, number)
        mark = unused_mark(themes, around)
        around = replace(around, **self._own_addresses(issue, mark))

        def draw_page(kept: tuple[ThemeView, ...]) -> tuple[IssueView, str]:
            drawn = view_with_themes(around, kept, len(issue.briefs))
            return drawn, self._print_part("issue.html", {"page": drawn, "say": say})

        drawn, html = fit_to_limit(themes, draw_page, limit - TOKEN_RESERVE_BYTES)
        return Letter(
            issue=issue.id,
            slot=issue.slot,
            at=issue.at,
            subject=drawn.subject,
            preheader=drawn.preheader,
            html=html,
            text=self._render_text(drawn, say),
            language=issue.language,
            mark=mark,
        )

    def _render_text(self, drawn: IssueView, say: Strings) -> str:
        context = {"page": drawn, "say": say, "notes": LinkNotes()}
        return self._print_part("issue.txt", context).strip("\n") + "\n"

    def _print_part(self, name: str, context: dict[str, Any]) -> str:
        template = self.html if name.endswith(".html") else self.text
        return print_template(template, self.folders, name, context)

    def _strings_for(self, language: str) -> Strings:
        return self.strings.get(language.partition("-")[0].lower(), self.strings[FALLBACK_LANGUAGE])

    def _own_addresses(self, issue: Issue, mark: str) -> dict[str, Any]:
        links = self.links
        named = {"home": links.home, "archive": links.archive, "preferences": links.preferences}
        named["unsubscribe"] = self.unsubscribe
        return {name: fill_link(url, token=mark, issue=issue.id) if url else None for name, url in named.items()}


def load_renderer(style: Style, *, envelope: Envelope) -> Renderer:
    """Make a template ready: read its parts, inline it, compile it, print the sample issue with it.

    ConfigError names a key of the style; TemplateError names file, line and mark.
    """
    wrong = style_mistakes(style)
    if wrong:
        raise ConfigError(*wrong)
    parts = template_folders(style.template, style.templates)
    html = strip_template(fill_css_variables(parts.flatten_part("issue.html"), style_values(style)))
    text = parts.flatten_part("issue.txt")
    renderer = Renderer(
        style=style,
        links=envelope.links,
        unsubscribe=unsubscribe_template(envelope.links, envelope.sender),
        folders=parts,
        strings={language: read_strings(parts, language) for language in parts.string_languages()},
        html=compile_template(parts, "issue.html", inline_styles(html)),
        text=compile_template(parts, "issue.txt", text),
    )
    _prove_template(renderer)
    return renderer


def _prove_template(renderer: Renderer) -> None:
    """Print an issue that uses everything; what a template would lose or misname then shows at once."""
    letter = renderer.render(sample_issue(), number=1)
    for brief in sample_issue().briefs:
        for name, part in (("issue.html", unescape(letter.html)), ("issue.txt", " ".join(letter.text.split()))):
            if brief.title not in part:
                raise TemplateError(
                    f"{renderer.folders.find_file(name).path}: prints no title of the story {brief.title!r}"
                )


def render_issue(issue: Issue, *, style: Style, envelope: Envelope, number: int | None = None) -> Letter:
    """Print one issue; who prints several keeps the `Renderer`."""
    return load_renderer(style, envelope=envelope).render(issue, number=number)


def style_values(style: Style) -> dict[str, str]:
    """What `var(--name)` stands for in the sheets of a template."""
    names = [field.name for field in fields(Palette)] + ["tint"]
    light, dark = style_palettes(style)
    colours = {name: getattr(light, name) for name in names}
    colours |= {f"dark-{name}": getattr(dark, name) for name in names}
    return colours | {"font": style.font, "heading-font": style.heading_font}
