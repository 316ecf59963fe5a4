"""What a page's markup claims is believed where claims agree, and never for what it is not."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.formats.markup import parse_html
from digest.formats.metadata import MarkupClaims, SiteNames, best_author, read_claims

POST = SiteNames("Harbour Post", "harbourpost.example")


def claims(head: str = "", body: str = "<p>x</p>", url: str | None = None) -> MarkupClaims:
    return read_claims(parse_html(f"<html><head>{head}</head><body>{body}</body></html>"), url)


def ld(**data: object) -> str:
    data = {"type": "NewsArticle", **data}
    return f'<script type="application/ld+json">{json.dumps({"@type": data.pop("type"), **data})}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ferry vote is off</title>", "", "Ferry vote is off"),
        ("<title>Ferry vote is off | Harbour Post</title>" + meta("og:site_name", "Harbour Post"), "",
         "Ferry vote is off"),
        ("<title>Harbour Post - Ferry vote is off</title>" + meta("og:site_name", "Harbour Post"), "",
         "Ferry vote is off"),
        ("<title>Ferry vote - a history | Harbour Post</title>" + meta("og:site_name", "Harbour Post"), "",
         "Ferry vote - a history"),
        ("<title>Ferry-boat vote</title>", "", "Ferry-boat vote"),
        ("<title>Home | Harbour Post</title>", "<h1>Ferry vote is off</h1>", "Ferry vote is off"),
        ("<title>Ferry vote is off | Harbour Post</title>" + meta("og:site_name", "Harbour Post"),
         "<h1>Harbour Post</h1><h1>Ferry vote is off</h1>", "Ferry vote is off"),
        ("<title>Ferry vote is off | News</title>" + meta("og:title", "Ferry vote is off"),
         "<h1>News</h1>", "Ferry vote is off"),
        (meta("og:title", "Ferry vote") + meta("twitter:title", "Ferry vote") + ld(headline="Ferry vote"),
         "<h1>More news</h1>", "Ferry vote"),
        ("<title>Ferry vote is off</title>" + meta("og:site_name", "Harbour Post"),
         "<h1>Harbour Post</h1>", "Ferry vote is off"),
        ("<title>Ferry vote</title>" + meta("og:title", "Ferry vote"), "<h1>No ferry in March</h1>",
         "No ferry in March"),
        (ld(headline=["Ferry vote is off", "x"]), "", "Ferry vote is off"),
        (ld(type="BreadcrumbList", headline="Home"), "", None),
        ("", "<h1> </h1>", None),
    ],
)  # fmt: skip
def test_the_title_is_the_one_that_most_agree_on(head: str, body: str, title: str | None) -> None:
    assert claims(head, body or "<p>x</p>").title == title


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (ld(datePublished="2026-11-20") + meta("date", "2026-11-19"), "2026-11-20"),
        (ld(datePublished="soon") + meta("date", "2026-11-19"), "2026-11-19"),
        (meta("article:published_time", "2026-11-20T08:00:00+01:00") + meta("date", "2026-11-19"),
         "2026-11-20T08:00:00+01:00"),
        (meta("DC.date.issued", "2026-11-18"), "2026-11-18"),
        (meta("dc.date", "2026-11-18") + meta("date", "2026-11-19"), "2026-11-19"),
        (ld(type="Event", datePublished="2026-11-20"), None),
        (meta("last-modified", "2026-11-20"), None),
    ],
)  # fmt: skip
def test_the_date_is_that_of_publication(head: str, published: str | None) -> None:
    found = claims(head).published
    assert (found.isoformat() if isinstance(found, date) else found) == published


@pytest.mark.parametrize(
    "data",
    [
        {"@graph": [{"@type": "WebSite"}, {"@type": "Article", "headline": "Ferry vote"}]},
        [{"@type": "Person"}, [{"@type": ["Article", "Thing"], "headline": "Ferry vote"}]],
        {"@type": "Thing", "mainEntity": {"@type": "Report", "headline": "Ferry vote"}},
        {"@type": "Thing", "mainEntityOfPage": {"@type": "WebPage", "headline": "Ferry vote"}},
    ],
)
def test_an_article_is_found_wherever_the_data_holds_it(data: object) -> None:
    assert claims(f"<script type=' Application/LD+JSON'>{json.dumps(data)}</script>").title == "Ferry vote"


@pytest.mark.parametrize("broken", ["", "{", "[" * 20_000, "null", "5", '{"@type": null}', '{"@type": []}'])
def test_broken_data_hides_no_other(broken: str) -> None:
    script = f"<script type='application/ld+json'>{broken}</script>"
    assert claims(script + ld(headline="Ferry vote")).title == "Ferry vote"


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        (ld(author={"@type": "Person", "name": "Ada Hill"}), "", "Ada Hill"),
        (ld(author=["Ada Hill", {"name": "Bo Lind"}, {"name": "Ada Hill"}]), "", "Ada Hill; Bo Lind"),
        (ld(author={"name": ["Ada Hill", "Bo Lind"]}), "", "Ada Hill; Bo Lind"),
        (meta("citation_author", "Ada Hill") + meta("citation_author", "Bo Lind"), "", "Ada Hill; Bo Lind"),
        (meta("author", "By Ada Hill"), "", "Ada Hill"),
        (meta("author", "admin"), "<p><a rel=author href=/x>Ada Hill</a></p>", "Ada Hill"),
        (meta("author", "Harbour Post") + meta("og:site_name", "Harbour Post"),
         "<span class='post-author'>Ada Hill</span>", "Ada Hill"),
        ("", "<div class='comment author'>Bo Lind</div><span class='byline'>von Ada Hill</span>", "Ada Hill"),
        ("", "<span class='authority'>Ada Hill</span>", None),
        ("", "<span itemprop='author'>AH</span>", None),
    ],
)  # fmt: skip
def test_the_byline_is_peoples_names(head: str, body: str, byline: str | None) -> None:
    assert claims(head, body or "<p>x</p>").byline == byline


@pytest.mark.parametrize(
    ("found", "best"),
    [
        ([("Ada Hill", 1.0), ("Bo Lind", 1.0)], "Ada Hill"),
        ([("Ada Hill", 1.0), ("Bo Lind", 1.5)], "Bo Lind"),
        ([("Ada Hill", 1.0), ("Bo Lind", 0.6), ("bo lind", 0.6)], "Bo Lind"),
        ([("Harbour Post", 2.0), ("Ada Hill", 0.3)], "Ada Hill"),
        ([("harbour desk", 1.0), ("Ada Hill", 0.5)], "Ada Hill"),
        ([("Written by: Ada Hill | Harbour Post", 1.0)], "Ada Hill"),
        ([("Ada Hill on Monday 3", 1.0)], "Ada Hill"),
        ([("Ada Hill, updated today", 1.0)], "Ada Hill"),
        ([("Ada Hill 20.11.2026", 1.0)], "Ada Hill"),
        ([("@adahill", 2.0)], None),
        ([("https://a.example/ada", 2.0)], None),
        ([("ada@a.example", 2.0)], None),
        ([("Admin", 1.0)], None),
        ([("by ", 1.0), ("", 1.0)], None),
        ([], None),
    ],
)
def test_the_best_author_reads_like_a_name(found: list[tuple[str, float]], best: str | None) -> None:
    assert best_author(found, POST) == best


@given(st.lists(st.tuples(st.text(max_size=60), st.floats(0, 2)), max_size=6))
def test_any_claims_have_an_author_of_one_line_or_none(found: list[tuple[str, float]]) -> None:
    best = best_author(found, POST)
    assert best is None or best == " ".join(best.split()) != ""


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<link rel=canonical href='https://a.example/1'>" + meta("og:url", "https://b.example/"),
         "https://a.example/1"),
        (meta("og:url", " https://b.example/ "), "https://b.example/"),
        ("<link rel=CANONICAL href='/1'>", None),
        ("<link rel=canonical href='javascript:x'>", None),
        ("<link rel=canonical href='https://a.example/one two'>", None),
        ("<link rel=canonical href='https://[bad/1'>", None),
        (f"<link rel=canonical href='https://a.example/{'x' * 2_000}'>", None),
        ("<link rel=alternate href='https://a.example/1'>", None),
    ],
)  # fmt: skip
def test_the_address_is_the_canonical_one(head: str, url: str | None) -> None:
    assert claims(head, url="https://[bad/").url == url


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Ferry vote | Harbour Post", "Ferry vote"),
        ("Ferry vote – HARBOUR POST", "Ferry vote"),
        ("Ferry vote | harbourpost", "Ferry vote"),
        ("Harbour Post: Ferry vote", "Harbour Post: Ferry vote"),  # a colon without a blank before it says more
        ("Harbour Post · Ferry vote", "Ferry vote"),
        ("Ferry vote | News | Harbour Post", "Ferry vote | News"),
        ("Ferry vote | Hill Gazette", "Ferry vote | Hill Gazette"),
        ("Harbour Post", "Harbour Post"),
        ("Why the Harbour Post-box fell", "Why the Harbour Post-box fell"),
    ],
)
def test_only_the_sites_own_name_is_cut_from_a_title(title: str, bare: str) -> None:
    assert POST.strip_from_title(title) == bare
    assert POST.strip_from_title(bare) == bare or "|" in bare


@pytest.mark.parametrize(("host", "bare"), [("harbour-post.example", "Ferry vote"), ("a.example", None), ("", None)])
def test_a_site_without_a_name_is_known_by_its_host(host: str, bare: str | None) -> None:
    title = "Ferry vote | Harbour Post"
    assert SiteNames("", host).strip_from_title(title) == (bare or title)


@pytest.mark.parametrize(("lang", "code"), [("en", "en"), ("pt-BR", "pt"), ("DE", "de"), ("e", None), ("1x", None)])
def test_the_language_is_two_letters(lang: str, code: str | None) -> None:
    assert read_claims(parse_html(f"<html lang='{lang}'><body>x</body></html>")).language == code
