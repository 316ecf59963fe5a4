"""What stands above an article: header, title, byline, date, standfirst. It is harvested, then it goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import (
    BULLET_START,
    SENTENCE_MARK,
    ends_sentence,
    is_running_text,
    is_same_line,
    word_count,
)
from digest.stages.clean.names import is_lone_name, name_before_role, parse_byline
from digest.text.boilerplate import comparison_key
from digest.text.dates import find_date, has_day_without_year, has_relative_time, is_calendar_word, plausible_date

if TYPE_CHECKING:
    from digest.stages.clean.lines import DocumentLines

MAX_HEAD_LINES = 40  # lines in which a head may end
MAX_TITLE_CHARACTERS = 160  # characters
BREADCRUMB = re.compile(r"^\W*[\w&’' -]{2,30}(?:\s[>»›]\s[\w&’' -]{2,40}){1,5}\W*$")
DATELINE_PLACE = re.compile(
    r"^(?:[A-ZÀ-Þ][\w.’'-]*[,\s/]*(?:[\w.’'-]+[,\s/]+){0,5})?(?:\([^()]{2,30}\)\s?)?[–—-]\s|^\([^()]{2,30}\)\s?[–—-]\s"
)
ENDS_WITH_ABBREVIATION = re.compile(r"(?:\b[A-Z]\.|\b[A-Z][a-z]{1,3}\.)$")
SPEAKER_LABEL = re.compile(r"^[^\W\d_][\w .’'-]{0,24}:\s")
TIME_ZONE_WORDS = frozenset(
    "et est edt ct cst cdt mt mst mdt pt pst pdt bst cet cest ist jst sgt hkt aest aedt gmt utc msk wib eat wat".split()
)


def extract_head(page: DocumentLines) -> None:
    """Harvest title, byline, date and standfirst from above the article, and drop their lines."""
    last = _drop_head_boilerplate(page)
    _take_title(page)
    if page.title:
        _drop_title_repeats(page, page.title)
        _take_lone_byline(page)
    _take_standfirst(page, last)


def _drop_head_boilerplate(page: DocumentLines) -> int:
    """Drop header, date and byline lines at the top; the index of the last line of the head's furniture."""
    last, running = -1, 0
    start = next(iter(page.kept_indexes()), 0)
    start = start if page.pending else 0
    first = [comparison_key(line[:400]) for line in page.lines[: start + 14]]
    for index in range(start, min(start + MAX_HEAD_LINES, len(page.lines))):
        line = page.lines[index]
        if page.reasons[index] is not None:
            continue
        if running > 1 or (running and word_count(line) > 40):
            break
        reason = _classify_head_line(page, index)
        if reason:
            page.drop_line(index, reason)
            last = index
        elif is_running_text(line) and not (index < len(first) and first.count(first[index]) > 1):
            running += 1
    return last


def _classify_head_line(page: DocumentLines, index: int) -> str | None:
    line = page.lines[index]
    if word_count(line) > 26:
        return None
    if has_day_without_year(line) and not ends_sentence(line):
        return "crawl header"
    byline = parse_byline(line, page.labels)
    if byline:
        page.byline = page.byline or byline[0]
        page.publisher = page.publisher or byline[1]
        _take_date(page, line)
        return "byline"
    if (
        _take_date_line(page, line)
        or _is_bare_day(line)
        or (has_relative_time(line) and word_count(line) <= 8 and not ends_sentence(line))
    ):
        return "dateline"
    name = name_before_role(line, page.labels)
    if name and index:
        page.byline = page.byline or name
        return "byline"
    if BREADCRUMB.match(line) and index < 3 and not ends_sentence(line) and len(line) < 80 and " | " not in line:
        return "breadcrumb"
    return None


def _is_bare_day(line: str) -> bool:
    """A day and a month, and nothing else: "Nov 20"."""
    words = comparison_key(line).split()
    return (
        2 <= len(words) <= 3
        and any(word.isdigit() for word in words)
        and not all(word.isdigit() for word in words)
        and all(word.isdigit() or is_calendar_word(word) for word in words)
    )


def _take_date_line(page: DocumentLines, line: str) -> bool:
    printed = find_date(line, page.language)
    if not printed:
        return False
    rest = [
        word
        for word in comparison_key(line[: printed.start] + " " + line[printed.end :]).split()
        if not _belongs_to_date(word, page)
    ]
    if not rest:
        return _take_date(page, line)
    if len(rest) > 6 or ends_sentence(line):
        return False
    beside = line[: printed.start].rstrip()[-1:] + line[printed.end :].lstrip()[:1]
    if len(rest) > 2 and beside and not set(beside) & set("|/•·–—-:"):
        return False
    header = any(is_calendar_word(word) for word in line.split()[:1]) and "|" in line
    return True if header else len(rest) <= 4 and _take_date(page, line)


def _belongs_to_date(word: str, page: DocumentLines) -> bool:
    return (
        is_calendar_word(word)
        or word in TIME_ZONE_WORDS
        or word in page.labels.phrase_keys("published")
        or word.isdigit()
        or word in {"am", "pm"}
    )


def _take_date(page: DocumentLines, line: str) -> bool:
    printed = find_date(line, page.language)
    value = plausible_date(printed.value, page.now) if printed else None
    if printed and value and page.published is None:
        page.published, page.unsure = value, page.unsure or printed.open_order
    return printed is not None


def _take_title(page: DocumentLines) -> None:
    """The line above the running text that most looks like its headline; a repetition confirms it."""
    if page.title:
        return
    candidates = _title_candidates(page)
    if not candidates:
        return
    chosen = max(candidates, key=lambda index: (_headline_score(page, index), -index))
    if not (_is_repeated_below(page, chosen) or _stands_alone(page, chosen)):
        return
    above = [index for index in page.kept_indexes() if index < chosen]
    page.title = page.take_line(chosen)
    for index in above:
        if word_count(page.lines[index]) <= 8 and not ends_sentence(page.lines[index]):
            page.drop_line(index, "kicker")


def _title_candidates(page: DocumentLines) -> list[int]:
    """Headline-like lines above the first running text; only the very first line where no running text is near."""
    candidates: list[int] = []
    for place, index in enumerate(page.kept_indexes()[: 8 + len(page.pending)]):
        line = page.lines[index]
        if (
            is_running_text(line)
            and not _is_repeated_below(page, index)
            and not (place == 0 and _looks_like_headline(line))
        ):
            return candidates
        if _may_be_title(page, index):
            candidates.append(index)
    near = page.kept_indexes()[:12]
    if any(is_running_text(page.lines[index]) for index in near):
        return candidates
    return [index for index in candidates[:1] if index == near[0]] or [
        index for index in candidates if _is_repeated_below(page, index)
    ]


def _looks_like_headline(line: str) -> bool:
    """One long question or exclamation, or words in capitals as English headlines have them."""
    words = [word for word in line.split() if word[:1].isalpha() and len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return len(line) <= MAX_TITLE_CHARACTERS and (
        (line[-1] in "?!" and len(SENTENCE_MARK.findall(line)) == 1)
        or (len(words) > 4 and capitals >= 0.8 * len(words))
    )


def _headline_score(page: DocumentLines, index: int) -> float:
    words = word_count(page.lines[index])
    size = -1.5 if words < 3 else 0.0 if words == 3 else 1.0
    shout = 1.0 if page.lines[index].isupper() and words < 4 else 0.0
    return 5.0 * _is_repeated_below(page, index) + size - shout + 0.7 * min(4, _count_shared_words(page, index))


def _count_shared_words(page: DocumentLines, index: int) -> int:
    """How many of the line's longer words the article uses: a headline's, unlike those of menus and kickers."""
    text = set(comparison_key(page.kept_text()[:4000].replace(page.lines[index], "")).split())
    return sum(word in text for word in set(comparison_key(page.lines[index]).split()) if len(word) > 3)


def _may_be_title(page: DocumentLines, index: int) -> bool:
    line = page.lines[index]
    if len(line) > MAX_TITLE_CHARACTERS or word_count(line) < 2 or BULLET_START.match(line) or line[-1] in ",;:–—-":
        return False
    return not (
        line.endswith(".") and not ENDS_WITH_ABBREVIATION.search(line) and not line.endswith("...")
    ) or _is_repeated_below(page, index)


def _is_repeated_below(page: DocumentLines, index: int) -> bool:
    return any(is_same_line(line, page.lines[index]) for line in page.lines[index + 1 : index + 12])


def _stands_alone(page: DocumentLines, index: int) -> bool:
    """Something longer follows, and the line is not just the first of many like it (verse, list, dialogue)."""
    later = [page.lines[other] for other in page.kept_indexes() if other > index]
    if not later or index > 12:
        return False
    speaker = SPEAKER_LABEL.match(page.lines[index])
    if speaker and any(line.startswith(speaker[0]) for line in later):
        return False
    if any(is_running_text(line) for line in later[:6]):
        return True
    return len(page.gaps) > index + 1 and page.gaps[index + 1] and not all(page.gaps[index + 1 :])


def _drop_title_repeats(page: DocumentLines, title: str) -> None:
    for index in page.kept_indexes()[:40]:
        if is_same_line(page.lines[index], title):
            page.drop_line(index, "title")


def _take_lone_byline(page: DocumentLines) -> None:
    """A name that stands alone under the title, above the running text."""
    kept = page.kept_indexes()
    if page.byline or len(kept) < 2 or not is_running_text(page.lines[kept[1]]):
        return
    if is_lone_name(page.lines[kept[0]], page.kept_text()[:6000]):
        page.byline = page.lines[kept[0]]
        page.drop_line(kept[0], "byline")


def _take_standfirst(page: DocumentLines, last: int) -> None:
    """A sentence between title and byline, date or picture; or one before the line that names the place."""
    if page.standfirst or not page.title:
        return
    kept = page.kept_indexes()
    if len(kept) < 2:
        return
    first, second = page.lines[kept[0]], page.lines[kept[1]]
    above = kept[0] < last < kept[1] and word_count(first) <= 60 and (ends_sentence(first) or word_count(first) >= 6)
    placed = (
        DATELINE_PLACE.match(second)
        and not DATELINE_PLACE.match(first)
        and ends_sentence(first)
        and 5 <= word_count(first) <= 45
    )
    if above or placed:
        page.standfirst = page.take_line(kept[0])
