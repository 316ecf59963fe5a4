"""A view is what an address says: which issue, which tab, at what width, in which scheme, with pictures or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

TABS = {
    "html": "HTML",
    "text": "Text",
    "source": "Source",
    "checks": "Checks",
    "explain": "Explain",
    "edit": "Edit",
    "changes": "Changes",
}
LIVE_ONLY = frozenset({"edit"})
WIDTHS = {"375": "Phone", "768": "Tablet", "1024": "Desktop"}
CHOICES: dict[str, tuple[str, ...]] = {
    "width": ("1024", "768", "375"),
    "scheme": ("light", "dark"),
    "images": ("off", "on"),
}  # the first one is what an address without it means


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One state of the page; `url` is its address."""

    edition: str
    label: str
    tab: str = "html"
    width: str = "1024"  # CSS pixels
    scheme: str = "light"
    images: str = "off"  # off: nothing is fetched

    def address(self, **changes: str) -> str:
        """The address of this view, or of this view with changes."""
        view = replace(self, **changes)
        path = f"/{quote(view.edition)}/{quote(view.label)}/{view.tab}"
        return path + _view_query(view)

    def frame_address(self) -> str:
        """The address of the letter in the frame."""
        return f"/-/letter/{quote(self.edition)}/{quote(self.label)}{_view_query(replace(self, width=CHOICES['width'][0]))}"

    def file_address(self, name: str) -> str:
        """The address of a file of the issue, as it is."""
        return f"/-/part/{quote(self.edition)}/{quote(self.label)}/{name}"


def parse_view(edition: str, label: str, tab: str, query: Mapping[str, Any]) -> PageView:
    """The view of an address; what it asks for in vain is as if it were not there."""
    chosen = {name: str(query[name]) for name, known in CHOICES.items() if query.get(name) in known}
    return PageView(edition=edition, label=label, tab=tab, **chosen)


def _view_query(view: PageView) -> str:
    given = {name: asdict(view)[name] for name, known in CHOICES.items() if asdict(view)[name] != known[0]}
    return f"?{urlencode(given)}" if given else ""
