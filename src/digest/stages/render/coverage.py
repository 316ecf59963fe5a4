"""The coverage strip: who covered what, when, as plain table cells."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.stages.render.autolink import label_text
from digest.stages.render.credits import MAX_NAME_CHARACTERS, day_of, source_name
from digest.stages.render.sanitise import cut_text
from digest.stages.render.view import CoverageRow, CoverageView
from digest.text.publishers import is_host_name, publisher_key

if TYPE_CHECKING:
    from datetime import date

    from digest.model import Issue, Section
    from digest.stages.render.strings import Strings

MAX_THEMES = 4  # columns that a phone has room for
MAX_ROWS = 8
UNDATED_MARK = "✓"


def coverage_strip(issue: Issue, say: Strings) -> CoverageView | None:
    """The strip of an issue; None where it would say nothing: one publisher, or one theme or none.

    Publishers with most themes, then most articles, come first; equals in the order of the issue.
    """
    zone, year = ZoneInfo(issue.timezone), issue.at.year
    sections = issue.sections[:MAX_THEMES]
    named: dict[str, str] = {}
    counted: dict[str, list[list[date | None]]] = {}
    for column, section in enumerate(sections):
        for name, day in _publishers_and_days(section, zone):
            key = publisher_key(name)
            if key not in named or is_host_name(named[key]):
                named[key] = name
            counted.setdefault(key, [[] for _ in sections])[column].append(day)
    if len(counted) < 2 or len(sections) < 2:
        return None
    themes = tuple(cut_text(label_text(say.theme(section)), MAX_NAME_CHARACTERS) for section in sections)
    ranked = sorted(counted.items(), key=lambda item: (-sum(map(bool, item[1])), -sum(map(len, item[1]))))
    rows = tuple(
        _publisher_row(named[key], themes, tuple(_dates_cell(dates, year, say) for dates in days))
        for key, days in ranked[:MAX_ROWS]
    )
    return CoverageView(themes=themes, rows=rows)


def _publishers_and_days(section: Section, zone: ZoneInfo) -> list[tuple[str, date | None]]:
    articles = (article for brief in section.briefs for article in brief.story.articles)
    return [(source_name(article), day_of(article, zone)) for article in articles]


def _publisher_row(name: str, themes: tuple[str, ...], cells: tuple[str, ...]) -> CoverageRow:
    told = (f"{theme} {cell}" for theme, cell in zip(themes, cells, strict=True) if cell)
    return CoverageRow(name=name, cells=cells, line=f"{name}: {', '.join(told)}")


def _dates_cell(dates: list[date | None], year: int, say: Strings) -> str:
    """When a publisher wrote on a theme: a day, the first and the last day, a tick when no day is known."""
    known = sorted(day for day in dates if day)
    if not known:
        return UNDATED_MARK if dates else ""
    first, last = (say.brief_date(day) if day.year == year else say.short_date(day) for day in (known[0], known[-1]))
    return first if first == last else f"{first} – {last}"
