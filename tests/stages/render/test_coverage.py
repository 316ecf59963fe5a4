"""How much was told of a running story, on which of the last seven days."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digest.model import ScoreTerm
from digest.stages.render import Style, load_renderer
from digest.stages.render.coverage import coverage_strip
from digest.stages.render.strings import read_strings
from digest.stages.render.templates import template_folders
from tests.issues import article, brief, envelope, issue_of

if TYPE_CHECKING:
    from digest.model import Brief, Issue

SAY = read_strings(template_folders("default"), "en")


def running(number: int, days: dict[str, int], weight: float = 1.0) -> Brief:
    """A story that was told on these days."""
    made = brief(article(number, title=f"Story {number}"))
    importance = (ScoreTerm(term="given", weight=weight, where="importance"),)
    return replace(made, placed=replace(made.placed, days=days, importance=importance))


def issue(*briefs: Brief) -> Issue:
    return issue_of(("Coast", list(briefs)))


def test_running_stories_go_down_and_the_last_seven_days_across() -> None:
    strip = coverage_strip(issue(running(1, {"2026-11-17": 1, "2026-11-19": 4, "2026-11-20": 2})), SAY)
    assert strip is not None
    assert strip.themes == ("Sa", "Su", "Mo", "Tu", "We", "Th", "Fr")
    (row,) = strip.rows
    assert (row.name, row.cells) == ("Story 1", ("", "", "", "1", "", "4", "2"))
    assert row.line == "Story 1 (17 Nov: 1 source, 19 Nov: 4 sources, 20 Nov: 2 sources)"


def test_a_story_of_one_day_needs_none() -> None:
    assert coverage_strip(issue(running(1, {"2026-11-20": 9}), running(2, {})), SAY) is None
    assert coverage_strip(issue(running(1, {"2026-11-01": 3, "2026-11-20": 9})), SAY) is None


def test_the_most_important_stories_come_first_and_it_stays_small() -> None:
    days = {"2026-11-19": 1, "2026-11-20": 1}
    strip = coverage_strip(issue(*(running(number, days, weight=number) for number in range(12))), SAY)
    assert strip is not None
    assert [row.name for row in strip.rows] == [f"Story {number}" for number in range(11, 3, -1)]


def test_the_days_are_those_of_the_edition() -> None:
    made = issue(running(1, {"2026-11-19": 3, "2026-11-20": 1, "2026-11-21": 2}))
    here = coverage_strip(replace(made, at=made.at.replace(hour=12)), SAY)
    east = coverage_strip(replace(made, at=made.at.replace(hour=12), timezone="Pacific/Kiritimati"), SAY)
    assert here is not None
    assert east is not None
    assert (here.themes[-1], here.rows[0].cells[-2:]) == ("Fr", ("3", "1"))
    assert (east.themes[-1], east.rows[0].cells[-2:]) == ("Sa", ("1", "2"))


def test_it_is_a_table_of_data_with_headers() -> None:
    letter = load_renderer(Style(), envelope=envelope()).render(issue(running(1, {"2026-11-19": 1, "2026-11-20": 1})))
    assert letter.html.count('scope="col"') == 7
    assert letter.html.count('scope="row"') == 1
    assert "Story 1 (19 Nov: 1 source, 20 Nov: 1 source)" in letter.text
