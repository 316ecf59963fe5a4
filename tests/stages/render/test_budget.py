"""Never above the limit, never without the footer, whatever the number of stories."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.mail.message import Links
from digest.stages.render import Style, load_renderer
from digest.stages.render.budget import html_weight
from tests.issues import article, brief, envelope, issue_of, plain

LIMIT = 92_160
RENDERER = load_renderer(Style(address="Quay 4"), envelope=envelope(Links(archive="https://example.org/a/{issue}")))


def whole(letter_html: str) -> bool:
    return "Unsubscribe</a>" in letter_html and "Quay 4" in letter_html and letter_html.rstrip().endswith("</html>")


@pytest.mark.parametrize("stories", [1, 2, 30, 90, 150, 500])
def test_an_issue_of_any_length_fits(stories: int) -> None:
    letter = RENDERER.render(plain(stories))
    assert html_weight(letter.html) <= LIMIT
    assert whole(letter.html)


@settings(max_examples=15, deadline=None)
@given(
    stories=st.integers(1, 500),
    themes=st.integers(1, 60),
    title=st.text(min_size=1, max_size=400),
    name=st.text(max_size=300),
)
def test_an_issue_of_any_length_and_width_fits(stories: int, themes: int, title: str, name: str) -> None:
    told = [brief(article(n, title=title, publisher=name)) for n in range(stories)]
    themes = min(themes, stories)
    letter = RENDERER.render(issue_of(*((f"{n} {name}", told[n::themes]) for n in range(themes))))
    assert html_weight(letter.html) <= LIMIT
    assert whole(letter.html)


def test_every_story_is_a_card_a_link_or_counted() -> None:
    letter = RENDERER.render(plain(500))
    linked = sum(f"/{n:03d}-breakwater" in letter.html for n in range(500))
    counted = [
        int(word) for word in letter.text.split("and ")[1:] for word in word.split(" more stor")[:1] if word.isdigit()
    ]
    assert linked + sum(counted) == 500


def test_what_fits_is_whole() -> None:
    assert "more stor" not in RENDERER.render(plain(60)).html


def test_every_theme_keeps_its_first_stories() -> None:
    letter = RENDERER.render(plain(300, themes=6))
    for first in range(6):
        assert (
            f"breakwater, part {first + 1}\n" in letter.text.replace(f" [{first}]", "")
            or f"part {first + 1} [" in letter.text
        )


def test_a_smaller_limit_is_kept_as_well() -> None:
    assert html_weight(RENDERER.render(plain(40), limit=20_000).html) <= 20_000
