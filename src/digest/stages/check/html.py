"""Rules over the HTML part: size, head, structure, forbidden things, style, contrast."""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.stages.check.css import has_nested_at_rule, xpath_texts
from digest.stages.check.document import visible_text
from digest.stages.check.finding import error, info, shorten, warning
from digest.stages.check.links import check_links, check_pictures
from digest.stages.check.wording import check_unfinished, check_unprintable, long_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.stages.check.document import HtmlPart
    from digest.stages.check.finding import Finding

GMAIL_CLIP_BYTES = 102_400  # bytes of HTML near which Gmail cuts a message (hteumeuleu/email-bugs #41)
GMAIL_STYLE_BYTES = 16_384  # bytes of <style> that Gmail keeps (email-bugs #90)
FORBIDDEN_TAGS = frozenset(
    ("script", "iframe", "frame", "form", "input", "select", "textarea", "button", "object", "embed", "applet",
     "base", "video", "audio", "dialog", "link")
)  # fmt: skip
BOXLESS_TAGS = frozenset(
    ("body", "span", "div", "p", "a")
)  # Outlook's Word engine gives them no padding, width, height
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def check_size(document: HtmlPart) -> Iterator[Finding]:
    total = len(document.source.encode("utf-8", "replace"))
    if total > GMAIL_CLIP_BYTES:
        yield error(
            "size", f"{total} bytes, over the {GMAIL_CLIP_BYTES} at which Gmail cuts the message and its footer"
        )
    elif total > 0.9 * GMAIL_CLIP_BYTES:
        yield warning(
            "size", f"{total} bytes, within a tenth of the {GMAIL_CLIP_BYTES} at which Gmail cuts the message"
        )
    sheets = sum(len((style.text or "").encode()) for style in document.tree.iter("style"))
    if sheets > GMAIL_STYLE_BYTES:
        yield error("sheet", f"{sheets} bytes of <style>; Gmail drops all beyond {GMAIL_STYLE_BYTES}")


def check_characters(document: HtmlPart) -> Iterator[Finding]:
    yield from check_unprintable(entities.unescape(document.source), "html")


def check_head(document: HtmlPart) -> Iterator[Finding]:
    """Doctype, language, title, charset, viewport, colour scheme."""
    tree = document.tree
    if not re.match(r"\s*<!doctype html", document.source, re.IGNORECASE):
        yield error("doctype", "no <!DOCTYPE html> at the start: the client draws in quirks mode")
    if not LANGUAGE_TAG.fullmatch(tree.get("lang") or ""):
        yield error("language", "<html> has no valid lang")
    if not visible_text("".join(xpath_texts(tree, "//head/title//text()"))):
        yield error("title", "<title> is missing or empty")
    if not tree.xpath("//meta[@charset]"):
        yield warning("charset", "no <meta charset>")
    if not tree.xpath("//meta[@name='viewport']"):
        yield warning("viewport", "no <meta name=viewport>: phones scale the page down")
    if not tree.xpath("//meta[@name='color-scheme']"):
        yield warning("dark", "no <meta name=color-scheme>: clients invert colours by their own rule")
    for attribute in ("lang", "dir"):
        if not tree.xpath(f"//body[@{attribute}] | //body/*[@{attribute}]"):
            yield warning("language", f"no {attribute} on <body> or its first child: webmails drop <html>")


def check_structure(document: HtmlPart) -> Iterator[Finding]:
    """Layout tables say so, headings step down one by one, ids are unique."""
    for table in document.tree.iter("table"):
        is_data = bool(table.xpath("./tr/th|./thead|./tbody/tr/th|./caption"))
        if not is_data and table.get("role") not in {"presentation", "none"}:
            yield error("table", "a layout table without role=presentation is read out as data")
    levels = [int(e.tag[1]) for e in document.tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if levels.count(1) != 1:
        yield warning("heading", f"{levels.count(1)} h1 headings, one is right")
    for before, after in pairwise(levels):
        if after > before + 1:
            yield warning("heading", f"a jump from h{before} to h{after}")
    for name, times in Counter(xpath_texts(document.tree, "//@id")).items():
        if times > 1:
            yield error("id", f"id={shorten(name)!r} stands {times} times")


def check_forbidden_elements(document: HtmlPart) -> Iterator[Finding]:
    """Elements and attributes that clients remove, or refuse the message for."""
    for element in document.tree.iter("*"):
        if element.tag in FORBIDDEN_TAGS:
            yield error("script" if element.tag == "script" else "forbidden", f"<{element.tag}> does not work in mail")
        if element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            yield error("forbidden", "<meta http-equiv=refresh>")
        for name in element.attrib:
            if str(name).lower().startswith("on"):
                yield error("script", f"<{element.tag} {name!s}>")


def check_style_sheets(document: HtmlPart) -> Iterator[Finding]:
    if document.broken:
        yield error("sheet", f"a <style> does not parse: {document.broken}")
    for style in document.tree.iter("style"):
        if has_nested_at_rule(style.text or ""):
            yield error("sheet", "an @-rule within an @-rule: Gmail drops the whole <style>")
        if "@import" in (style.text or ""):
            yield error("sheet", "@import is dropped by nearly every client")
    found = {
        (element.tag, name)
        for element in document.tree.iter(*BOXLESS_TAGS)
        for name, value in document.cascade.computed_style(element).items()
        if _is_ignored_by_outlook(name, value)
    }
    for tag, name in sorted(found):
        yield warning("outlook", f"{name} on <{tag}> is ignored by Outlook for Windows: put it on a <td>")


def check_visible_text(document: HtmlPart) -> Iterator[Finding]:
    """What is shown: something, no marks, no markup, no unbreakable words."""
    if not document.shown:
        yield error("empty", "no visible text")
    yield from _check_unfinished_runs(document)
    for element, run in document.shown:
        if long_words(run) and not _may_break_words(document, element):
            yield warning("long-word", f"{shorten(long_words(run)[0], 30)!r} cannot break: a phone scrolls sideways")


def _check_unfinished_runs(document: HtmlPart) -> Iterator[Finding]:
    """What looks undone in any text of the page, unless a source said it."""
    if any(found for element, run in document.shown for found in check_unfinished(run, element.tag)):
        for element, run in document.without_source_texts(document.shown):
            yield from check_unfinished(run, f"<{element.tag}>")
    if any(found for _, run in document.hidden for found in check_unfinished(run, "")):
        for _, run in document.without_source_texts(document.hidden):
            yield from check_unfinished(run, "hidden text")
    for value in xpath_texts(
        document.tree, "//head/title/text() | //@alt | //@aria-label | //@title | //@id | //@lang"
    ):
        if any(check_unfinished(value, "")):
            yield from check_unfinished(document.literals.blank_out(value), "attribute or title")


def check_preheader(document: HtmlPart) -> Iterator[Finding]:
    body = document.tree.find("body")
    first = (
        next((e for e in body.iter("*") if e is not body and visible_text(e.text or "")), None)
        if body is not None
        else None
    )
    if first is None or not any(element is first for element, _ in document.hidden):
        yield warning("preheader", "no hidden first text: the inbox shows whatever stands first")
        return
    length = len(visible_text(first.text or ""))
    if not 30 <= length <= 150:
        yield warning("preheader", f"{length} characters; the inbox line has room for 30 to 150")


def check_text_direction(document: HtmlPart) -> Iterator[Finding]:
    """Right-to-left text stands in an element that says so."""
    from digest.text.language import text_direction

    for element, run in (*document.shown, *document.hidden):
        if run.isascii() or text_direction(run) == "ltr":
            continue
        told = next((d for e in (element, *element.iterancestors()) if (d := e.get("dir"))), "ltr")
        if told.lower() not in {"rtl", "auto"}:
            yield error("direction", f"{shorten(run, 30)!r} runs right to left and its element does not say so")


def check_dark_mode(document: HtmlPart) -> Iterator[Finding]:
    if not document.cascade.has_dark:
        yield info("dark", "no rules for dark mode")


HTML_RULES = (
    check_size, check_characters, check_head, check_structure, check_forbidden_elements, check_style_sheets, check_visible_text, check_preheader, check_text_direction, check_dark_mode, check_links, check_pictures,
)  # fmt: skip


def _is_ignored_by_outlook(name: str, value: str) -> bool:
    if not (name.startswith("padding") or name in {"width", "height"}):
        return False
    return not re.fullmatch(r"[\s0px%]*|auto|100%", value)


def _may_break_words(document: HtmlPart, element: object) -> bool:
    from lxml.etree import _Element

    assert isinstance(element, _Element)
    wanted = {"break-word", "anywhere", "break-all"}
    return any(
        wanted & {document.cascade.computed_style(e).get(name) for name in ("overflow-wrap", "word-wrap", "word-break")}
        for e in (element, *element.iterancestors())
    )
