"""HTML becomes the blocks that a reader would see, with the look of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import RejectedError
from digest.formats.markup import TextBlock, extract_blocks, parse_html, remove_hidden


def blocks(page: str) -> list[TextBlock]:
    root = parse_html(f"<body>{page}</body>")
    remove_hidden(root)
    return extract_blocks(root)


def texts(page: str) -> list[str]:
    return [block.text for block in blocks(page)]


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("One<br>Two", ["One", "Two"]),
        ("One<hr>Two", ["One", "Two"]),
        ("<div>One<div>Two</div>Three</div>", ["One", "Two", "Three"]),
        ("<ul><li>One<li>Two</ul>", ["One", "Two"]),
        ("<table><tr><td>One</td><th>Two</th></tr></table>", ["One", "Two"]),
        ("<p>O<b>n</b><span>e</span> <i>two</i></p>", ["One two"]),
        ("<p> One\n\t two&nbsp;three </p>", ["One two three"]),
        ("<p>&lt;b&gt; &amp;amp;</p>", ["<b> &amp;"]),
        ("<p> </p><p>&nbsp;</p><p>\u200b</p>", []),
        ("<p>One<script>two()</script> three</p>", ["One three"]),
        ("<style>p {}</style><p>One</p><noscript>Two</noscript>", ["One"]),
        ("<p>One <svg><text>Two</text></svg>three</p>", ["One three"]),
        ("<p>Pick <select><option>One</select>now <button>Go</button></p>", ["Pick now"]),
        ("<p>One<!-- two --> three</p>", ["One three"]),
        ("<p>One<!--[if mso]><p>Two</p><![endif]--> three</p>", ["One three"]),
        ("<![if !mso]><p>One</p><![endif]>", ["One"]),
        ("<p>One", ["One"]),
    ],
)
def test_blocks_are_what_a_reader_sees_in_order(page: str, seen: list[str]) -> None:
    assert texts(page) == seen


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "color:red; DISPLAY : NONE !important",
        "visibility:hidden",
        "opacity:0",
        "opacity: 0.0; color: red",
        "max-height:0px;overflow:hidden",
        "mso-hide:all",
        "font-size:0",
        "font-size: 1px",
    ],
)
def test_what_a_style_hides_is_removed_and_counted(style: str) -> None:
    root = parse_html(f"<body><p>One <span style='{style}'>hid<b>den</b></span>two</p></body>")
    assert remove_hidden(root) == len("hidden")
    assert [block.text for block in extract_blocks(root)] == ["One two"]


@pytest.mark.parametrize(
    "style", ["display:block", "opacity:0.5", "max-height:0.5em", "font-size:10px", "font-size:1.5em", "color:none"]
)
def test_what_a_style_shows_stays(style: str) -> None:
    root = parse_html(f"<body><p style='{style}'>Seen</p></body>")
    assert remove_hidden(root) == 0
    assert [block.text for block in extract_blocks(root)] == ["Seen"]


def test_the_hidden_attribute_hides() -> None:
    assert texts("<p hidden>One</p><div hidden=until-found>Two</div><p>Three</p>") == ["Three"]


@pytest.mark.parametrize(
    ("page", "size"),
    [
        ("<p>x</p>", 15.0),
        ("<p style='font-size:20px'>x</p>", 20.0),
        ("<p style='font-size: 12pt'>x</p>", 16.0),
        ("<p style='font-size:2em'>x</p>", 30.0),
        ("<p style='font-size:2rem'>x</p>", 32.0),
        ("<p style='font-size:200%'>x</p>", 30.0),
        ("<p style='font: bold 18px/1.2 Arial'>x</p>", 18.0),
        ("<p style='font-size:999px'>x</p>", 200.0),
        ("<p style='font-size:large'>x</p>", 15.0),
        ("<p style='font-size:.875em'>x</p>", 15.0),  # not 875 times as large
        ("<div style='font-size:20px'><p><i>x</i></p></div>", 20.0),
        ("<p>x <span style='font-size:22px'>y</span></p>", 22.0),
        ("<p>x <span style='font-size:22px'> </span></p>", 15.0),
        ("<div style='font-size:20px'>z</div><p>x</p>", 15.0),
        ("<h1>x</h1>", 32.0),
        ("<h2 style='font-size:14px'>x</h2>", 14.0),
    ],
)
def test_the_size_of_a_block_is_that_of_its_largest_type(page: str, size: float) -> None:
    assert blocks(page)[-1].size == pytest.approx(size)


@pytest.mark.parametrize(
    ("page", "bold"),
    [
        ("<p>x</p>", False),
        ("<p><b>x</b></p>", True),
        ("<strong><p>x</p></strong>", True),
        ("<p style='font-weight:700'>x</p>", True),
        ("<p style='font-weight: bold'>x</p>", True),
        ("<p style='font-weight:400'>x</p>", False),
        ("<h3>x</h3>", True),
        ("<p><b>three</b> of eight</p>", False),
        ("<p><b>most of it</b> is</p>", True),
    ],
)
def test_a_block_is_bold_when_most_of_it_is(page: str, bold: bool) -> None:
    assert blocks(page)[-1].bold is bold


def test_links_and_their_share_are_told() -> None:
    (block,) = blocks("<p><a href=/1>One</a>two<a href=/2>si<b>x!</b></a><a>y</a></p>")
    assert block.links == (("One", "/1"), ("six!", "/2"))
    assert block.linked == pytest.approx(7 / 11)


def test_a_block_knows_its_heading_its_table_and_the_rule_before_it() -> None:
    page = "<h2>A</h2><table><tr><td>B<table><tr><td>C</td></tr></table>D</td></tr></table><hr><p>E</p><p>F</p>"
    found = blocks(page)
    assert [(block.text, block.heading, block.table, block.ruled) for block in found] == [
        ("A", "h2", 0, False),
        ("B", None, 1, False),
        ("C", None, 2, False),
        ("D", None, 1, False),
        ("E", None, 0, True),
        ("F", None, 0, False),
    ]


@pytest.mark.parametrize(
    ("page", "lead"),
    [
        ("<p><b>Ferry vote:</b> It is off.</p>", "Ferry vote:"),
        ("<p> <a href=/1>Ferry</a> <b>vote</b> is off.</p>", "Ferry vote"),
        ("<p><b>Ferry vote</b></p>", ""),
        ("<p>The <b>ferry</b> vote</p>", ""),
    ],
)
def test_the_lead_is_the_bold_beginning_of_other_words(page: str, lead: str) -> None:
    assert blocks(page)[0].lead == lead


tags = st.sampled_from(
    "<p> </p> <div> </div> <b> </b> <a&href=/x> </a> <td> <table> </table> <br> <li> <h2> <!--".split()
)
pieces = st.lists(tags.map(lambda tag: tag.replace("&", " ")) | st.text("ab &<\n", max_size=8), max_size=20)


@given(pieces)
def test_any_markup_has_blocks_of_one_line_and_shares_within_bounds(parts: list[str]) -> None:
    for block in blocks("".join(parts)):
        assert block.text == " ".join(block.text.split()) != ""
        assert 0.0 <= block.linked <= 1.0
        assert block.text.startswith(block.lead)


@pytest.mark.parametrize("page", ["", " \n", "\x00", "<?xml version='1.0'?>", "<![endif]>"])
def test_a_page_without_markup_is_rejected(page: str) -> None:
    with pytest.raises(RejectedError, match="no readable HTML"):
        parse_html(page)
