"""Two issues side by side: what came, went, moved, was retitled or says something else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.archive.outline import PrintedIssue, PrintedRelated, PrintedSentence, PrintedStory, PrintedTheme
from digest.web.changes import compare_issues

SAYS = ("The ferry is late.", "The ferry is early.", "Nobody knows.", "Tickets are dearer.")


def story(key: str, *says: int, also: str = "", **changes: Any) -> PrintedStory:
    """A story that prints some of the sentences; `also` are the articles credited under it, a letter each."""
    lines = tuple(PrintedSentence(text=SAYS[n], article=key, paragraph=n, start=0, end=len(SAYS[n])) for n in says)
    given: dict[str, Any] = {
        "id": key,
        "title": f"Title of {key}",
        "title_made": False,
        "source": "",
        "update": False,
        "lines": lines,
        "also": tuple(PrintedRelated(id=other, publisher=other, relation="copy") for other in also),
        "why": (),
        "secondary": (),
    }
    return PrintedStory(**(given | changes))


def issue(**themes: list[PrintedStory]) -> PrintedIssue:
    parts = (PrintedTheme(key=name, name=name, brief=(), entries=tuple(told)) for name, told in themes.items())
    return PrintedIssue(top=(), parts=tuple(parts))


def test_an_issue_has_not_changed_from_itself() -> None:
    same = issue(sea=[story("a", 0), story("b", 1)], land=[story("c", 2)])
    found = compare_issues(same, same)
    assert found.none
    assert found.same == 3


def test_a_story_that_came_is_told_with_its_theme_and_all_that_it_says() -> None:
    found = compare_issues(issue(), issue(sea=[story("a", 0, 1)]))
    (came,) = found.came
    assert (came.title, came.theme, came.new, came.gone) == ("Title of a", "sea", SAYS[:2], ())
    assert (found.went, found.changed, found.same, found.none) == ((), (), 0, False)


def test_a_story_that_went_is_told_with_all_that_it_said() -> None:
    found = compare_issues(issue(sea=[story("a", 0, 1)]), issue())
    (went,) = found.went
    assert (went.title, went.theme, went.new, went.gone) == ("Title of a", "sea", (), SAYS[:2])
    assert (found.came, found.changed, found.none) == ((), (), False)


def test_sentences_are_new_gone_or_kept() -> None:
    (change,) = compare_issues(issue(sea=[story("a", 0, 1, 2)]), issue(sea=[story("a", 3, 2, 1)])).changed
    assert change.gone == (SAYS[0],)
    assert change.new == (SAYS[3],)
    assert change.kept == (SAYS[2], SAYS[1])  # in the order of today
    assert (change.was_title, change.was_theme) == ("", "")


def test_a_story_that_is_retitled_says_what_it_was_called() -> None:
    (change,) = compare_issues(issue(sea=[story("a", 0)]), issue(sea=[story("a", 0, title="Late")])).changed
    assert (change.title, change.was_title, change.was_theme) == ("Late", "Title of a", "")


def test_a_story_that_moved_says_where_it_was() -> None:
    (change,) = compare_issues(issue(sea=[story("a", 0)]), issue(land=[story("a", 0)])).changed
    assert (change.theme, change.was_theme, change.was_title) == ("land", "sea", "")


def test_another_order_is_no_change() -> None:
    one, other = story("a", 0), story("b", 1)
    assert compare_issues(issue(sea=[one, other]), issue(sea=[other, one])).none


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (story("a", 0, also="b"), story("b", 0, also="a", title="Title of a")),  # another article leads
        (story("a", 0, also="b"), story("c", 0, also="b", title="Title of a")),  # they share a credited one
        (story("a", 0), story("c", 0, also="a", title="Title of a")),
        (story("a", 0, also="c"), story("c", 0, title="Title of a")),
    ],
)
def test_a_story_is_known_by_any_of_its_articles(before: PrintedStory, after: PrintedStory) -> None:
    found = compare_issues(issue(sea=[before]), issue(sea=[after]))
    assert (found.none, found.same) == (True, 1)


def test_a_story_that_split_is_the_same_once_and_new_once() -> None:
    found = compare_issues(issue(sea=[story("a", 0, also="b")]), issue(sea=[story("a", 0), story("b", 1)]))
    assert [one.title for one in found.came] == ["Title of b"]
    assert (found.went, found.changed, found.same) == ((), (), 1)


def test_of_stories_that_were_merged_the_other_one_went() -> None:
    found = compare_issues(issue(sea=[story("a", 0), story("b", 1)]), issue(sea=[story("a", 0, also="b")]))
    assert [one.title for one in found.went] == ["Title of b"]
    assert (found.came, found.same) == ((), 1)


STORIES = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.sampled_from(["sea", "land"]), st.lists(st.integers(0, 3), max_size=3))
)


def issue_from(told: dict[str, tuple[str, list[int]]]) -> PrintedIssue:
    themes: dict[str, list[PrintedStory]] = {}
    for key, (theme, says) in told.items():
        themes.setdefault(theme, []).append(story(key, *says))
    return issue(**themes)


@given(STORIES, STORIES)
def test_every_story_of_both_issues_is_accounted_for(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = compare_issues(issue_from(before), issue_from(after))
    assert len(found.came) + len(found.changed) + found.same == len(after)
    assert len(found.went) + len(found.changed) + found.same == len(before)


@given(STORIES, STORIES)
def test_what_came_one_way_went_the_other_way(before: dict[str, Any], after: dict[str, Any]) -> None:
    there, back = (
        compare_issues(issue_from(one), issue_from(other)) for one, other in ((before, after), (after, before))
    )
    assert {one.title for one in there.came} == {one.title for one in back.went}
    assert {(one.theme, one.was_theme) for one in there.changed if one.was_theme} == {
        (one.was_theme, one.theme) for one in back.changed if one.was_theme
    }
    assert (there.same, there.none) == (back.same, back.none)
