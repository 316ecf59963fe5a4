"""An address says which view it is, a view says its address, and the head of a proof says its numbers."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.web.client_support import CLIENTS, FEATURES, features_used, support_level
from digest.web.stats import GMAIL_CLIP_BYTES, IssueStats
from digest.web.view import CHOICES, TABS, PageView, parse_view

VIEWS = st.builds(
    PageView,
    edition=st.text(alphabet="abc-é ?#%", min_size=1, max_size=12),
    label=st.text(alphabet="0123456789-T:", min_size=1, max_size=16),
    tab=st.sampled_from(sorted(TABS)),
    **{name: st.sampled_from(known) for name, known in CHOICES.items()},
)


def view(**changes: Any) -> PageView:
    return PageView(**({"edition": "daily", "label": "2026-11-20"} | changes))


@given(VIEWS)
def test_the_address_of_a_view_is_read_as_that_view(one: PageView) -> None:
    address = urlsplit(one.address())
    edition, label, tab = map(unquote, address.path[1:].split("/"))
    assert parse_view(edition, label, tab, dict(parse_qsl(address.query))) == one
    assert not address.fragment


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({}, "/daily/2026-11-20/html"),
        ({"width": "1024", "scheme": "light", "images": "off"}, "/daily/2026-11-20/html"),
        ({"tab": "checks", "width": "375"}, "/daily/2026-11-20/checks?width=375"),
        ({"scheme": "dark", "images": "on"}, "/daily/2026-11-20/html?scheme=dark&images=on"),
        ({"label": "2026-11-20T07:00"}, "/daily/2026-11-20T07%3A00/html"),
    ],
)
def test_only_what_is_not_usual_stands_in_the_address(changes: dict[str, str], address: str) -> None:
    assert view().address(**changes) == address
    assert view(**changes).address() == address


@pytest.mark.parametrize("query", [{"width": "9"}, {"scheme": "sepia"}, {"images": ""}, {"tab": "x"}, {"width": 375}])
def test_what_an_address_asks_for_in_vain_is_as_if_it_were_not_there(query: dict[str, Any]) -> None:
    assert parse_view("daily", "2026-11-20", "html", query) == view()


def test_the_letter_in_the_frame_does_not_change_with_the_width() -> None:
    addresses = {view(width=width, scheme="dark").frame_address() for width in CHOICES["width"]}
    assert addresses == {"/-/letter/daily/2026-11-20?scheme=dark"}


def test_a_file_of_an_issue_has_no_view() -> None:
    assert view(edition="a b", scheme="dark").file_address("issue.json") == "/-/part/a%20b/2026-11-20/issue.json"


def stats(size: int) -> IssueStats:
    return IssueStats(available=0, left_out=0, stories=1, articles=1, minutes=1, bytes=size, errors=0, warnings=0)


@pytest.mark.parametrize(
    ("size", "level", "percent"),
    [
        (0, "ok", 0),
        (92_160, "ok", 90),
        (92_161, "near", 90),
        (GMAIL_CLIP_BYTES, "near", 100),
        (GMAIL_CLIP_BYTES + 1, "over", 100),
        (2 * GMAIL_CLIP_BYTES, "over", 200),
    ],
)
def test_the_size_is_told_against_what_gmail_shows(size: int, level: str, percent: int) -> None:
    assert (stats(size).size_level, stats(size).clip_percent) == (level, percent)


def test_the_size_is_told_in_the_unit_of_the_limit() -> None:
    assert stats(6_140).size_text == "6.1 of 102 KB"


@pytest.mark.parametrize(("percent", "level"), [(100, "yes"), (75, "yes"), (74, "partly"), (25, "partly"), (24, "no")])
def test_half_a_support_is_partly(percent: int, level: str) -> None:
    assert support_level(percent) == level


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<p>plain</p>", []),
        ('<p style="padding-left:4px">', ["padding"]),
        ('<p style="PADDING : 4px">', ["padding"]),
        ("<p style='display:inline-flex'>", ["flex, grid"]),
        ("<p style='display:block'>", []),
        ('<a href="#top">', ["jump links"]),
        ('<a href="https://e.example/#top">', []),
        ('<p style="background-position:top">', []),
        ('<p style="top:0;position:fixed">', ["position"]),
        ('<img src="chart.svg">', ["SVG picture"]),
        ("<p>about styles</p>", []),
        ("<style>p{margin:0}</style>", ["<style>", "margin"]),
        ("<style>@media (prefers-color-scheme:dark){}</style>", ["prefers-color-scheme", "@media", "<style>"]),
    ],
)
def test_a_feature_is_named_where_a_page_uses_it_the_least_supported_first(html: str, names: list[str]) -> None:
    assert [feature.name for feature in features_used(html)] == names


def test_every_feature_says_a_share_for_every_client_and_what_is_seen_without_it() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    for feature in FEATURES:
        assert len(feature.clients) == len(CLIENTS)
        assert all(0 <= percent <= 100 for percent in (feature.everywhere, *feature.clients))
        assert feature.without
