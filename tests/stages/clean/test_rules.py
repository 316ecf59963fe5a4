"""A name is told from what merely looks like one, and a line of an article from what stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.stages.clean.lines import ends_sentence, is_running_text, is_same_line, word_count
from digest.stages.clean.marks import boilerplate_reason, says_truncated
from digest.stages.clean.names import is_lone_name, is_name_list, name_before_role, parse_byline, trim_names
from digest.stages.clean.teasers import is_bare_date
from digest.stages.clean.trim import best_stretches, choose_kept_lines
from digest.text.boilerplate import phrase_lists

EN = phrase_lists("en")


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Ann Lee", ("Ann Lee", None)),
        ("by: Ann Lee", ("Ann Lee", None)),
        ("Written by Ann Lee and Jo Hill", ("Ann Lee and Jo Hill", None)),
        ("By Dr. Ann Lee", ("Dr. Ann Lee", None)),
        ("By Jean d'Arc", ("Jean d'Arc", None)),
        ("By Ann van der Lee", ("Ann van der Lee", None)),
        ("By Ann Lee, Brussels", ("Ann Lee", None)),
        ("By Ann Lee, Jr.", ("Ann Lee, Jr.", None)),
        ("By Ann Lee | 4 March 2021", ("Ann Lee", None)),
        ("By Ann Lee on March 4, 2021", ("Ann Lee", None)),
        ("By Ann Lee (www.Harbour-Post.example/authors)", ("Ann Lee", "harbour-post.example")),
        ("By Ann Lee, https://www.post.example/a", ("Ann Lee", "post.example")),
        ("By Ann Lee ann@post.example", ("Ann Lee", None)),
        ("photo of By Ann Lee", ("Ann Lee", None)),
        ("By the harbour", None),
        ("By Friday", None),
        ("By 2030", None),
        ("By Ann Lee was nothing said.", None),
        ("Bypass Road", None),
        ("By", None),
        ("Ann Lee", None),
    ],
)
def test_a_byline_goes_on_with_names(line: str, byline: tuple[str, str | None] | None) -> None:
    assert parse_byline(line, EN) == byline


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann Lee, Senior Editor", "Ann Lee"),
        ("Ann Lee, Senior Editor and Jo Hill", "Ann Lee, Senior Editor and Jo Hill"),
        ("Ann Lee @annlee", "Ann Lee"),
        ("Ann Lee – Harbour Post", "Ann Lee"),
        ("Ann Lee, MD", "Ann Lee, MD"),
        ("Lee, Brussels", "Lee, Brussels"),
        (" ,Ann Lee; ", "Ann Lee"),
        ("", ""),
    ],
)
def test_what_follows_the_names_is_cut_off(text: str, names: str) -> None:
    assert trim_names(text, EN) == names


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Ann Lee", True),
        ("Ann B. Lee Jr.", True),
        ("Ann Lee with agencies", True),
        ("李 小龙", True),
        ("Ann lee", False),
        ("Ann Lee 3", False),
        ("Monday", False),
        ("and the", False),
        ("Ann Lee left.", False),
        ("", False),
        (" ".join(["Ann"] * 14), True),
        (" ".join(["Ann"] * 15), False),
    ],
)
def test_a_list_of_names_holds_names_and_what_joins_them(text: str, is_one: bool) -> None:
    assert is_name_list(text, EN) is is_one


@pytest.mark.parametrize(
    ("line", "text", "is_one"),
    [
        ("Ann Lee", "The ferry is late.", True),
        ("Harbour Ferry", "The ferry is late.", False),  # the text writes it small: a headline
        ("ANN LEE", "The ferry is late.", False),
        ("Ann", "The ferry is late.", False),
        ("Ann B. Lee Hill", "The ferry is late.", True),
        ("Ann Lee Jo Hill Roe", "The ferry is late.", False),
        ("What Lee", "The ferry is late.", False),
    ],
)
def test_a_name_stands_alone_when_the_text_never_writes_it_small(line: str, text: str, is_one: bool) -> None:
    assert is_lone_name(line, text) is is_one


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Ann Lee, Senior Research Fellow", "Ann Lee"),
        ("Ann Lee | Reporter", "Ann Lee"),
        ("Ann Lee — Reporter", "Ann Lee"),
        ("Ann Lee, Reporter.", None),
        ("Ann, Reporter", None),
        ("Ann Lee, Brussels", None),
        ("the mayor, Director", None),
        ("Ann Lee Reporter", None),
    ],
)
def test_a_name_before_a_role_is_read(line: str, name: str | None) -> None:
    assert name_before_role(line, EN) == name


@pytest.mark.parametrize(
    ("line", "words", "ended", "running"),
    [
        ("The ferry is late.", 4, True, False),
        ("word " * 13 + "end.", 14, True, True),
        ("word " * 12 + "end.", 13, True, False),
        ("word " * 29 + "word", 30, False, True),
        ("word " * 28 + "word", 29, False, False),
        ("It is late. Nobody knows why it is so late.", 10, True, True),
        ("It is late. Nobody knows why.", 6, True, False),
        ("“It is late,” she said.”", 5, True, False),
        ("It is late.[1] [23]", 4, True, False),
        ("第一班渡轮晚点。", 4, True, False),
        ("Harbour news:", 2, False, False),
    ],
)
def test_running_text_is_long_and_ends_as_a_sentence_does(line: str, words: int, ended: bool, running: bool) -> None:
    assert (word_count(line), ends_sentence(line), is_running_text(line)) == (words, ended, running)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("- Ferry vote", "FERRY VOTE!", True),
        ("Ferry vote", "Ferry votes", False),
        ("—", "–", False),  # lines without words say nothing
        ("Ferry vote", "Ferry vote" + "." * 12, False),
    ],
)
def test_lines_that_differ_in_signs_and_case_are_the_same(one: str, other: str, same: bool) -> None:
    assert is_same_line(one, other) is is_same_line(other, one) is same


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("* * *", "separator"),
        ("#ferry, #harbour", "tags"),
        ("https://post.example/a", "address"),
        ("desk@post.example", "address"),
        ("eyJhbGciOiJub25lIn0=/x+y", "code"),
        ("3 min read", "reading time"),
        ("1.2k comments", "comments"),
        ("3 ferries", None),
        ("Copyright law was debated for hours, and nobody knew in the end what the council had meant by it.", None),
        ("The ferry is late.", None),
        ("#a " * 90, "tags"),
        ("#a " * 91, None),  # too long to be a label
    ],
)
def test_a_line_is_furniture_by_its_words_and_its_shape(line: str, reason: str | None) -> None:
    assert boilerplate_reason(line.strip(), EN) == reason


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("The ferry is [+1234 chars]", True),
        ("The ferry is [12 more words]", True),
        ("The ferry is [...]", True),
        ("Read more", True),
        ("The ferry is…", False),
        ("He would read more books.", False),
    ],
)
def test_a_copy_says_that_it_is_cut(line: str, says: bool) -> None:
    assert says_truncated(line, EN) is says


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("4 March 2021", True),
        ("Updated 4 March 2021, 15:30", True),
        ("4 March 2021, so it is said", False),
        ("Harbourmaster Frederiksberghavn spoke 4 March 2021", False),
    ],
)
def test_a_bare_date_has_few_words_around_it(line: str, is_one: bool) -> None:
    assert is_bare_date(line) is is_one


SCORES = st.lists(st.integers(-6, 6), max_size=9)


def worth(values: list[int], chosen: list[bool], cost: float) -> float:
    """The sum of what is chosen, less the cost of every edge of a stretch."""
    edges = sum(one != other for one, other in zip([False, *chosen], [*chosen, False], strict=True))
    return sum(value for value, kept in zip(values, chosen, strict=True) if kept) - cost * edges


@given(SCORES, st.sampled_from([0.25, 0.5, 2.0]))
def test_no_other_choice_of_stretches_is_worth_more(values: list[int], cost: float) -> None:
    best = worth(values, best_stretches(values, cost), cost)
    choices = ([bool(number >> at & 1) for at in range(len(values))] for number in range(2 ** len(values)))
    assert best == max(worth(values, choice, cost) for choice in choices)


@given(SCORES, st.data())
def test_what_a_rule_dropped_is_never_kept(values: list[int], data: st.DataObject) -> None:
    gone = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    kept = choose_kept_lines(values, gone)
    assert not any(value and lost for value, lost in zip(kept, gone, strict=True))


def test_a_doubtful_line_between_good_ones_stays_and_a_bad_one_goes() -> None:
    assert choose_kept_lines([6, -2, 6, -6, 6, -2], [False] * 6) == [True, True, True, False, True, False]
