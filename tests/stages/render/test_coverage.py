"""Who covered what, when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from digest.stages.render import Style, load_renderer
from digest.stages.render.coverage import coverage_strip
from digest.stages.render.strings import read_strings
from digest.stages.render.templates import template_folders
from tests.issues import article, brief, envelope, issue_of, plain, related

if TYPE_CHECKING:
    from digest.model import Issue

SAY = read_strings(template_folders("default"), "en")


def told(*sections: tuple[str, list[tuple[str, date | datetime | None]]]) -> Issue:
    number = iter(range(99))
    return issue_of(
        *(
            (name, [brief(article(next(number), publisher=who, published=when)) for who, when in stories])
            for name, stories in sections
        )
    )


def test_publishers_go_down_themes_across_and_dates_within() -> None:
    issue = told(
        ("Coast", [("Post", date(2026, 11, 3)), ("Post", date(2026, 11, 1)), ("Herald", date(2026, 11, 2))]),
        ("Rail", [("Herald", None)]),
    )
    strip = coverage_strip(issue, SAY)
    assert strip is not None
    assert strip.themes == ("Coast", "Rail")
    assert [(row.name, row.cells) for row in strip.rows] == [
        ("Herald", ("2 Nov", "✓")),
        ("Post", ("1 Nov – 3 Nov", "")),
    ]
    assert strip.rows[1].line == "Post: Coast 1 Nov – 3 Nov"


def test_those_who_are_only_credited_count_as_well() -> None:
    issue = issue_of(("Coast", [brief(article(0), related(1, publisher="Gazette"))]), ("Rail", [brief(article(4))]))
    strip = coverage_strip(issue, SAY)
    assert strip is not None
    assert "Gazette" in [row.name for row in strip.rows]


def test_it_stands_in_the_zone_of_the_edition() -> None:
    late = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    strip = coverage_strip(told(("Coast", [("Post", late)]), ("Rail", [("Herald", late.replace(tzinfo=None))])), SAY)
    assert strip is not None
    assert {row.name: row.cells for row in strip.rows} == {"Post": ("4 Nov", ""), "Herald": ("", "3 Nov")}


def test_a_name_and_its_address_are_one_publisher() -> None:
    issue = told(("Coast", [("aljazeera.com", None), ("Al Jazeera", date(2020, 1, 8))]), ("Rail", [("The Hill", None)]))
    strip = coverage_strip(issue, SAY)
    assert strip is not None
    assert [(row.name, row.cells) for row in strip.rows] == [
        ("Al Jazeera", ("8 Jan 2020", "")),
        ("The Hill", ("", "✓")),
    ]


def test_one_publisher_or_one_theme_needs_none() -> None:
    day = date(2026, 11, 1)
    assert coverage_strip(told(("Coast", [("Post", day), ("Herald", day)])), SAY) is None
    assert coverage_strip(told(("Coast", [("Post", day)]), ("Rail", [("Post", day)])), SAY) is None


def test_it_stays_small() -> None:
    issue = told(*((f"Theme {n}", [(f"Paper {n}-{m}", None) for m in range(9)]) for n in range(9)))
    strip = coverage_strip(issue, SAY)
    assert strip is not None
    assert (len(strip.themes), len(strip.rows)) == (4, 8)


def test_it_is_a_table_of_data_with_headers() -> None:
    html = load_renderer(Style(), envelope=envelope()).render(plain()).html
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 4
