"""Style sheets as far as a mail needs them: rules, the cascade in light and dark, colours.

Small on purpose: no shorthands but `background` and `font`, no CSS variables, `max-width` queries are not weighed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

Colour = tuple[float, float, float, float]  # red, green, blue, alpha; 0..1
Declarations = list[tuple[str, str, bool]]  # property, value, important
Computed = dict[str, str]
MatchedBlock = tuple[bool, tuple[int, ...], int, Declarations]  # in a style attribute, specificity, order, block

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BRACE_PATTERN = re.compile(r"[{}]")
FONT_SIZE = re.compile(r"(\d+(?:\.\d+)?)(px|pt|em|rem|%)")
NAMED_COLOURS = {
    "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "white": "#ffffff",
    "maroon": "#800000", "red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff", "green": "#008000",
    "lime": "#00ff00", "olive": "#808000", "yellow": "#ffff00", "navy": "#000080", "blue": "#0000ff",
    "teal": "#008080", "aqua": "#00ffff", "orange": "#ffa500", "lightgray": "#d3d3d3", "darkgray": "#a9a9a9",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One selector with its block."""

    media: str  # the @media around it, in lower case; empty when none
    selector: str
    declarations: tuple[tuple[str, str, bool], ...]


def parse_rules(css: str) -> list[StyleRule]:
    """The rules of a sheet, in order. ValueError when its braces do not match."""
    css = COMMENT.sub("", css)
    found: list[StyleRule] = []
    preludes: list[str] = []
    start = 0
    for brace in BRACE_PATTERN.finditer(css):
        text, start = css[start : brace.start()], brace.end()
        if brace[0] == "{":
            preludes.append(text.rpartition(";")[2].strip())
            continue
        if not preludes:
            raise ValueError("a brace closes nothing")
        prelude = preludes.pop()
        if not prelude.startswith("@"):
            media = preludes[-1].lower() if preludes else ""
            found += [StyleRule(media, one.strip(), tuple(parse_declarations(text))) for one in prelude.split(",")]
    if preludes:
        raise ValueError(f"the block after {preludes[-1][:40]!r} is not closed")
    return found


def has_nested_at_rule(css: str) -> bool:
    """True when an @-rule stands within an @-rule: Gmail then drops the whole sheet."""
    depth: list[str] = []
    start, css = 0, COMMENT.sub("", css)
    for brace in BRACE_PATTERN.finditer(css):
        text, start = css[start : brace.start()].rpartition(";")[2].strip(), brace.end()
        if brace[0] == "{":
            if text.startswith("@") and any(prelude.startswith("@") for prelude in depth):
                return True
            depth.append(text)
        elif depth:
            depth.pop()
    return False


def parse_declarations(block: str) -> Declarations:
    """`(property, value, important)` of a block or a style attribute; shorthands of colour and size as longhands."""
    found: Declarations = []
    for piece in block.split(";"):
        name, colon, value = piece.partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or not name:
            continue
        bare = re.sub(r"\s*!\s*important$", "", value, flags=re.IGNORECASE)
        found.append((name, bare, bare != value))
        if name == "background" and (ground := _first_colour(bare)):
            found.append(("background-color", ground, bare != value))
        if name == "font" and (size := FONT_SIZE.search(bare)):
            found.append(("font-size", size[0], bare != value))
    return found


class Cascade:
    """What applies to each element, in light and in dark."""

    def __init__(self, tree: _Element, sheet: list[StyleRule]) -> None:
        self.has_dark = any(_is_dark(rule.media) for rule in sheet)
        self._tree = tree
        self._light: dict[_Element, Computed] = {}
        self._dark: dict[_Element, Computed] = {}
        plain = self._match_elements([rule for rule in sheet if rule.media in {"", "@media screen", "@media all"}])
        dark = self._match_elements([rule for rule in sheet if _is_dark(rule.media)])
        for element in tree.iter("*"):
            own: list[MatchedBlock] = [(True, (9, 0, 0), 0, parse_declarations(element.get("style") or ""))]
            base = plain.get(element, [])
            self._light[element] = _winning_declarations(element, base + own)
            self._dark[element] = _winning_declarations(element, base + dark.get(element, []) + own)

    def computed_style(self, element: _Element, *, dark: bool = False) -> Computed:
        return (self._dark if dark else self._light).get(element, {})

    def _match_elements(self, sheet: list[StyleRule]) -> dict[_Element, list[MatchedBlock]]:
        from cssselect import HTMLTranslator, SelectorError, parse

        translator = HTMLTranslator()
        found: dict[_Element, list[MatchedBlock]] = {}
        for order, rule in enumerate(sheet):
            try:
                for selector in parse(rule.selector):
                    for element in xpath_elements(self._tree, translator.selector_to_xpath(selector)):
                        entry = (False, selector.specificity(), order, list(rule.declarations))
                        found.setdefault(element, []).append(entry)
            except SelectorError:  # a pseudo-class such as :hover: it does not apply at rest
                continue
        return found


def xpath_elements(tree: _Element, path: str) -> list[_Element]:
    """What an XPath finds, when it finds elements."""
    return cast("list[_Element]", tree.xpath(path))


def xpath_texts(tree: _Element, path: str) -> list[str]:
    """What an XPath finds, when it finds texts and attributes."""
    return [str(text) for text in cast("list[str]", tree.xpath(path))]


def parse_colour(value: str) -> Colour | None:
    """A colour as red, green, blue, alpha; None when it is none that we know."""
    value = NAMED_COLOURS.get(value.lower().strip(), value.lower().strip())
    if value == "transparent":
        return (0, 0, 0, 0)
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(2 * digit for digit in value[1:])
    if re.fullmatch(r"#[0-9a-f]{6}", value):
        return (int(value[1:3], 16) / 255, int(value[3:5], 16) / 255, int(value[5:7], 16) / 255, 1)
    numbers = re.fullmatch(r"rgba?\(([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)(?:[,/\s]+([\d.]+))?\)", value)
    if not numbers:
        return None
    red, green, blue, alpha = numbers.groups()
    return (float(red) / 255, float(green) / 255, float(blue) / 255, float(alpha or 1))


def blend_over(top: Colour, ground: Colour) -> Colour:
    """A translucent colour on an opaque ground."""
    mixed = [a * top[3] + b * (1 - top[3]) for a, b in zip(top[:3], ground[:3], strict=True)]
    return (mixed[0], mixed[1], mixed[2], 1)


def contrast_ratio(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1..21 (WCAG 2.2)."""
    low, high = sorted((_relative_luminance(one), _relative_luminance(other)))
    return (high + 0.05) / (low + 0.05)


def hex_colour(value: Colour) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in value[:3])


def font_pixels(size: str | None, parent: float) -> float:
    """A font size in pixels; the parent's when it says nothing."""
    match = FONT_SIZE.match(size or "")
    if not match:
        return parent
    factor = {"px": 1.0, "pt": 4 / 3, "em": parent, "rem": 16.0, "%": parent / 100}[match[2]]
    return float(match[1]) * factor


def _relative_luminance(value: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in value[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _is_dark(media: str) -> bool:
    return "prefers-color-scheme" in media and "dark" in media


def _first_colour(value: str) -> str | None:
    return next(
        (word for word in re.findall(r"#[0-9a-fA-F]{3,8}|rgba?\([^)]*\)|[a-z]+", value) if parse_colour(word)), None
    )


def _winning_declarations(element: _Element, entries: list[MatchedBlock]) -> Computed:
    best: dict[str, tuple[tuple[bool, bool, tuple[int, ...], int], str]] = {}
    for name, value in _attribute_declarations(element):
        best[name] = ((False, False, (0, 0, 0), -1), value)
    for inline, specificity, order, block in entries:
        for name, value, important in block:
            key = (important, inline, specificity, order)
            if name not in best or best[name][0] <= key:
                best[name] = (key, value)
    return {name: value for name, (_, value) in best.items()}


def _attribute_declarations(element: _Element) -> Iterator[tuple[str, str]]:
    if ground := element.get("bgcolor"):
        yield "background-color", ground
    if element.tag == "font" and (ink := element.get("color")):
        yield "color", ink
