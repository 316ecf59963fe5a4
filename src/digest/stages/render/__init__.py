"""render: `Issue` -> `Letter`. Both parts, complete but for the reader's token.

    renderer = load(style, envelope=Envelope(sender="NATO digest <digest@example.org>", list_name="NATO"))
    letter = renderer.render(issue)

A `Renderer` is built once for a style: the template is read, checked, and inlined by premailer there.
"""

from __future__ import annotations

from digest.mail.message import Links
from digest.stages.render.renderer import Renderer, load, render
from digest.stages.render.sample import sample
from digest.stages.render.style import DARK, LIGHT, Colours, Palette, Style, mistakes
from digest.stages.render.templates import eject, parts_of, strays, templates

__all__ = [
    "DARK",
    "LIGHT",
    "Colours",
    "Links",
    "Palette",
    "Renderer",
    "Style",
    "eject",
    "load",
    "mistakes",
    "parts_of",
    "render",
    "sample",
    "strays",
    "templates",
]
