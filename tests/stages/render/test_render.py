"""An issue printed: both parts, complete, harmless, the same every time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html as parse

from digest.errors import VerbatimError
from digest.mail.message import Links, personalise_letter
from digest.stages.render import Renderer, Style, load_renderer
from tests.issues import article, brief, envelope, issue_of, odd, plain, quote

LINKS = Links(
    unsubscribe="https://example.org/u/{token}",
    preferences="https://example.org/p/{token}",
    archive="https://example.org/archive/{issue}",
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return load_renderer(Style(address="Quay 4, 8400 Ostend"), envelope=envelope(LINKS))


def words(page: str) -> str:
    return " ".join(parse.document_fromstring(page).body.text_content().split())


def test_same_issue_gives_the_same_bytes(renderer: Renderer) -> None:
    assert renderer.render(plain()) == renderer.render(plain())


def test_every_story_stands_in_both_parts(renderer: Renderer) -> None:
    letter = renderer.render(plain(12))
    for n in range(12):
        url = f"https://news.example.com/2026/11/{n:03d}-breakwater"
        assert url in letter.html
        assert url in letter.text


def test_every_sentence_stands_in_both_parts(renderer: Renderer) -> None:
    issue = plain()
    letter = renderer.render(issue)
    shown, text = words(letter.html), " ".join(letter.text.split())
    for told in issue.briefs:
        for sentence in told.sentences:
            assert sentence.text in shown
            assert sentence.text in text


def test_a_sentence_that_is_not_in_its_article_stops_the_issue(renderer: Renderer) -> None:
    source = article()
    wrong = replace(quote(source), text="The council voted nine to four against it.")
    told = replace(brief(source), sentences=(wrong,))
    with pytest.raises(VerbatimError, match="story-000"):
        renderer.render(issue_of(("Coast", [told])))


def test_a_summary_line_from_an_article_that_is_not_in_the_issue_stops_it(renderer: Renderer) -> None:
    issue = plain()
    section = replace(issue.sections[0], brief=(quote(article(77)),))
    with pytest.raises(VerbatimError, match="story-077"):
        renderer.render(replace(issue, sections=(section, *issue.sections[1:])))


def test_stories_come_in_the_order_of_the_issue(renderer: Renderer) -> None:
    issue = replace(plain(9), top=())
    letter = renderer.render(issue)
    wanted = [told.title for told in issue.briefs]
    assert re.findall(r"Council votes to rebuild the northern breakwater, part \d+", letter.text) == wanted
    assert [h.text_content() for h in parse.document_fromstring(letter.html).iter("h3")] == wanted


def test_text_that_looks_like_a_template_stays_text(renderer: Renderer) -> None:
    letter = renderer.render(odd())
    assert "{{7*7}} is what the sign said" in words(letter.html)
    assert "{{7*7}} is what the sign said" in letter.text
    assert ">49" not in letter.html


def test_markup_in_a_title_is_shown_and_not_obeyed(renderer: Renderer) -> None:
    letter = renderer.render(odd())
    assert "over the &lt;b&gt;old&lt;/b&gt; wall" in letter.html
    assert "over the <b>old</b> wall" in letter.text


def test_a_link_that_is_no_web_address_is_left_out(renderer: Renderer) -> None:
    letter = renderer.render(odd())
    assert "javascript:" not in letter.html
    assert "localhost" not in letter.html


def test_right_to_left_stories_say_so(renderer: Renderer) -> None:
    page = parse.document_fromstring(renderer.render(odd()).html)
    cells = {cell.get("lang"): cell.get("dir") for cell in page.xpath("//td[@class='box card']") if cell.get("lang")}
    assert cells["ar"] == cells["he"] == "rtl"
    assert cells["en"] == "auto"


def test_without_an_archive_nothing_links_to_one() -> None:
    letter = load_renderer(Style(), envelope=envelope()).render(plain())
    assert "View in browser" not in letter.html
    assert "Preferences" not in letter.text


def test_unsubscribe_follows_the_convention_when_none_is_configured() -> None:
    letter = load_renderer(Style(), envelope=envelope()).render(plain())
    own = personalise_letter(letter, "abc")
    assert "https://example.org/digest/unsubscribe/abc" in own.html
    assert "https://example.org/digest/unsubscribe/abc" in own.text


def test_the_place_of_the_token_is_never_text_of_a_source(renderer: Renderer) -> None:
    letter = renderer.render(issue_of(("Coast", [brief(article(title="A 0reader0token0 in the headline"))]), top=()))
    own = personalise_letter(letter, "abc")
    assert letter.mark not in own.html + own.text
    assert own.html.count("0reader0token0 in the headline") == own.text.count("0reader0token0 in the headline") == 1


def test_an_issue_number_is_printed_where_one_is_kept(renderer: Renderer) -> None:
    assert "Issue 42" in renderer.render(plain(), number=42).text
    assert "Issue" not in renderer.render(plain()).text


def test_an_article_without_publisher_is_credited_to_its_author() -> None:
    told = brief(article(url=None, publisher=None, byline="Marta Lind"))
    text = load_renderer(Style(), envelope=envelope()).render(issue_of(("Coast", [told]))).text
    assert "Marta Lind · " in text
    assert "  Marta Lind · 1 Nov 2026 · 4 min" in text


def test_a_story_without_date_link_or_publisher_is_printed_without_them(renderer: Renderer) -> None:
    bare = article(url=None, published=None, publisher=None, byline=None)
    letter = renderer.render(issue_of(("Coast", [brief(bare)])))
    assert "  wires · 4 min" in letter.text
    assert "None" not in letter.html + letter.text
