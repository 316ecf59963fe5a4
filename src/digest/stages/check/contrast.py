"""Contrast of every visible run of text, by the real cascade, in light and in dark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.stages.check.css import Colour, colour, contrast, name_of, over, pixels, texts
from digest.stages.check.finding import error, short, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from digest.stages.check.document import Document
    from digest.stages.check.finding import Finding

ENOUGH, ENOUGH_IF_LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3
LARGE, LARGE_IF_BOLD = 24.0, 18.66  # pixels
SMALLEST = 12.0
SIZES = {"h1": 32.0, "h2": 24.0, "h3": 18.72, "small": 13.28}
BOLD = frozenset(("bold", "bolder", "600", "700", "800", "900"))
BOLD_TAGS = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"))


@dataclass(frozen=True, slots=True)
class Ink:
    """How an element's own text is drawn."""

    ink: Colour
    ground: Colour
    size: float  # pixels
    bold: bool

    @property
    def needed(self) -> float:
        large = self.size >= LARGE or (self.bold and self.size >= LARGE_IF_BOLD)
        return ENOUGH_IF_LARGE if large else ENOUGH


def contrasts(document: Document) -> Iterator[Finding]:
    """Text that cannot be read, in either scheme; text that is too small."""
    for scheme in ("light", "dark"):
        if scheme == "dark" and not document.cascade.has_dark:
            continue
        yield from _scheme(document, dark=scheme == "dark")


def _scheme(document: Document, *, dark: bool) -> Iterator[Finding]:
    inks: dict[_Element, Ink] = {}
    told: set[tuple[str, str, float]] = set()
    scheme = "dark" if dark else "light"
    for element, run in document.shown:
        if not re.search(r"\w", run):
            continue
        drawn = _ink(element, document, inks, dark=dark)
        ratio = contrast(drawn.ink, drawn.ground)
        pair = (name_of(drawn.ink), name_of(drawn.ground), drawn.needed)
        if ratio < drawn.needed and pair not in told:
            told.add(pair)
            what = f"{pair[0]} on {pair[1]} is {ratio:.2f}:1, needs {drawn.needed}:1"
            yield error("contrast", f"{scheme}: {what}, e.g. {short(run, 30)!r}")
        if not dark and drawn.size < SMALLEST:
            yield warning("font-size", f"{short(run, 30)!r} has {drawn.size:.0f} px, under {SMALLEST:.0f}")


def _ink(element: _Element, document: Document, inks: dict[_Element, Ink], *, dark: bool) -> Ink:
    """The element's ink; ancestors first, without recursion."""
    line = [element, *element.iterancestors()]
    drawn = _canvas(document, dark=dark)
    for one in reversed(line):
        if one not in inks:
            inks[one] = _within(one, drawn, document.cascade.of(one, dark=dark))
        drawn = inks[one]
    return drawn


def _canvas(document: Document, *, dark: bool) -> Ink:
    schemes = " ".join(texts(document.tree, "//meta[@name='color-scheme']/@content"))
    if dark and "dark" in schemes:
        return Ink((1, 1, 1, 1), (0.07, 0.07, 0.07, 1), 16.0, bold=False)
    return Ink((0, 0, 0, 1), (1, 1, 1, 1), 16.0, bold=False)


def _link_ink(ground: Colour) -> Colour:
    """What browsers give a link without a colour: blue, or a pale blue where they were told of a dark scheme."""
    return (0, 0, 0.93, 1) if sum(ground[:3]) > 1.5 else (0.62, 0.62, 1, 1)


def _within(element: _Element, around: Ink, style: dict[str, str]) -> Ink:
    ground = colour(style.get("background-color", ""))
    ground = over(ground, around.ground) if ground else around.ground
    ink = colour(style.get("color", ""))
    if ink is None and "color" in style:
        ink = around.ink
    elif ink is None:
        ink = _link_ink(around.ground) if element.tag == "a" and element.get("href") else around.ink
    weight = style.get("font-weight")
    tag = str(element.tag)
    bold = weight.strip() in BOLD if weight else around.bold or tag in BOLD_TAGS
    size = pixels(style.get("font-size"), SIZES.get(tag, around.size) if "font-size" not in style else around.size)
    return Ink(over(ink, ground), ground, size, bold)
