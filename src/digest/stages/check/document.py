"""An HTML part as a client sees it: the tree, its styles, what is shown and what is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digest.stages.check.css import Cascade, StyleRule, parse_rules
from digest.stages.check.quoted import INVISIBLE_CHARACTERS

if TYPE_CHECKING:
    from lxml.etree import _Element

    from digest.stages.check.quoted import SourceTexts

NEVER_SHOWN_TAGS = frozenset(("head", "style", "script", "title", "template"))


@dataclass(slots=True)
class HtmlPart:
    """One HTML part, read once for all rules."""

    source: str
    tree: _Element
    cascade: Cascade
    literals: SourceTexts  # texts of sources: what looks like a mark in them is none
    broken: str | None  # what is wrong with a style sheet
    shown: list[tuple[_Element, str]] = field(default_factory=list)  # runs of visible text, in order
    hidden: list[tuple[_Element, str]] = field(default_factory=list)

    @property
    def shown_text(self) -> str:
        return " ".join(run for _, run in self.shown)

    def without_source_texts(self, runs: list[tuple[_Element, str]]) -> list[tuple[_Element, str]]:
        """The runs without the texts of sources."""
        told = self.literals.blank_out_runs([run for _, run in runs])
        return [(element, run) for (element, _), run in zip(runs, told, strict=True)]


def read_html_part(source: str, literals: SourceTexts) -> HtmlPart | None:
    """The document, or None when there is nothing in it."""
    from lxml import html
    from lxml.etree import ParserError

    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except ParserError:
        return None
    sheet, broken = _read_style_rules(tree)
    document = HtmlPart(source, tree, Cascade(tree, sheet), literals, broken)
    body = tree.find("body")
    if body is not None:
        _collect_runs(document, body)
    return document


def hides_element(style: dict[str, str]) -> bool:
    """True when a style takes an element out of sight."""
    flat = {name: value.replace(" ", "").lower() for name, value in style.items()}
    return (
        flat.get("display") == "none"
        or flat.get("visibility") == "hidden"
        or flat.get("mso-hide") == "all"
        or flat.get("opacity") == "0"
        or (flat.get("max-height") in {"0", "0px"} and flat.get("overflow") == "hidden")
    )


def visible_text(text: str) -> str:
    """Text without what takes no room, its white space collapsed."""
    return " ".join(text.translate(INVISIBLE_CHARACTERS).split())


def _read_style_rules(tree: _Element) -> tuple[list[StyleRule], str | None]:
    found: list[StyleRule] = []
    broken = None
    for style in tree.iter("style"):
        try:
            found += parse_rules(style.text or "")
        except ValueError as error:
            broken = str(error)
    return found, broken


def _collect_runs(document: HtmlPart, body: _Element) -> None:
    """Sort the runs of text into shown and hidden, without recursion: a hostile page may be deep."""
    stack: list[tuple[_Element, str | None, bool]] = [(body, None, False)]
    while stack:
        element, tail, hidden = stack.pop()
        if tail is not None:
            _add_run(document, element, tail, hidden=hidden)
            continue
        tag = element.tag
        concealed = (
            hidden
            or not isinstance(tag, str)
            or tag in NEVER_SHOWN_TAGS
            or element.get("hidden") is not None
            or hides_element(document.cascade.computed_style(element))
        )
        if isinstance(tag, str):
            _add_run(document, element, element.text or "", hidden=concealed)
        for child in reversed(element):
            if child.tail:
                stack.append((element, child.tail, concealed))
            stack.append((child, None, concealed))


def _add_run(document: HtmlPart, element: _Element, text: str, *, hidden: bool) -> None:
    if visible_text(text) and element.tag not in NEVER_SHOWN_TAGS:
        (document.hidden if hidden else document.shown).append((element, text))
