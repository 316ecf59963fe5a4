"""The copy of an issue that is looked at: one colour scheme forced, and links that open beside the preview.

A mail client decides by `prefers-color-scheme`, the browser by the reader's system: to show both side by side the
media queries of the copy are answered here. What is saved and sent is never touched.
"""

from __future__ import annotations

import re

STYLE = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.IGNORECASE | re.DOTALL)
QUERY = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
META = re.compile(r'<meta name="(color-scheme|supported-color-schemes)" content="[^"]*"', re.IGNORECASE)
PROPERTY = re.compile(r"(?<![\w-])color-scheme\s*:[^;}]*", re.IGNORECASE)
LINK = re.compile(r"<a\b(?=[^>]*?\shref=[\"']https?:)(?![^>]*?\starget=)", re.IGNORECASE)
YES, NO = "(min-width:0)", "(max-width:0)"


def force_colour_scheme(html: str, scheme: str) -> str:
    """`html` as a client in the `light` or `dark` scheme draws it, whatever the browser prefers."""

    def force_in_sheet(style: re.Match[str]) -> str:
        sheet = QUERY.sub(lambda query: YES if query[1].lower() == scheme else NO, style[2])
        return style[1] + PROPERTY.sub(f"color-scheme:{scheme}", sheet) + style[3]

    head, separator, rest = STYLE.sub(force_in_sheet, html).partition("</head>")
    head = META.sub(lambda meta: f'<meta name="{meta[1]}" content="{scheme}"', head)
    return head + separator + rest


def open_links_in_new_tabs(html: str) -> str:
    """`html` whose links to other places open in a tab of their own; the frame itself goes nowhere."""
    return LINK.sub('<a target="_blank" rel="noopener noreferrer"', html)
