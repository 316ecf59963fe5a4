"""premailer once for a template gives what premailer gives for every issue, and its traps stay shut."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from lxml import html as parse

from digest import pipeline
from digest.config import load as load_config
from digest.errors import TemplateError
from digest.stages.collect import FetchContext
from digest.stages.render import Style, load_renderer, sample_issue
from digest.stages.render.inline import fill_css_variables, inline_styles, run_premailer, strip_template
from digest.stages.render.jinja import compile_template
from digest.stages.render.renderer import Renderer, style_values
from digest.stages.render.templates import template_folders
from tests.conftest import TOP
from tests.issues import AT, envelope, odd, plain

if TYPE_CHECKING:
    from digest.model import Issue

PAGE = "<!DOCTYPE html>\n<html><head><style>{css}</style></head><body>{body}</body></html>"


def same_tree(one: str, other: str) -> bool:
    return parse.tostring(parse.document_fromstring(one)) == parse.tostring(parse.document_fromstring(other))


def shown(html: str) -> list[str]:
    return " ".join(parse.document_fromstring(html).body.itertext()).split()


def plain_renderer(style: Style) -> tuple[Renderer, Renderer]:
    """The renderer, and one whose template premailer never saw."""
    ready = load_renderer(style, envelope=envelope())
    parts = template_folders(style.template)
    raw = strip_template(fill_css_variables(parts.flatten_part("issue.html"), style_values(style)))
    return ready, replace(ready, html=compile_template(parts, "issue.html", raw))


@pytest.mark.parametrize("template", ["default", "compact"])
@pytest.mark.parametrize(
    "issue", [plain(1, 1), plain(30), sample_issue(), odd()], ids=["one story", "thirty stories", "sample", "odd"]
)
def test_inlining_the_template_equals_inlining_the_issue(issue: Issue, template: str) -> None:
    ready, raw = plain_renderer(Style(template=template))
    assert same_tree(ready.render(issue).html, run_premailer(raw.render(issue, limit=10**9).html))


def test_inlining_the_template_equals_inlining_the_issue_of_the_seeds() -> None:
    edition = load_config(TOP / "config.yaml").editions["nato"]
    issue = pipeline.build_issue(
        edition, pipeline.collect_articles(edition, visit=FetchContext(now=AT)), slot="2026-11-20", at=AT
    ).issue
    ready, raw = plain_renderer(edition.style)
    assert same_tree(ready.render(issue).html, run_premailer(raw.render(issue).html))


def test_inlining_the_template_equals_inlining_an_issue_of_three_hundred_stories() -> None:
    ready, raw = plain_renderer(Style())
    issue = plain(300)
    assert same_tree(ready.render(issue, limit=10**9).html, run_premailer(raw.render(issue, limit=10**9).html))


def test_no_word_is_lost_and_no_card_either() -> None:
    ready, raw = plain_renderer(Style())
    before, after = raw.render(odd()).html, ready.render(odd()).html
    assert shown(before) == shown(after)
    assert before.count("<h3") == after.count("<h3") == len(odd().briefs)


def test_dark_and_phone_rules_stay_and_stay_important() -> None:
    html = load_renderer(Style(), envelope=envelope()).render(plain()).html
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert any("prefers-color-scheme:dark" in sheet and "#e6edf3 !important" in sheet for sheet in sheets)
    assert any("max-width:600px" in sheet and "!important" in sheet for sheet in sheets)
    assert not any(".masthead{padding:32px" in sheet for sheet in sheets)


def test_every_class_with_a_light_colour_has_a_dark_one() -> None:
    parts = template_folders("default")
    light = {
        name
        for selector, block in re.findall(r"(\.[\w-]+)\{([^}]*)\}", parts.find_file("base.css").text)
        if re.search(r"(?:color|border(?:-top)?):[^;]*var\(--", block)
        for name in [selector]
    }
    dark = set(re.findall(r"\.[\w-]+", parts.find_file("dark.css").text))
    assert light - {".outside"} <= dark | {".outside"}
    assert ".outside" in dark


def test_the_doctype_stays_the_first_thing() -> None:
    assert load_renderer(Style(), envelope=envelope()).render(plain()).html.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("start", ["<!doctype html>", "<!-- x --><!DOCTYPE html>", "<html>"])
def test_a_template_that_would_lose_its_doctype_is_refused(start: str) -> None:
    with pytest.raises(TemplateError, match="DOCTYPE"):
        run_premailer(start + "<html><body><p>x</p></body></html>")


def test_a_picture_keeps_the_width_that_outlook_reads() -> None:
    css = ".r{width:100%;max-width:576px;height:auto}"
    out = run_premailer(PAGE.format(css=css, body='<img class="r" width="576" src="https://e.org/a.png" alt="x">'))
    assert 'width="576"' in out
    assert "height=" not in out.replace("height:auto", "")


def test_an_outside_style_sheet_is_never_fetched() -> None:
    # Nothing listens on this port: a fetch would raise.
    page = (
        '<!DOCTYPE html><html><head><link rel="stylesheet" href="http://127.0.0.1:9/x.css"></head><body>x</body></html>'
    )
    assert "127.0.0.1:9" in run_premailer(page)


def test_an_address_in_a_link_keeps_its_mark() -> None:
    out = inline_styles(
        PAGE.format(css=".a{color:#123456}", body='<a class="a" href="{{ card.url }}">{{ card.title }}</a>')
    )
    assert 'href="{{ card.url }}"' in out
    assert 'style="color:#123456"' in out


def test_marks_between_table_rows_stay_there() -> None:
    body = "<table>{% for x in y %}<tr><td>{{ x }}</td></tr>{% endfor %}</table>"
    out = inline_styles(PAGE.format(css="td{color:#123456}", body=body))
    assert re.sub(r"\s|style=\"[^\"]*\"|<tbody>|</tbody>", "", out).find("<table>{%forxiny%}<tr><td>{{x}}") > 0


def test_a_mark_between_the_attributes_of_a_tag_is_refused_by_name() -> None:
    with pytest.raises(TemplateError, match=r"if card\.url"):
        inline_styles(PAGE.format(css="", body='<a {% if card.url %}href="{{ card.url }}"{% endif %}>x</a>'))


def test_a_mark_in_the_sheet_is_refused() -> None:
    with pytest.raises(TemplateError, match="colour"):
        inline_styles(PAGE.format(css=".a{color:{{ colour }}}", body='<p class="a">x</p><p class="a">y</p>'))


def test_conditional_comments_for_outlook_stay_as_they_are() -> None:
    html = load_renderer(Style(), envelope=envelope()).render(plain()).html
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 3


def test_an_unknown_value_in_a_sheet_is_named() -> None:
    with pytest.raises(TemplateError, match=r"--colr"):
        fill_css_variables(".a{color:var(--colr)}", {"text": "#000000"})
