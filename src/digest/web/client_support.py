"""Which mail programs understand what an issue uses.

Shares are of caniemail.com (data 6b086a3, partial support counted as half, newest version listed of each client).
An issue may use what a client ignores, as long as it reads well without: `without` says what its readers see then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CLIENTS = ("Gmail", "Outlook Windows", "Outlook.com", "Apple Mail", "Yahoo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFeature:
    """Something that a page may use, and how far clients go along."""

    name: str
    pattern: re.Pattern[str]
    everywhere: int  # percent of all clients
    clients: tuple[int, int, int, int, int]  # percent, as in CLIENTS
    without: str  # what readers see where it is not supported


def _client_feature(
    name: str, pattern: str, everywhere: int, clients: tuple[int, int, int, int, int], without: str
) -> ClientFeature:
    return ClientFeature(
        name=name, pattern=re.compile(pattern, re.IGNORECASE), everywhere=everywhere, clients=clients, without=without
    )


FEATURES = (
    _client_feature("<style>", r"<style\b", 71, (38, 50, 100, 100, 100), "the inlined styles alone: the desktop layout in light"),
    _client_feature("@media", r"@media\b", 60, (38, 0, 50, 100, 50), "the desktop measures on a phone"),
    _client_feature("prefers-color-scheme", r"prefers-color-scheme", 42, (0, 0, 100, 100, 0), "the light issue, or the client's inversion"),
    _client_feature("color-scheme meta", r'name="color-scheme"', 6, (0, 0, 0, 50, 0), "nothing changes"),
    _client_feature("max-width", r"max-width\s*:", 98, (100, 50, 100, 100, 100), "a table of fixed width, where one is given"),
    _client_feature("padding", r"padding[\w-]*\s*:", 98, (100, 50, 100, 100, 100), "text at the edge, outside of cells"),
    _client_feature("margin", r"margin[\w-]*\s*:", 79, (50, 50, 50, 100, 50), "other gaps between paragraphs"),
    _client_feature("border-radius", r"border-radius\s*:", 76, (100, 0, 100, 100, 50), "square corners"),
    _client_feature("flex, grid", r"display\s*:\s*(?:inline-)?(?:flex|grid)", 80, (100, 0, 100, 100, 100), "everything in one column"),
    _client_feature("position", r"[;\"{\s]position\s*:", 55, (0, 0, 50, 50, 50), "parts in other places"),
    _client_feature("CSS variables", r"var\(--", 45, (0, 0, 0, 100, 0), "no colour where a variable was meant"),
    _client_feature("calc()", r"calc\(", 57, (75, 0, 0, 100, 0), "the width of the content"),
    _client_feature(":nth-child", r":nth-child", 39, (0, 0, 0, 100, 0), "rows without their difference"),
    _client_feature("@font-face", r"@font-face", 23, (0, 50, 0, 100, 0), "the next font of the list"),
    _client_feature("jump links", r'href="#', 59, (75, 100, 100, 100, 17), "a link that does nothing"),
    _client_feature("SVG picture", r"\.svg[\"?#]|image/svg", 90, (25, 100, 100, 100, 100), "the alternative text"),
    _client_feature("data: picture", r"src=\"data:", 77, (0, 50, 100, 100, 100), "the alternative text"),
    _client_feature("WebP picture", r"\.webp[\"?#]", 93, (50, 0, 100, 100, 100), "the alternative text"),
)  # fmt: skip


def features_used(html: str) -> tuple[ClientFeature, ...]:
    """The features that a page uses, the least supported ones first."""
    found = [feature for feature in FEATURES if feature.pattern.search(html)]
    return tuple(sorted(found, key=lambda feature: feature.everywhere))


def support_level(percent: int) -> str:
    """yes, partly or no."""
    return "yes" if percent >= 75 else "partly" if percent >= 25 else "no"
