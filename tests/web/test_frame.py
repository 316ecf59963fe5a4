"""The copy that is looked at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.web.frame import force_colour_scheme, open_links_in_new_tabs

PAGE = (
    '<html><head><meta name="color-scheme" content="light dark">'
    "<style>:root{color-scheme:light dark}@media (prefers-color-scheme:dark){p{color:red}}"
    "@media ( prefers-color-scheme : light ) and (max-width:600px){p{color:blue}}</style></head>"
    "<body><p>About (prefers-color-scheme:dark), in the text.</p></body></html>"
)


def test_dark_answers_its_own_query_with_yes() -> None:
    dark = force_colour_scheme(PAGE, "dark")
    assert "@media (min-width:0){p{color:red}}" in dark
    assert "@media (max-width:0) and (max-width:600px)" in dark
    assert ":root{color-scheme:dark}" in dark
    assert 'content="dark"' in dark


def test_light_answers_it_with_no() -> None:
    light = force_colour_scheme(PAGE, "light")
    assert "@media (max-width:0){p{color:red}}" in light
    assert 'content="light"' in light


def test_the_text_of_the_issue_is_left_alone() -> None:
    assert "<p>About (prefers-color-scheme:dark), in the text.</p>" in force_colour_scheme(PAGE, "dark")


def test_only_links_to_other_places_open_beside() -> None:
    page = '<a class="x" href="https://e.org/">a</a><a href="#theme">b</a><a href="mailto:a@b.c">c</a>'
    beside = open_links_in_new_tabs(page)
    assert beside.count("<a target=") == 1
    assert '<a target="_blank" rel="noopener noreferrer" class="x" href="https://e.org/">' in beside


@given(st.text(max_size=300))
def test_a_page_without_a_sheet_and_a_link_is_left_alone(text: str) -> None:
    text = text.replace("<", "")
    assert force_colour_scheme(text, "dark") == text
    assert open_links_in_new_tabs(text) == text
