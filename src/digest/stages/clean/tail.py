"""What stands below an article: source, author, notes, calls to join. It is harvested, then it goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import BULLET_START, ends_sentence, is_running_text, word_count
from digest.stages.clean.marks import says_truncated
from digest.stages.clean.names import is_name_list, name_before_role, parse_byline, trim_names

if TYPE_CHECKING:
    from digest.stages.clean.lines import DocumentLines

MAX_TAIL_LINES = 25  # lines in which a tail may begin
CERTAIN_REASONS = frozenset(
    "share promotion notice copyright comments tags note source marker advertisement credit continue teaser".split()
)
FORM_OF_TO_BE = re.compile(
    r"\s(?:is|are|was|ist|sind|est|sont|es|son|è|sono|is een|é|são)\s(?=(?:an?|the|eine?|der|die|une?|le|la|una?|il|een|de|um|uma|o|a|[a-z])\b)"
)
CLOSING_QUOTE = re.compile(r"[”\"’»]$")


def extract_tail(page: DocumentLines) -> None:
    """Harvest source and byline from below the article, and drop what calls, counts or credits there."""
    kept = page.kept_indexes()
    for index in reversed(kept[-MAX_TAIL_LINES:]):
        line = page.lines[index]
        reason = _classify_tail_line(page, line) or _call_to_action_reason(page, index)
        if reason:
            page.drop_line(index, reason)
        elif is_running_text(line):
            break
    _drop_short_footer(page)
    page.truncated = page.truncated or _is_truncated(page)


def _classify_tail_line(page: DocumentLines, line: str) -> str | None:
    words = word_count(line)
    source = _source_name(page, line) if words <= 12 else None
    if source:
        page.publisher = source
        return "source"
    name = name_before_role(line, page.labels)
    if name:
        page.byline = page.byline or name
        return "byline"
    if _is_author_note(page, line):
        return "author note"
    if words <= 7 and not ends_sentence(line) and page.labels.match_start("teaser", line):
        return "teaser"
    byline = parse_byline(line, page.labels)
    if byline and words <= 16:
        page.byline = page.byline or byline[0]
        return "byline"
    return (
        "notice" if words <= 12 and page.labels.find_phrases("fine_print", line) and not ends_sentence(line) else None
    )


def _is_author_note(page: DocumentLines, line: str) -> bool:
    """Such as "Ann Lee is a staff writer at ...": names, a form of to be, a role."""
    match = FORM_OF_TO_BE.search(line[:80])
    if not match or word_count(line) > 45:
        return False
    name = line[: match.start()].strip(" ,")
    known = page.byline is not None and name in page.byline
    near = page.labels.find_phrases("role", line[match.end() : match.end() + 60])
    return bool(near) and (
        known or (2 <= word_count(name) <= 4 and is_name_list(name, page.labels) and word_count(line) <= 20)
    )


def _call_to_action_reason(page: DocumentLines, index: int) -> str | None:
    """A short call without a full stop, beside a line that is furniture for certain: "Join the Courier"."""
    line = page.lines[index]
    if word_count(line) > 9 or not _is_short_call(line) or not page.labels.match_start("promote", line):
        return None
    return "promotion" if CERTAIN_REASONS & set(page.reasons[max(0, index - 2) : index + 3]) else None


def _source_name(page: DocumentLines, line: str) -> str | None:
    match = page.labels.match_start("source", line.lstrip("( ["))
    if not match:
        return None
    rest = line.lstrip("( [")[match.end() :].lstrip()
    if rest[:1] not in {":", "|", "–", "-"}:
        return None
    name = trim_names(rest.lstrip(":|–- "), page.labels).strip(" .)]")
    return name if name and word_count(name) <= 8 and (is_name_list(name, page.labels) or "." in name) else None


def _drop_short_footer(page: DocumentLines) -> None:
    """Short lines among certain furniture at the very end are furniture as well, unless they outnumber it."""
    start = len(page.lines)
    while start and (page.reasons[start - 1] is not None or _is_short_call(page.lines[start - 1])):
        start -= 1
    certain = [index for index in range(start, len(page.lines)) if page.reasons[index] in CERTAIN_REASONS]
    short = [index for index in range(start, len(page.lines)) if page.reasons[index] is None]
    if not certain:
        return
    below = [index for index in short if index > certain[0]]
    above = [index for index in short if index < certain[0]]
    for index in (*(below if len(below) <= len(certain) + 1 else ()), *(above if len(above) <= 1 else ())):
        page.drop_line(index, "footer")


def _is_short_call(line: str) -> bool:
    return (
        word_count(line) <= 9
        and line[-1] not in ".:"
        and not CLOSING_QUOTE.search(line)
        and not BULLET_START.match(line)
    )


def _is_truncated(page: DocumentLines) -> bool:
    """The last words say that the text goes on elsewhere."""
    last = max(page.kept_indexes(), default=-1)
    below = (page.lines[index] for index in range(last + 1, len(page.lines)))
    return any(says_truncated(line, page.labels) for line in below) or (
        last >= 0 and says_truncated(page.lines[last], page.labels)
    )
