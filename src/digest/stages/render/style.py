"""The look of an edition as configured, and the proof that its colours can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path

MIN_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: least contrast of text
HEX_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
FONT_NAMES = re.compile(r"[A-Za-z0-9 ,-]{1,200}")  # unquoted names: premailer changes the quotes of a style attribute
MAX_TEXT_CHARACTERS = 600  # characters of a configured text: the footer must always fit

# Which text stands on which ground; the gate sees the rest in the rendered page.
CONTRAST_PAIRS = (
    ("text", "box"),
    ("muted", "box"),
    ("link", "box"),
    ("theme", "box"),
    ("muted", "page"),
    ("link", "page"),
    ("theme", "tint"),
    ("text", "tint"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Seven colours, each `#rrggbb`."""

    page: str  # around the box
    box: str  # behind the text
    text: str  # of the issue
    muted: str  # sources, dates, footer
    link: str  # addresses
    theme: str  # theme names and numbers
    line: str  # hairlines; carries no text

    @property
    def tint(self) -> str:
        """A breath of the theme's colour on the box: the ground of marked cells."""
        return mix_colours(self.theme, self.box, 0.08)


LIGHT_PALETTE = Palette(
    page="#f4f5f7", box="#ffffff", text="#1b1f24", muted="#57606a", link="#0b4f9e", theme="#9a3412", line="#d8dee4"
)
DARK_PALETTE = Palette(
    page="#0d1117", box="#161b22", text="#e6edf3", muted="#9da7b3", link="#79b8ff", theme="#f0a36b", line="#30363d"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """The colours of a scheme that differ from ours, each `#rrggbb`."""

    page: str | None = None  # around the box
    box: str | None = None  # behind the text
    text: str | None = None  # of the issue
    muted: str | None = None  # sources, dates, footer
    link: str | None = None  # addresses
    theme: str | None = None  # theme names, numbers, the ground of marked cells
    line: str | None = None  # hairlines

    def applied_to(self, base: Palette) -> Palette:
        """`base` with these colours in place."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(base, **{name: colour.lower() for name, colour in named.items() if colour is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How an edition's issues look."""

    title: str | None = None  # masthead; None: the edition's title
    tagline: str | None = None  # one line under the masthead
    logo: str | None = None  # https address of a picture above the title; its alt text is the title
    logo_width: int = 120  # pixels
    light: Colours = Colours()  # the colours
    dark: Colours = Colours()  # the colours where a client asks for dark ones
    font: str = "-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif"  # names without quotes
    heading_font: str = "Georgia,Times New Roman,serif"  # of titles and headlines
    address: str | None = None  # postal address in the footer; many laws ask for one
    footer: str | None = None  # a last line in the footer
    template: str = "default"  # default or compact
    templates: Path | None = None  # a folder whose parts replace the packaged ones of the same name


def relative_luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0..1 (WCAG 2.2)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    low, high = sorted((relative_luminance(one), relative_luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix_colours(over: str, under: str, share: float) -> str:
    """`share` of one colour on another."""
    pairs = ((int(over[p : p + 2], 16), int(under[p : p + 2], 16)) for p in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def style_mistakes(style: Style) -> tuple[str, ...]:
    """What is wrong with a configured look, each with its key; empty when all is well. Pure."""
    light, dark = style_palettes(style)
    return (*_palette_mistakes("light", light), *_palette_mistakes("dark", dark), *_text_mistakes(style))


def style_palettes(style: Style) -> tuple[Palette, Palette]:
    """All colours of the light and of the dark scheme."""
    return style.light.applied_to(LIGHT_PALETTE), style.dark.applied_to(DARK_PALETTE)


def _palette_mistakes(name: str, palette: Palette) -> list[str]:
    named = {field.name: getattr(palette, field.name) for field in fields(palette)}
    wrong = [f"style.{name}.{key}: {value!r} is not a colour like #1b1f24" for key, value in named.items()
             if not HEX_COLOUR.fullmatch(value)]  # fmt: skip
    if wrong:
        return wrong
    named["tint"] = palette.tint
    return [
        f"style.{name}.{text}: {named[text]} on {ground} {named[ground]} has contrast {ratio:.2f}, needs {MIN_CONTRAST}"
        for text, ground in CONTRAST_PAIRS
        if (ratio := contrast_ratio(named[text], named[ground])) < MIN_CONTRAST
    ]


def _text_mistakes(style: Style) -> list[str]:
    wrong = [
        f"style.{key}: {getattr(style, key)!r}: font names only, with commas and without quotes"
        for key in ("font", "heading_font")
        if not FONT_NAMES.fullmatch(getattr(style, key))
    ]
    wrong += [
        f"style.{key}: {len(value)} characters, at most {MAX_TEXT_CHARACTERS}"
        for key in ("title", "tagline", "address", "footer")
        if len(value := getattr(style, key) or "") > MAX_TEXT_CHARACTERS
    ]
    if style.logo is not None and not re.fullmatch(r"https://[^\s\"'<>]{1,500}", style.logo):
        wrong.append(f"style.logo: {style.logo!r} is not an https address")
    if not 16 <= style.logo_width <= 576:
        wrong.append(f"style.logo_width: {style.logo_width} is not within 16 and 576")
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", style.template):
        wrong.append(f"style.template: {style.template!r} is not the name of a template")
    return wrong
