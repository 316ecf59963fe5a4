"""What stands below an article: source, author, notes, calls to join. It is harvested, then it goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import BULLET, finished, paragraph, word_count
from digest.stages.clean.marks import says_cut
from digest.stages.clean.names import named, read_byline, read_role, trim_names

if TYPE_CHECKING:
    from digest.stages.clean.lines import Page

DEPTH = 25  # lines in which a tail may begin
CERTAIN = frozenset(
    [
        "share",
        "promotion",
        "notice",
        "copyright",
        "comments",
        "tags",
        "note",
        "source",
        "marker",
        "advertisement",
        "credit",
        "continue",
        "teaser",
    ]
)
IS = re.compile(
    r"\s(?:is|are|was|ist|sind|est|sont|es|son|è|sono|is een|é|são)\s(?=(?:an?|the|eine?|der|die|une?|le|la|una?|il|een|de|um|uma|o|a|[a-z])\b)"
)
QUOTED = re.compile(r"[”\"’»]$")


def read_tail(page: Page) -> None:
    """Harvest source and byline from below the article, and drop what calls, counts or credits there."""
    kept = page.kept()
    for index in reversed(kept[-DEPTH:]):
        line = page.lines[index]
        reason = _kind(page, line) or _call(page, index)
        if reason:
            page.drop(index, reason)
        elif paragraph(line):
            break
    _weak(page)
    page.truncated = page.truncated or _cut(page)


def _kind(page: Page, line: str) -> str | None:
    words = word_count(line)
    source = _source(page, line) if words <= 12 else None
    if source:
        page.publisher = source
        return "source"
    name = read_role(line, page.labels)
    if name:
        page.byline = page.byline or name
        return "byline"
    if _about_author(page, line):
        return "author note"
    if words <= 7 and not finished(line) and page.labels.starts("teaser", line):
        return "teaser"
    byline = read_byline(line, page.labels)
    if byline and words <= 16:
        page.byline = page.byline or byline[0]
        return "byline"
    return "notice" if words <= 12 and page.labels.find("fine_print", line) and not finished(line) else None


def _about_author(page: Page, line: str) -> bool:
    """Such as "Ann Lee is a staff writer at ...": names, a form of to be, a role."""
    match = IS.search(line[:80])
    if not match or word_count(line) > 45:
        return False
    name = line[: match.start()].strip(" ,")
    known = page.byline is not None and name in page.byline
    near = page.labels.find("role", line[match.end() : match.end() + 60])
    return bool(near) and (
        known or (2 <= word_count(name) <= 4 and named(name, page.labels) and word_count(line) <= 20)
    )


def _call(page: Page, index: int) -> str | None:
    """A short call without a full stop, beside a line that is furniture for certain: "Join the Courier"."""
    line = page.lines[index]
    if word_count(line) > 9 or not _short(line) or not page.labels.starts("promote", line):
        return None
    return "promotion" if CERTAIN & set(page.reasons[max(0, index - 2) : index + 3]) else None


def _source(page: Page, line: str) -> str | None:
    match = page.labels.starts("source", line.lstrip("( ["))
    if not match:
        return None
    rest = line.lstrip("( [")[match.end() :].lstrip()
    if rest[:1] not in {":", "|", "–", "-"}:
        return None
    name = trim_names(rest.lstrip(":|–- "), page.labels).strip(" .)]")
    return name if name and word_count(name) <= 8 and (named(name, page.labels) or "." in name) else None


def _weak(page: Page) -> None:
    """Short lines among certain furniture at the very end are furniture as well, unless they outnumber it."""
    start = len(page.lines)
    while start and (page.reasons[start - 1] is not None or _short(page.lines[start - 1])):
        start -= 1
    certain = [index for index in range(start, len(page.lines)) if page.reasons[index] in CERTAIN]
    short = [index for index in range(start, len(page.lines)) if page.reasons[index] is None]
    if not certain:
        return
    below = [index for index in short if index > certain[0]]
    above = [index for index in short if index < certain[0]]
    for index in (*(below if len(below) <= len(certain) + 1 else ()), *(above if len(above) <= 1 else ())):
        page.drop(index, "footer")


def _short(line: str) -> bool:
    return word_count(line) <= 9 and line[-1] not in ".:" and not QUOTED.search(line) and not BULLET.match(line)


def _cut(page: Page) -> bool:
    """The last words say that the text goes on elsewhere."""
    last = max(page.kept(), default=-1)
    below = (page.lines[index] for index in range(last + 1, len(page.lines)))
    return any(says_cut(line, page.labels) for line in below) or (last >= 0 and says_cut(page.lines[last], page.labels))
