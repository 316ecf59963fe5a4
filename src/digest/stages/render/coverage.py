"""The strip of seven days: how many sources told a running story on which day, as plain table cells."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.stages.render.autolink import label_text
from digest.stages.render.sanitise import cut_text
from digest.stages.render.view import CoverageRow, CoverageView

if TYPE_CHECKING:
    from digest.model import Brief, Issue
    from digest.stages.render.strings import Strings

DAYS = 7  # columns that a phone has room for
MAX_ROWS = 8
MAX_HEADLINE_CHARACTERS = 60
WEEKDAY_LETTERS = 2


def coverage_strip(issue: Issue, say: Strings) -> CoverageView | None:
    """The strip of an issue; None where no story was told on two of the last seven days.

    Stories stand in the order of their importance, the issue's own day last.
    """
    today = issue.at.astimezone(ZoneInfo(issue.timezone)).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    told = sorted(issue.briefs, key=lambda brief: -brief.placed.weight)
    rows = [row for brief in told if (row := _story_row(brief, days, say)) is not None]
    labels = tuple(say.weekdays[day.weekday()][:WEEKDAY_LETTERS] for day in days)
    return CoverageView(themes=labels, rows=tuple(rows[:MAX_ROWS])) if rows else None


def _story_row(brief: Brief, days: list[date], say: Strings) -> CoverageRow | None:
    """A story's row; None when it was told on one of the days only."""
    counts = {day: brief.placed.days.get(day.isoformat(), 0) for day in days}
    if sum(map(bool, counts.values())) < 2:
        return None
    name = cut_text(label_text(brief.title), MAX_HEADLINE_CHARACTERS)
    line = ", ".join(f"{say.brief_date(day)}: {say.sources(count)}" for day, count in counts.items() if count)
    return CoverageRow(
        name=name, cells=tuple(str(count) if count else "" for count in counts.values()), line=f"{name} ({line})"
    )
