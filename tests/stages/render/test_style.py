"""A configured look: colours that can be read, values that break nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from digest.errors import ConfigError
from digest.stages.render import Colours, Style, load_renderer, style_mistakes
from digest.stages.render.style import contrast_ratio
from tests.issues import envelope, plain


def test_both_palettes_can_be_read() -> None:
    assert style_mistakes(Style()) == ()


def test_a_colour_that_is_not_given_stays_ours() -> None:
    html = load_renderer(Style(light=Colours(theme="#1F6F43")), envelope=envelope()).render(plain()).html
    assert "#1f6f43" in html
    assert "#0b4f9e" in html


def test_contrast_is_the_one_of_the_standard() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast_ratio("#57606a", "#161b22") == pytest.approx(2.7, abs=0.05)


def test_a_pale_colour_is_named_with_its_ratio() -> None:
    style = Style(light=Colours(muted="#aaaaaa"))
    assert style_mistakes(style)[0] == "style.light.muted: #aaaaaa on box #ffffff has contrast 2.32, needs 4.5"
    with pytest.raises(ConfigError, match=r"2\.32"):
        load_renderer(style, envelope=envelope())


def test_a_dark_palette_is_judged_as_well() -> None:
    assert any("style.dark.link" in wrong for wrong in style_mistakes(Style(dark=Colours(link="#0b4f9e"))))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"light": Colours(text="black")}, "style.light.text"),
        ({"font": '"Comic Sans",serif'}, "style.font"),
        ({"heading_font": "x;color:red"}, "style.heading_font"),
        ({"logo": "http://example.org/a.png"}, "style.logo"),
        ({"logo_width": 4000}, "style.logo_width"),
        ({"footer": "x" * 601}, "style.footer"),
        ({"template": "../etc"}, "style.template"),
    ],
)
def test_a_value_that_would_break_the_page_is_named(change: dict[str, Any], key: str) -> None:
    assert [wrong.split(":")[0] for wrong in style_mistakes(replace(Style(), **change))] == [key]


def test_title_tagline_logo_colours_fonts_and_footer_are_printed() -> None:
    style = Style(
        title="Harbour Weekly",
        tagline="What the tide brought",
        logo="https://example.org/logo.png",
        light=Colours(theme="#1f6f43"),
        font="Verdana,sans-serif",
        address="Quay 4, Ostend",
        footer="Printed with care.",
    )
    letter = load_renderer(style, envelope=envelope()).render(plain())
    for wanted in ("Harbour Weekly", "What the tide brought", "Quay 4, Ostend", "Printed with care."):
        assert wanted in letter.html
        assert wanted.lower() in letter.text.lower()
    assert 'alt="Harbour Weekly" width="120"' in letter.html
    assert "#1f6f43" in letter.html
    assert "Verdana, sans-serif" in letter.html
    assert "#9a3412" not in letter.html
