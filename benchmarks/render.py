"""Printing an issue: our inlined template beside css-inline and premailer on the rendered issue."""

from __future__ import annotations

import gc
import importlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from benchmarks.table import Result, Row, Skipped
from digest.mail.message import Envelope
from digest.stages.render import Renderer, Style, load_renderer, sample_issue
from digest.stages.render.build_view import issue_view, theme_views, view_with_themes
from digest.stages.render.inline import fill_css_variables, run_premailer, strip_template
from digest.stages.render.jinja import compile_template
from digest.stages.render.renderer import style_values
from digest.stages.render.templates import template_folders

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.model import Issue

ROUNDS = 15
CARDS = 30
ENVELOPE = Envelope(sender="Harbour digest <digest@example.org>", list_name="The Harbour Digest")


def rows() -> list[Result]:
    """Process time of one issue of thirty cards, best of fifteen; every peer gets the same HTML."""
    ready, bare = renderers()
    issue = of_cards(CARDS)
    context = drawn(ready, issue)
    html = printed(bare, context)
    assert printed(ready, context).count("<h3") == CARDS
    ours = best(lambda: printed(ready, context))
    full = best(lambda: ready.render(issue, limit=10**9))
    plain = best(lambda: printed(bare, context))
    late = plain + best(lambda: run_premailer(html), 5)
    what = f"HTML of {CARDS} cards"
    found: list[Result] = [
        Row(area="render", what=what, ours=ours, peer="render + premailer", theirs=late, goal="<= 0.067", unit="ms"),
        Row(area="render", what=f"letter of {CARDS} cards: proofs, HTML, text", ours=full, peer="render + premailer",
            theirs=late, goal="less", unit="ms"),
    ]  # fmt: skip
    return [*found, *beside_css_inline(what, ours, html)]


def beside_css_inline(what: str, ours: float, html: str) -> list[Result]:
    """css-inline inlines the same HTML; its rendering is not even counted."""
    try:
        css_inline = importlib.import_module("css_inline")  # a peer, not a dependency
    except ImportError:
        return [Skipped(area="render", why="no css-inline (pip install css-inline)")]
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    theirs = best(lambda: inliner.inline(html))
    return [Row(area="render", what=what, ours=ours, peer="css-inline", theirs=theirs, goal="<= 1.0", unit="ms")]


def renderers() -> tuple[Renderer, Renderer]:
    """Ours, and one whose template was never inlined."""
    ready = load_renderer(Style(), envelope=ENVELOPE)
    raw = strip_template(
        fill_css_variables(template_folders("default").flatten_part("issue.html"), style_values(Style()))
    )
    return ready, replace(ready, html=compile_template(template_folders("default"), "issue.html", raw))


def of_cards(cards: int) -> Issue:
    """The sample issue with its stories told again and again."""
    issue = sample_issue()
    first = issue.sections[0]
    many = replace(first, briefs=tuple(first.briefs[n % 2] for n in range(cards)))
    return replace(issue, sections=(many,), top=first.brief)


def drawn(renderer: Renderer, issue: Issue) -> dict[str, Any]:
    """What the template is given."""
    say = renderer.strings["en"]
    around = replace(issue_view(issue, renderer.style, say, None), unsubscribe="https://example.org/u/token")
    return {"page": view_with_themes(around, theme_views(issue, say), len(issue.briefs)), "say": say}


def printed(renderer: Renderer, context: dict[str, Any]) -> str:
    """The HTML part alone."""
    return renderer.html.render(context)


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of process time, the least of some rounds."""
    work()
    gc.disable()
    try:
        found = []
        for _ in range(rounds):
            started = time.process_time()
            work()
            found.append(time.process_time() - started)
    finally:
        gc.enable()
    return 1000 * min(found)
