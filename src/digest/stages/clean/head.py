"""What stands above an article: header, title, byline, date, standfirst. It is harvested, then it goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import BULLET, SENTENCE, finished, paragraph, same, word_count
from digest.stages.clean.names import lone_name, read_byline, read_role
from digest.text.boilerplate import loose
from digest.text.dates import day_without_year, find, is_calendar_word, plausible, relative

if TYPE_CHECKING:
    from digest.stages.clean.lines import Page

DEPTH = 40  # lines in which a head may end
LONGEST_TITLE = 160  # characters
BREADCRUMB = re.compile(r"^\W*[\w&’' -]{2,30}(?:\s[>»›]\s[\w&’' -]{2,40}){1,5}\W*$")
PLACE = re.compile(
    r"^(?:[A-ZÀ-Þ][\w.’'-]*[,\s/]*(?:[\w.’'-]+[,\s/]+){0,5})?(?:\([^()]{2,30}\)\s?)?[–—-]\s|^\([^()]{2,30}\)\s?[–—-]\s"
)
ABBREVIATED = re.compile(r"(?:\b[A-Z]\.|\b[A-Z][a-z]{1,3}\.)$")
SPEAKER = re.compile(r"^[^\W\d_][\w .’'-]{0,24}:\s")
ZONES = frozenset(
    [
        "et",
        "est",
        "edt",
        "ct",
        "cst",
        "cdt",
        "mt",
        "mst",
        "mdt",
        "pt",
        "pst",
        "pdt",
        "bst",
        "cet",
        "cest",
        "ist",
        "jst",
        "sgt",
        "hkt",
        "aest",
        "aedt",
        "gmt",
        "utc",
        "msk",
        "wib",
        "eat",
        "wat",
    ]
)


def read_head(page: Page) -> None:
    """Harvest title, byline, date and standfirst from above the article, and drop their lines."""
    last = _furniture(page)
    _title(page)
    if page.title:
        _repeats(page, page.title)
        _lone_byline(page)
    _standfirst(page, last)


def _furniture(page: Page) -> int:
    """Drop header, date and byline lines at the top; the index of the last line of the head's furniture."""
    last, running = -1, 0
    start = next(iter(page.kept()), 0)
    start = start if page.pending else 0
    first = [loose(line[:400]) for line in page.lines[: start + 14]]
    for index in range(start, min(start + DEPTH, len(page.lines))):
        line = page.lines[index]
        if page.reasons[index] is not None:
            continue
        if running > 1 or (running and word_count(line) > 40):
            break
        reason = _kind(page, index)
        if reason:
            page.drop(index, reason)
            last = index
        elif paragraph(line) and not (index < len(first) and first.count(first[index]) > 1):
            running += 1
    return last


def _kind(page: Page, index: int) -> str | None:
    line = page.lines[index]
    if word_count(line) > 26:
        return None
    if day_without_year(line) and not finished(line):
        return "crawl header"
    byline = read_byline(line, page.labels)
    if byline:
        page.byline = page.byline or byline[0]
        page.publisher = page.publisher or byline[1]
        _date(page, line)
        return "byline"
    if _date_line(page, line) or _bare_day(line) or (relative(line) and word_count(line) <= 8 and not finished(line)):
        return "dateline"
    name = read_role(line, page.labels)
    if name and index:
        page.byline = page.byline or name
        return "byline"
    if BREADCRUMB.match(line) and index < 3 and not finished(line) and len(line) < 80 and " | " not in line:
        return "breadcrumb"
    return None


def _bare_day(line: str) -> bool:
    """A day and a month, and nothing else: "Nov 20"."""
    words = loose(line).split()
    return (
        2 <= len(words) <= 3
        and any(word.isdigit() for word in words)
        and not all(word.isdigit() for word in words)
        and all(word.isdigit() or is_calendar_word(word) for word in words)
    )


def _date_line(page: Page, line: str) -> bool:
    printed = find(line, page.language)
    if not printed:
        return False
    rest = [
        word for word in loose(line[: printed.start] + " " + line[printed.end :]).split() if not _of_date(word, page)
    ]
    if not rest:
        return _date(page, line)
    if len(rest) > 6 or finished(line):
        return False
    beside = line[: printed.start].rstrip()[-1:] + line[printed.end :].lstrip()[:1]
    if len(rest) > 2 and beside and not set(beside) & set("|/•·–—-:"):
        return False
    header = any(is_calendar_word(word) for word in line.split()[:1]) and "|" in line
    return True if header else len(rest) <= 4 and _date(page, line)


def _of_date(word: str, page: Page) -> bool:
    return (
        is_calendar_word(word)
        or word in ZONES
        or word in page.labels.words("published")
        or word.isdigit()
        or word in {"am", "pm"}
    )


def _date(page: Page, line: str) -> bool:
    printed = find(line, page.language)
    value = plausible(printed.value, page.now) if printed else None
    if printed and value and page.published is None:
        page.published, page.unsure = value, page.unsure or printed.open_order
    return printed is not None


def _title(page: Page) -> None:
    """The line above the running text that most looks like its headline; a repetition confirms it."""
    if page.title:
        return
    candidates = _candidates(page)
    if not candidates:
        return
    chosen = max(candidates, key=lambda index: (_headline(page, index), -index))
    if not (_repeated(page, chosen) or _stands_alone(page, chosen)):
        return
    above = [index for index in page.kept() if index < chosen]
    page.title = page.take(chosen)
    for index in above:
        if word_count(page.lines[index]) <= 8 and not finished(page.lines[index]):
            page.drop(index, "kicker")


def _candidates(page: Page) -> list[int]:
    """Headline-like lines above the first running text; only the very first line where no running text is near."""
    candidates: list[int] = []
    for place, index in enumerate(page.kept()[: 8 + len(page.pending)]):
        line = page.lines[index]
        if paragraph(line) and not _repeated(page, index) and not (place == 0 and _asks(line)):
            return candidates
        if _titleish(page, index):
            candidates.append(index)
    near = page.kept()[:12]
    if any(paragraph(page.lines[index]) for index in near):
        return candidates
    return [index for index in candidates[:1] if index == near[0]] or [
        index for index in candidates if _repeated(page, index)
    ]


def _asks(line: str) -> bool:
    """One long question or exclamation, or words in capitals as English headlines have them."""
    words = [word for word in line.split() if word[:1].isalpha() and len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return len(line) <= LONGEST_TITLE and (
        (line[-1] in "?!" and len(SENTENCE.findall(line)) == 1) or (len(words) > 4 and capitals >= 0.8 * len(words))
    )


def _headline(page: Page, index: int) -> float:
    words = word_count(page.lines[index])
    size = -1.5 if words < 3 else 0.0 if words == 3 else 1.0
    shout = 1.0 if page.lines[index].isupper() and words < 4 else 0.0
    return 5.0 * _repeated(page, index) + size - shout + 0.7 * min(4, _kinship(page, index))


def _kinship(page: Page, index: int) -> int:
    """How many of the line's longer words the article uses: a headline's, unlike those of menus and kickers."""
    text = set(loose(page.text()[:4000].replace(page.lines[index], "")).split())
    return sum(word in text for word in set(loose(page.lines[index]).split()) if len(word) > 3)


def _titleish(page: Page, index: int) -> bool:
    line = page.lines[index]
    if len(line) > LONGEST_TITLE or word_count(line) < 2 or BULLET.match(line) or line[-1] in ",;:–—-":
        return False
    return not (line.endswith(".") and not ABBREVIATED.search(line) and not line.endswith("...")) or _repeated(
        page, index
    )


def _repeated(page: Page, index: int) -> bool:
    return any(same(line, page.lines[index]) for line in page.lines[index + 1 : index + 12])


def _stands_alone(page: Page, index: int) -> bool:
    """Something longer follows, and the line is not just the first of many like it (verse, list, dialogue)."""
    later = [page.lines[other] for other in page.kept() if other > index]
    if not later or index > 12:
        return False
    speaker = SPEAKER.match(page.lines[index])
    if speaker and any(line.startswith(speaker[0]) for line in later):
        return False
    if any(paragraph(line) for line in later[:6]):
        return True
    return len(page.gaps) > index + 1 and page.gaps[index + 1] and not all(page.gaps[index + 1 :])


def _repeats(page: Page, title: str) -> None:
    for index in page.kept()[:40]:
        if same(page.lines[index], title):
            page.drop(index, "title")


def _lone_byline(page: Page) -> None:
    """A name that stands alone under the title, above the running text."""
    kept = page.kept()
    if page.byline or len(kept) < 2 or not paragraph(page.lines[kept[1]]):
        return
    if lone_name(page.lines[kept[0]], page.text()[:6000]):
        page.byline = page.lines[kept[0]]
        page.drop(kept[0], "byline")


def _standfirst(page: Page, last: int) -> None:
    """A sentence between title and byline, date or picture; or one before the line that names the place."""
    if page.standfirst or not page.title:
        return
    kept = page.kept()
    if len(kept) < 2:
        return
    first, second = page.lines[kept[0]], page.lines[kept[1]]
    above = kept[0] < last < kept[1] and word_count(first) <= 60 and (finished(first) or word_count(first) >= 6)
    placed = PLACE.match(second) and not PLACE.match(first) and finished(first) and 5 <= word_count(first) <= 45
    if above or placed:
        page.standfirst = page.take(kept[0])
