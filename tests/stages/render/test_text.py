"""The text edition: 72 columns, numbered links, the same stories."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from digest.mail.message import Links
from digest.stages.render import Style, load_renderer, sample_issue
from digest.stages.render.typeset import LinkNotes, column_count, wrap_text
from tests.issues import article, brief, envelope, issue_of, odd, plain

RENDERER = load_renderer(Style(), envelope=envelope(Links(archive="https://example.org/a/{issue}")))


def test_lines_keep_to_seventy_two_columns_but_for_addresses_and_unbreakable_words() -> None:
    for issue in (sample_issue(), plain(20), odd()):
        for line in RENDERER.render(issue).text.splitlines():
            assert column_count(line) <= 72 or "://" in line or len(line.split()) <= 2


def test_addresses_are_numbered_once_and_never_broken() -> None:
    text = RENDERER.render(plain(7)).text
    listed = re.findall(r"^\[(\d+)\] (\S+)$", text, re.MULTILINE)
    assert [int(number) for number, _ in listed] == list(range(1, len(listed) + 1))
    assert len({url for _, url in listed}) == len(listed)
    for number, _ in listed:
        assert re.search(rf"\w[^\n]* ?\n? *\[{number}\]", text)


def test_an_address_is_listed_beside_its_theme() -> None:
    text = RENDERER.render(plain(4, themes=2)).text
    first, second = text.split("RAIL AND ROADS")
    assert "/000-breakwater" in first
    assert "/001-breakwater" in second


def test_there_is_no_markup_and_no_entity() -> None:
    text = RENDERER.render(plain()).text
    assert not re.search(r"</?\w+[ >]|&\w+;", text)


def test_a_script_without_spaces_is_broken_after_its_punctuation() -> None:
    title = "防波堤を再建する計画が、市議会で可決された。" * 4
    told = issue_of(("Coast", [brief(article(title=title, language="ja"))]))
    text = RENDERER.render(told).text
    assert title in "".join(text.split())
    assert max(column_count(line) for line in text.splitlines() if "防" in line or "計" in line) <= 72


@given(st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=400), st.sampled_from(["", "* ", "12. "]))
def test_wrapping_loses_and_adds_nothing(text: str, first: str) -> None:
    text = " ".join(text.split())
    wrapped = wrap_text(text, first)
    assert "".join(wrapped.removeprefix(first).split()) == "".join(text.split())


def test_the_same_address_keeps_its_number() -> None:
    notes = LinkNotes()
    assert [notes.note("https://a.example/"), notes.note(None), notes.note("https://b.example/")] == [
        " [1]",
        "",
        " [2]",
    ]
    assert notes.note("https://a.example/") == " [1]"
    assert [link.number for link in notes.take()] == [1, 2]
    assert notes.take() == []


def test_stories_without_a_theme_have_a_name_in_the_editions_language() -> None:
    issue = plain(2, 2)
    other = replace(issue.sections[1], key="other", name="Other")
    both = RENDERER.render(replace(issue, language="de", sections=(issue.sections[0], other), top=()))
    assert "WEITERES" in both.text
    alone = RENDERER.render(replace(issue, language="de", sections=(other,), top=()))
    assert "WEITERES" not in alone.text
    assert "BERICHTE" in alone.text
