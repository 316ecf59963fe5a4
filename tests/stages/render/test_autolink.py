"""Addresses within quotations: links in HTML, themselves in text."""

from __future__ import annotations

import pytest

from digest.model import Issue, Letter
from digest.stages.check import Level, check_letter
from digest.stages.render import Style, load_renderer
from tests.issues import article, brief, envelope, issue_of

RENDERER = load_renderer(Style(), envelope=envelope())


def saying(*sentences: str) -> tuple[Issue, Letter]:
    issue = issue_of(("Coast", [brief(article(paragraphs=sentences))]))
    return issue, RENDERER.render(issue)


def test_an_address_in_a_sentence_is_a_link_in_html_and_itself_in_text() -> None:
    issue, letter = saying("The plan is at https://harbour.example.org/plan?a=1&b=2, the council said.")
    anchor = '<a class="within" href="https://harbour.example.org/plan?a=1&amp;b=2">https://harbour.example.org/plan?a=1&amp;b=2</a>, the'
    assert anchor in letter.html
    assert "https://harbour.example.org/plan?a=1&b=2," in letter.text
    assert [found for found in check_letter(letter, issue) if found.level is Level.ERROR] == []


def test_markup_around_an_address_stays_text() -> None:
    _, letter = saying("See <i>https://a.example.org/x</i> & more.")
    assert (
        '&lt;i&gt;<a class="within" href="https://a.example.org/x">https://a.example.org/x</a>&lt;/i&gt; &amp; more.'
        in letter.html
    )


@pytest.mark.parametrize("url", ["http://localhost:8080/x", "https://10.0.0.1/", "https://bank.example@evil.example/"])
def test_a_sentence_with_an_address_that_a_mail_must_not_lead_to_is_left_out(url: str) -> None:
    _, letter = saying("The first sentence stays.", f"The second names {url} and goes.")
    assert "The first sentence stays." in letter.html
    assert "and goes" not in letter.html + letter.text


def test_a_title_or_a_name_loses_the_scheme_of_its_address() -> None:
    told = brief(article(title="Moved to https://new.example.org/now", publisher="https://www.example.com/"))
    letter = RENDERER.render(issue_of(("Coast", [told])))
    assert "Moved to new.example.org/now" in letter.text
    assert "https://new.example.org" not in letter.html + letter.text
