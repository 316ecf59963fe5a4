"""Contrast of every visible run of text, by the real cascade, in light and in dark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.stages.check.css import (
    Colour,
    blend_over,
    contrast_ratio,
    font_pixels,
    hex_colour,
    parse_colour,
    xpath_texts,
)
from digest.stages.check.finding import error, shorten, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from digest.stages.check.document import HtmlPart
    from digest.stages.check.finding import Finding

MIN_CONTRAST, MIN_CONTRAST_LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3
LARGE_PIXELS, LARGE_BOLD_PIXELS = 24.0, 18.66  # pixels
MIN_FONT_PIXELS = 12.0
TAG_PIXELS = {"h1": 32.0, "h2": 24.0, "h3": 18.72, "small": 13.28}
BOLD_WEIGHTS = frozenset(("bold", "bolder", "600", "700", "800", "900"))
BOLD_TAGS = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))


@dataclass(frozen=True, slots=True)
class DrawnText:
    """How an element's own text is drawn."""

    ink: Colour
    ground: Colour
    size: float  # pixels
    bold: bool

    @property
    def needed_contrast(self) -> float:
        large = self.size >= LARGE_PIXELS or (self.bold and self.size >= LARGE_BOLD_PIXELS)
        return MIN_CONTRAST_LARGE if large else MIN_CONTRAST


def check_contrast(document: HtmlPart) -> Iterator[Finding]:
    """Text that cannot be read, in either scheme; text that is too small."""
    for scheme in ("light", "dark"):
        if scheme == "dark" and not document.cascade.has_dark:
            continue
        yield from _check_scheme(document, dark=scheme == "dark")


def _check_scheme(document: HtmlPart, *, dark: bool) -> Iterator[Finding]:
    inks: dict[_Element, DrawnText] = {}
    told: set[tuple[str, str, float]] = set()
    scheme = "dark" if dark else "light"
    for element, run in document.shown:
        if not re.search(r"\w", run):
            continue
        drawn = _drawn_text(element, document, inks, dark=dark)
        ratio = contrast_ratio(drawn.ink, drawn.ground)
        pair = (hex_colour(drawn.ink), hex_colour(drawn.ground), drawn.needed_contrast)
        if ratio < drawn.needed_contrast and pair not in told:
            told.add(pair)
            what = f"{pair[0]} on {pair[1]} is {ratio:.2f}:1, needs {drawn.needed_contrast}:1"
            yield error("contrast", f"{scheme}: {what}, e.g. {shorten(run, 30)!r}")
        if not dark and drawn.size < MIN_FONT_PIXELS:
            yield warning("font-size", f"{shorten(run, 30)!r} has {drawn.size:.0f} px, under {MIN_FONT_PIXELS:.0f}")


def _drawn_text(element: _Element, document: HtmlPart, inks: dict[_Element, DrawnText], *, dark: bool) -> DrawnText:
    """The element's ink; ancestors first, without recursion."""
    line = [element, *element.iterancestors()]
    drawn = _default_drawn_text(document, dark=dark)
    for one in reversed(line):
        if one not in inks:
            inks[one] = _derive_drawn_text(one, drawn, document.cascade.computed_style(one, dark=dark))
        drawn = inks[one]
    return drawn


def _default_drawn_text(document: HtmlPart, *, dark: bool) -> DrawnText:
    schemes = " ".join(xpath_texts(document.tree, "//meta[@name='color-scheme']/@content"))
    if dark and "dark" in schemes:
        return DrawnText((1, 1, 1, 1), (0.07, 0.07, 0.07, 1), 16.0, bold=False)
    return DrawnText((0, 0, 0, 1), (1, 1, 1, 1), 16.0, bold=False)


def _default_link_colour(ground: Colour) -> Colour:
    """What browsers give a link without a colour: blue, or a pale blue where they were told of a dark scheme."""
    return (0, 0, 0.93, 1) if sum(ground[:3]) > 1.5 else (0.62, 0.62, 1, 1)


def _derive_drawn_text(element: _Element, around: DrawnText, style: dict[str, str]) -> DrawnText:
    ground = parse_colour(style.get("background-color", ""))
    ground = blend_over(ground, around.ground) if ground else around.ground
    ink = parse_colour(style.get("color", ""))
    if ink is None and "color" in style:
        ink = around.ink
    elif ink is None:
        ink = _default_link_colour(around.ground) if element.tag == "a" and element.get("href") else around.ink
    weight = style.get("font-weight")
    tag = str(element.tag)
    bold = weight.strip() in BOLD_WEIGHTS if weight else around.bold or tag in BOLD_TAGS
    size = font_pixels(
        style.get("font-size"), TAG_PIXELS.get(tag, around.size) if "font-size" not in style else around.size
    )
    return DrawnText(blend_over(ink, ground), ground, size, bold)
