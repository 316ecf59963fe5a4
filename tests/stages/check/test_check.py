"""Every rule of the gate has an example that fails, and a clean letter passes them all."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.mail.message import Links, personalise_letter, write_message
from digest.model import Issue, Letter, Reader
from digest.stages.check import Finding, Level, check_html, check_letter, check_message, check_text, source_texts_of
from digest.stages.render import Style, load_renderer, sample_issue
from tests.issues import article, brief, envelope, issue_of, odd, plain

ENVELOPE = envelope(Links(archive="https://example.org/a/{issue}", preferences="https://example.org/p/{token}"))
RENDERER = load_renderer(Style(address="Quay 4"), envelope=ENVELOPE)
LETTER = RENDERER.render(sample_issue())
PAGE = personalise_letter(LETTER, "t1").html
TEXT = personalise_letter(LETTER, "t1").text
MAIL = write_message(LETTER, ENVELOPE, Reader(email="ann@example.net"), token="t1")


def bad(findings: list[Finding]) -> list[str]:
    return [f"{found.level}: {found.code}: {found.message}" for found in findings if found.level is not Level.INFO]


def codes(findings: list[Finding], level: Level | None = None) -> set[str]:
    return {found.code for found in findings if level is None or found.level is level}


@pytest.mark.parametrize(
    "issue", [sample_issue(), plain(1, 1), plain(5), plain(150), odd()], ids=["sample", "one", "five", "many", "odd"]
)
@pytest.mark.parametrize("template", ["default", "compact"])
def test_our_letters_pass_with_no_error_and_no_warning(issue: Issue, template: str) -> None:
    letter = load_renderer(Style(template=template), envelope=ENVELOPE).render(issue)
    assert bad(check_letter(letter, issue)) == []


def test_our_messages_pass_with_no_error_and_no_warning() -> None:
    assert bad(check_message(MAIL)) == []


HEAVY = "<p>" + "heavy " * 18_000 + "</p>"
CELL = '<td class="box card" lang="en" dir="auto">'

HTML_DEFECTS = [
    ("size", "error", "</body>", HEAVY + "</body>"),
    ("sheet", "error", "</head>", "<style>" + ".x{color:#000000}\n" * 1200 + "</style></head>"),
    ("sheet", "error", "</head>", "<style>.x{color:#000000</style></head>"),
    ("sheet", "error", "</head>", "<style>@import 'x.css';</style></head>"),
    ("sheet", "error", "</head>", "<style>@media screen{@media print{.x{color:#000000}}}</style></head>"),
    ("control", "error", "That is all", "That is\x92all"),
    ("direction", "error", "That is all", "That is \u202eall"),
    ("direction", "error", "</h1>", "</h1><p dir='ltr'>مجلس الميناء يصوت</p>"),
    ("charset", "error", "That is all", "Thatâ€™s all"),
    ("charset", "warning", '<meta charset="utf-8">', ""),
    ("doctype", "error", "<!DOCTYPE html>", ""),
    ("language", "error", '<html lang="en"', '<html lang=""'),
    ("title", "error", f"<title>{sample_issue().subject}</title>", "<title> </title>"),
    ("viewport", "warning", '<meta name="viewport"', '<meta name="x"'),
    ("dark", "warning", '<meta name="color-scheme"', '<meta name="x"'),
    ("table", "error", '<table role="presentation"', "<table"),
    ("heading", "warning", "<h1", "<h1>Twice</h1><h1"),
    ("heading", "warning", "<h2", "<h5>Deep</h5><h2"),
    ("id", "error", 'id="t2"', 'id="t1"'),
    ("forbidden", "error", "</h1>", "</h1><form><input name=a></form>"),
    ("forbidden", "error", "</head>", '<link rel="stylesheet" href="https://example.org/a.css"></head>'),
    ("forbidden", "error", "</head>", '<meta http-equiv="refresh" content="1"></head>'),
    ("script", "error", "</h1>", "</h1><script>alert(1)</script>"),
    ("script", "error", "<h1", '<h1 onclick="x()"'),
    ("script", "error", "</h1>", '</h1><a href="java\tscript:alert(1)">x</a>'),
    ("outlook", "warning", "</h1>", '</h1><p style="padding:12px">x</p>'),
    ("mark", "error", "That is all", "That is {{ page.all }}"),
    ("mark", "error", "That is all:", "*|MC:SUBJECT|*"),
    ("mark", "error", "3 min<", "None min<"),
    ("mark", "error", "https://news.example.com/wall", "https://news.example.com/%7B%7Burl%7D%7D"),
    ("mark", "error", "https://news.example.com/wall", "https://news.example.com/None"),
    ("escaped", "error", "That is all", "That &amp;amp; is all"),
    ("escaped", "error", "That is all", "That &lt;b&gt;is&lt;/b&gt; all"),
    ("long-word", "warning", "</h1>", "</h1></td></tr><tr><td style='color:#000000'>" + "w" * 60),
    ("preheader", "warning", sample_issue().preheader, "Short."),
    ("preheader", "warning", '<div class="preheader"', '<p>First.</p><div class="preheader"'),
    ("link", "error", "</h1>", "</h1><a>nowhere</a>"),
    ("link", "error", "</h1>", '</h1><a href="#">top</a>'),
    ("link", "error", "</h1>", '</h1><a href="#t99">gone</a>'),
    ("link", "error", "</h1>", '</h1><a href="https://example.org/x"></a>'),
    ("link", "error", "</h1>", '</h1><a href="/archive">relative</a>'),
    ("link", "error", "</h1>", '</h1><a href="https://localhost/x">local</a>'),
    ("link", "error", "</h1>", '</h1><a href="https://10.0.0.1/x">private</a>'),
    ("link", "error", "</h1>", '</h1><a href="https://[x/">broken</a>'),
    ("link", "error", "</h1>", '</h1><a href="https://example.org/a b">space</a>'),
    ("link", "warning", "</h1>", '</h1><a href="https://example.org/x">read more</a>'),
    ("link", "warning", "</h1>", '</h1><a href="https://bit.ly/x">a short one</a>'),
    ("link", "warning", "</h1>", f'</h1><a href="https://example.org/{"x" * 2001}">a long one</a>'),
    ("deceptive", "error", "</h1>", '</h1><a href="https://evil.example.net/">bank.example.com</a>'),
    ("unsubscribe", "error", "nsubscribe", "nknown"),
    ("alt", "error", "</h1>", '</h1><img src="https://example.org/a.png" width="20">'),
    ("alt", "warning", "</h1>", '</h1><img src="https://example.org/a.png" width="20" alt="a.png">'),
    ("picture", "error", "</h1>", '</h1><img src="data:image/png;base64,xx" width="20" alt="A map">'),
    ("picture", "warning", "</h1>", '</h1><img src="https://example.org/a.png" alt="A map">'),
    ("contrast", "error", "color:#57606a", "color:#aaaaaa"),
    ("contrast", "error", ".meta,", ".nothing,"),
    ("font-size", "warning", "font-size:13px", "font-size:10px"),
]


@pytest.mark.parametrize(
    ("code", "level", "before", "after"),
    HTML_DEFECTS,
    ids=[f"{n}-{defect[0]}" for n, defect in enumerate(HTML_DEFECTS)],
)
def test_a_page_with_a_defect_is_found(code: str, level: str, before: str, after: str) -> None:
    assert before in PAGE, "the example no longer fits the template"
    assert code in codes(check_html(PAGE.replace(before, after)), Level(level))


def test_a_dark_rule_that_is_missing_is_found_as_dark() -> None:
    found = [f.message for f in check_html(PAGE.replace(".meta,", ".nothing,")) if f.code == "contrast"]
    assert len(found) == 1
    assert found[0].startswith("dark: #57606a on #161b22 is 2.7")


def test_no_dark_rules_at_all_is_only_told() -> None:
    bare = re.sub(r"@media \(prefers-color-scheme:dark\)", "@media (prefers-color-scheme:none)", PAGE)
    assert "dark" in codes(check_html(bare), Level.INFO)


def test_an_empty_page_and_a_page_without_text_are_errors() -> None:
    assert codes(check_html("")) == {"empty"}
    assert "empty" in codes(check_html("<!DOCTYPE html><html lang=en><body></body></html>"))


def test_text_of_a_source_that_looks_like_a_mark_is_known_as_such() -> None:
    page = PAGE.replace("Night trains", "{{7*7}} trains")
    assert "mark" in codes(check_html(page))
    assert bad(check_html(page, ["{{7*7}}"])) == []


TEXT_DEFECTS = [
    ("text", "error", TEXT, " \n"),
    ("text", "warning", "That is all:", "word " * 40),
    ("control", "error", "That is all", "That is\x07all"),
    ("mark", "error", "That is all", "That is {% all"),
    ("escaped", "error", "That is all", "That <b>is</b> all"),
    ("escaped", "error", "That is all", "That&nbsp;is all"),
    ("unsubscribe", "error", "nsubscribe", "nknown"),
]


@pytest.mark.parametrize(("code", "level", "before", "after"), TEXT_DEFECTS)
def test_a_text_with_a_defect_is_found(code: str, level: str, before: str, after: str) -> None:
    assert before in TEXT
    assert code in codes(check_text(TEXT.replace(before, after)), Level(level))


MAIL_DEFECTS = [
    ("header", "error", b"MIME-Version: 1.0\r\n", b""),
    ("header", "error", b"Precedence:", b"Subject: twice\r\nPrecedence:"),
    ("header", "error", b"Precedence: bulk", b"X-Name: \xe9"),
    ("header", "error", b"Precedence: bulk", b"X-Name: =?utf-8?q?" + b"x" * 70 + b"?="),
    ("address", "error", b"ann@example.net", b"ann"),
    ("line", "error", b"Precedence: bulk", b"X-Name: " + b"x" * 999),
    ("line", "error", b"Precedence: bulk", b"Precedence: bulk\rX"),
    ("line", "warning", b"Precedence: bulk\r\n", b"Precedence: bulk\n"),
    ("date", "error", b"Date: Fri, 20 Nov 2026", b"Date: some day"),
    ("date", "warning", b"+0000", b"-0000"),
    ("message-id", "error", b"Message-ID: <", b"Message-ID: a b<"),
    ("message-id", "warning", b"@example.org>\r\nList-Id", b"@localhost>\r\nList-Id"),
    ("list", "error", b"<https://example.org/digest/unsubscribe/t1>,", b""),
    ("list", "error", b"List-Unsubscribe=One-Click", b"yes"),
    ("list", "error", b"<sample.example.org>", b"sample"),
    ("dkim", "error", b"From:", b"DKIM-Signature: v=1; a=rsa-sha256; h=from:to; b=x\r\nFrom:"),
    ("dkim", "error", b"From:", b"DKIM-Signature: a=rsa-sha1; h=from:list-unsubscribe:list-unsubscribe-post\r\nFrom:"),
    ("dkim", "warning", b"From:", b"DKIM-Signature: a=rsa-sha256; l=9; h=from\r\nFrom:"),
    ("subject", "warning", b"Subject: The breakwater", b"Subject: " + b"The breakwater " * 6),
    (
        "subject",
        "warning",
        b"Subject: The breakwater is to be rebuilt, and night trains return",
        b"Subject: LOOK AT THIS",
    ),
    ("part", "error", b"Content-Type: text/plain", b"Content-Type: text/html"),
    ("part", "error", b"multipart/alternative", b"multipart/mixed"),
    ("charset", "error", b'charset="utf-8"', b'charset="us-ascii"'),
    ("mark", "error", b"Subject: The breakwater", b"Subject: {{ issue.subject }}"),
]


def damaged(before: bytes, after: bytes) -> bytes:
    assert before in MAIL, "the example no longer fits the message"
    return MAIL.replace(before, after)


@pytest.mark.parametrize(
    ("code", "level", "before", "after"),
    MAIL_DEFECTS,
    ids=[f"{n}-{defect[0]}" for n, defect in enumerate(MAIL_DEFECTS)],
)
def test_a_message_with_a_defect_is_found(code: str, level: str, before: bytes, after: bytes) -> None:
    assert code in codes(check_message(damaged(before, after)), Level(level))


def test_a_message_without_a_boundary_is_broken() -> None:
    found = check_message(re.sub(rb'boundary="[^"]*"', b"", MAIL))
    assert "mime" in codes(found, Level.ERROR)


def test_octets_of_eight_bits_under_seven_are_found() -> None:
    raw = b"Content-Transfer-Encoding: 7bit"
    mail = damaged(b"Content-Transfer-Encoding: quoted-printable", raw).replace(b"IN SHORT", b"IN SH\xc3\x96RT")
    assert "encoding" in codes(check_message(mail), Level.ERROR)


def test_parts_that_say_different_things_are_found() -> None:
    assert "divergence" in codes(
        check_letter(replace(LETTER, text=TEXT[:600] + "\nUnsubscribe " + LETTER.mark)), Level.ERROR
    )


def test_a_part_that_lacks_a_few_words_is_a_warning() -> None:
    without = LETTER.text.replace("Night trains return to the coast line after nine years", "Trains")
    assert "divergence" in codes(check_letter(replace(LETTER, text=without)), Level.WARNING)


def test_a_link_in_one_part_only_is_found() -> None:
    without = LETTER.text.replace("https://news.example.com/rail", "")
    found = [f.message for f in check_letter(replace(LETTER, text=without)) if f.code == "divergence"]
    assert any("https://news.example.com/rail" in message for message in found)


def test_a_sentence_that_is_not_in_its_article_is_found() -> None:
    issue = sample_issue()
    section = issue.sections[0]
    wrong = replace(section, brief=(replace(section.brief[0], start=3),))
    assert "verbatim" in codes(check_letter(LETTER, replace(issue, sections=(wrong, *issue.sections[1:]))), Level.ERROR)


def test_a_sentence_in_one_part_only_is_found() -> None:
    without = LETTER.text.replace("Tickets start at 39 euros", "Tickets start at 93 euros")
    assert "verbatim" in codes(check_letter(replace(LETTER, text=without), sample_issue()), Level.ERROR)


def test_a_letter_without_a_place_for_the_token_is_found() -> None:
    fixed: Letter = replace(LETTER, html=LETTER.html.replace(LETTER.mark, "x"))
    assert "unsubscribe" in codes(check_letter(fixed), Level.ERROR)


def test_a_message_with_the_mark_still_in_it_is_found() -> None:
    assert "mark" in codes(check_html(LETTER.html), Level.ERROR)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"not a message", b"Subject: x\n\n" + b"<div>" * 20_000])
def test_anything_can_be_judged(data: bytes) -> None:
    assert codes(check_message(data), Level.ERROR)


@pytest.mark.parametrize(
    "text",
    [
        "防波堤を再建する計画が市議会で可決された、と港湾局は述べた。" * 6,
        "The sign said {{7*7}} and <b>no</b> more &amp; it cost None min | *|MC:X|* of â€™s, said ${USER}.",
        "L’été dernier, l’\u00ad\u200bîle n’a pas eu d’eau\u00a0; on l’a dit «\u00a0partout\u00a0».",
        "The word " + "undefined" * 40 + " was too long.",
    ],
)
def test_what_a_source_says_never_stops_an_issue(text: str) -> None:
    told = brief(article(title=text, paragraphs=(text,), publisher=text[:90], byline=text[:90]))
    issue = issue_of((text[:120], [told, brief(article(1))]))
    letter = load_renderer(Style(), envelope=ENVELOPE).render(issue)
    assert [one for one in check_letter(letter, issue) if one.level is Level.ERROR] == []
    message = write_message(letter, ENVELOPE, Reader(email="ann@example.net"), token="t1")
    assert [one for one in check_message(message, source_texts_of(issue)) if one.level is Level.ERROR] == []


CHUNKS = st.sampled_from(
    ["{{", "}}", "{% if", "<b>", "&amp;", "None min", "None", "by None", "â€™", "\u202e", "\x92", "المجلس", "防波堤。",
     "https://a.example/", "example.com", "unsubscribe", "--> ", "<![endif]-->", "ß", "word " * 9, "x" * 90, ".", "%7B%7B"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(CHUNKS, st.text(max_size=12)), min_size=1, max_size=12).map(" ".join)


@settings(max_examples=25)
@given(title=TEXTS, said=TEXTS, name=TEXTS, url=st.one_of(st.none(), TEXTS, TEXTS.map("https://a.example/".__add__)))
def test_nothing_that_a_source_says_stops_an_issue(title: str, said: str, name: str, url: str | None) -> None:
    told = brief(article(title=title, paragraphs=(said,), publisher=name, byline=name, url=url))
    issue = issue_of((name, [told, brief(article(1))]))
    letter = RENDERER.render(issue)
    message = write_message(letter, ENVELOPE, Reader(email="ann@example.net"), token="t1")
    found = [*check_letter(letter, issue), *check_message(message, source_texts_of(issue))]
    assert [one for one in found if one.level is Level.ERROR] == []
