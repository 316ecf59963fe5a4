"""HTML as blocks of text: what a reader would see, in order, with the look that tells a headline from a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import RejectedError
from digest.formats.attributes import limit_attributes
from digest.text.normalise import normalise_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_CHARACTERS = 5_000_000  # of markup; a larger page is cut
UNSEEN_TAGS = frozenset(
    """
    script style noscript template head title meta link base iframe frame object embed applet svg math canvas
    audio video form button input select textarea option datalist map area dialog
    """.split()
)
BLOCK_TAGS = frozenset(
    """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer h1 h2 h3
    h4 h5 h6 header html li main nav ol p pre section summary table tbody td tfoot th thead tr ul br hr
    """.split()
)
HIDDEN_STYLE = re.compile(
    r"display:none|visibility:hidden|opacity:0(?:\.0+)?(?:;|!|$)|max-height:0(?:px)?(?:;|!|$)|mso-hide:all|font-size:[01](?:px|pt|em|%)?(?:;|!|$)"
)
FONT_SIZE = re.compile(r"font(?:-size)?:[^;]*?(?<![\d.])(\d{1,3}(?:\.\d+)?)(px|pt|em|rem|%)")
BOLD_FONT = re.compile(r"font(?:-weight)?:[^;]*?\b(?:bold(?:er)?|[6-9]00)\b")
HEADING_PIXELS = {"h1": 32.0, "h2": 24.0, "h3": 19.0, "h4": 16.5, "h5": 14.0, "h6": 12.0}  # browsers' own sizes, px
BASE_PIXELS = 15.0
PIXELS_PER_UNIT = {"px": 1.0, "pt": 4 / 3, "em": BASE_PIXELS, "rem": 16.0, "%": BASE_PIXELS / 100}
CONDITIONAL_COMMENT = re.compile(
    r"<!--\[if\b.{0,20000}?<!\[endif\](?:--)?>|<!\[if !?\w+\]>|<!\[endif\]>", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """Text between two block borders."""

    text: str  # one line
    size: float  # of the largest run of type, in pixels
    bold: bool
    heading: str | None  # h1 ... h6
    links: tuple[tuple[str, str], ...]  # (text, address) in order
    linked: float  # share of the characters that are links
    table: int  # number of the innermost table, 0 outside
    ruled: bool  # a horizontal rule stands before it
    lead: str = ""  # the bold or linked words with which it begins, when other words follow them


def parse_html(source: str) -> HtmlElement:
    """The tree of a page, made tolerant and offline; RejectedError when there is no markup to speak of."""
    from lxml import etree, html

    source = CONDITIONAL_COMMENT.sub("", source[:MAX_CHARACTERS])
    source = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", source).replace("\x00", "")
    source = limit_attributes(source)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise RejectedError("no readable HTML") from error
    return root


def remove_hidden(root: HtmlElement) -> int:
    """Remove what no reader sees; the number of characters that went."""
    gone = 0
    for element in list(root.iter("*")):
        if element is root or element.getparent() is None or not _is_hidden(element):
            continue
        gone += len("".join(element.itertext()))
        element.drop_tree()
    return gone


def extract_blocks(root: HtmlElement) -> list[TextBlock]:
    """The blocks of text under `root` in reading order."""
    return _BlockCollector().collect_blocks(root)


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in UNSEEN_TAGS:
        return False
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style) and bool(HIDDEN_STYLE.search(re.sub(r"\s+", "", style[:2000]).lower()))


class _BlockCollector:
    """One pass over a tree, gathering runs of text until a block border."""

    def __init__(self) -> None:
        self.found: list[TextBlock] = []
        self.runs: list[tuple[str, float, bool, str | None]] = []
        self.sizes, self.bolds = [BASE_PIXELS], [False]
        self.headings: list[str | None] = [None]
        self.links: list[str | None] = [None]
        self.tables, self.count = [0], 0
        self.ruled = False

    def collect_blocks(self, root: HtmlElement) -> list[TextBlock]:
        from lxml import etree

        skipped = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if skipped is not None:
                if event == "end" and element is skipped:
                    skipped = None
                    self.add_text(element.tail)
                continue
            if event == "start" and element.tag in UNSEEN_TAGS:
                skipped = element
            elif event == "start":
                self.enter_element(element)
            else:
                self.leave_element(element)
        self.flush_block()
        return self.found

    def enter_element(self, element: HtmlElement) -> None:
        tag, style = str(element.tag), re.sub(r":\s+", ":", (element.get("style") or "")[:2000].lower())
        if tag in BLOCK_TAGS:
            self.flush_block()
        if tag == "hr":
            self.ruled = True
        heading = tag if tag in HEADING_PIXELS else self.headings[-1]
        self.headings.append(heading)
        self.sizes.append(_font_size(style, HEADING_PIXELS.get(tag, self.sizes[-1])))
        self.bolds.append(
            self.bolds[-1] or tag in {"b", "strong", "th"} or tag in HEADING_PIXELS or bool(BOLD_FONT.search(style))
        )
        self.links.append(element.get("href") if tag == "a" and element.get("href") else self.links[-1])
        if tag == "table":
            self.count += 1
        self.tables.append(self.count if tag == "table" else self.tables[-1])
        self.add_text(element.text)

    def leave_element(self, element: HtmlElement) -> None:
        if element.tag in BLOCK_TAGS:
            self.flush_block()
        for stack in (self.headings, self.sizes, self.bolds, self.links, self.tables):
            stack.pop()
        self.add_text(element.tail)

    def add_text(self, text: str | None) -> None:
        if text:
            self.runs.append((text, self.sizes[-1], self.bolds[-1], self.links[-1]))

    def flush_block(self) -> None:
        runs, self.runs = self.runs, []
        text = " ".join(normalise_text("".join(run[0] for run in runs)).split())
        if not text:
            return
        inked = [run for run in runs if run[0].strip()]
        total = sum(len(run[0]) for run in inked)
        bold = sum(len(run[0]) for run in inked if run[2])
        linked = sum(len(run[0]) for run in inked if run[3])
        self.found.append(
            TextBlock(
                text=text,
                size=max(run[1] for run in inked),
                bold=bold * 2 > total,
                heading=self.headings[-1],
                links=_merge_links(inked),
                linked=linked / total,
                table=self.tables[-1],
                ruled=self.ruled,
                lead=_lead_text(runs),
            )
        )
        self.ruled = False


def _lead_text(runs: list[tuple[str, float, bool, str | None]]) -> str:
    lead, rest = [], False
    for text, _, bold, href in runs:
        if not rest and (bold or href or not text.strip()):
            lead.append(text)
        else:
            rest = rest or bool(text.strip())
    return " ".join(normalise_text("".join(lead)).split()) if rest else ""


def _merge_links(runs: list[tuple[str, float, bool, str | None]]) -> tuple[tuple[str, str], ...]:
    links: list[tuple[str, str]] = []
    for text, _, _, href in runs:
        if href and links and links[-1][1] == href:
            links[-1] = (links[-1][0] + text, href)
        elif href:
            links.append((text, href))
    return tuple((" ".join(normalise_text(text).split()), href) for text, href in links)


def _font_size(style: str, inherited: float) -> float:
    match = FONT_SIZE.search(style)
    if not match:
        return inherited
    return min(float(match[1]) * PIXELS_PER_UNIT[match[2]], 200.0)
