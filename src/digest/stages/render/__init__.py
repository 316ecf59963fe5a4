"""render: `Issue` -> `Letter`. Both parts, complete but for the reader's token.

    renderer = load_renderer(style, envelope=Envelope(sender="NATO digest <digest@example.org>", list_name="NATO"))
    letter = renderer.render(issue)

A `Renderer` is built once for a style: the template is read, checked, and inlined by premailer there.
"""

from __future__ import annotations

from digest.mail.message import Links
from digest.stages.render.renderer import Renderer, load_renderer, render_issue
from digest.stages.render.sample import sample_issue
from digest.stages.render.style import DARK_PALETTE, LIGHT_PALETTE, Colours, Palette, Style, style_mistakes
from digest.stages.render.templates import eject_parts, part_names, stray_files, template_names

__all__ = [
    "DARK_PALETTE",
    "LIGHT_PALETTE",
    "Colours",
    "Links",
    "Palette",
    "Renderer",
    "Style",
    "eject_parts",
    "load_renderer",
    "part_names",
    "render_issue",
    "sample_issue",
    "stray_files",
    "style_mistakes",
    "template_names",
]
