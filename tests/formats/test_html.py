"""Pages give their main text and what their markup says."""

from __future__ import annotations

import pytest

from digest.errors import RejectedError
from digest.formats.html import HtmlFormat
from digest.model import DocumentKind, Raw

TEXT = (
    "The harbour council moved its decision on the new ferry line to March, after two hours of talks on Monday evening."
)
PAGE = """<html lang=en><head><title>Ferry vote is put off | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2026-11-20T08:00:00+01:00">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Ferry vote is put off",
"author": [{{"name": "Ann Lee"}}, {{"name": "Jo Hill"}}]}}</script></head><body><nav><a href=/>Home</a><a href=/n>News</a></nav>
<article><h1>Ferry vote is put off</h1>{body}</article><footer>Imprint</footer></body></html>"""


def draft(page, **about):
    return next(iter(HtmlFormat().read(Raw(source="s", key="p", kind=DocumentKind.HTML, body=page.encode(), **about))))


def page(body=None):
    return PAGE.format(body=body or "".join(f"<p>{TEXT} Part {number}.</p>" for number in range(6)))


def test_the_main_text_comes_without_menus():
    found = draft(page())
    assert [line for line in found.lines if line.startswith("The harbour")] == [
        f"{TEXT} Part {number}." for number in range(6)
    ]
    assert "Imprint" not in found.lines


def test_the_markup_says_title_authors_site_and_moment():
    found = draft(page())
    assert (found.title, found.byline, found.publisher) == ("Ferry vote is put off", "Ann Lee; Jo Hill", "Harbour Post")
    assert found.published.isoformat() == "2026-11-20T08:00:00+01:00"


def test_hidden_text_is_not_read():
    hidden = "<p style='display: none'>Buy our pills now, says this hidden sentence.</p>"
    assert "pills" not in "".join(draft(page(f"<p>{TEXT}</p>" * 3 + hidden + f"<p>{TEXT} End.</p>" * 3)).lines)


def test_a_page_with_little_text_is_read_line_by_line():
    found = draft("<p>The vote is off.</p><p>It will be repeated in March.</p>")
    assert found.framed
    assert found.lines == ("The vote is off.", "It will be repeated in March.")


def test_a_page_without_text_is_rejected():
    with pytest.raises(RejectedError):
        draft("<html><body><img src=x></body></html>")


def test_deep_nesting_is_survived():
    text = f"<p>{TEXT}</p>"
    assert TEXT in draft(text + "<div>" * 20_000 + "The vote is off.").lines
