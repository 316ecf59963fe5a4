"""A click tracker's address becomes the page that it leads to, and every text becomes an address or nothing."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.formats.letters import link_target

PAGE = "https://news.example/ferry"
paths = st.from_regex(r"/[a-z0-9/]{0,12}(\?[a-d]=[a-z0-9]{1,5}(&[a-d]=[a-z0-9]{0,5}){0,2})?", fullmatch=True)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (PAGE, PAGE),
        (f" {PAGE}\n", PAGE),
        (f"{PAGE}#top", PAGE),
        (f"{PAGE}?utm_source=mail&id=3&utm_campaign=x", f"{PAGE}?id=3"),
        (f"{PAGE}?UTM_Source=mail&mc_eid=5&fbclid=q&ref=x", PAGE),
        (f"{PAGE}?reference=3&preview=1", f"{PAGE}?reference=3&preview=1"),
        (f"{PAGE}&utm_source=mail&mc_cid=4", PAGE),
        (f"{PAGE}?id=a%26b&&x=", f"{PAGE}?id=a%26b&x="),
        ("http://t.example/c?u=" + quote(PAGE, safe=""), PAGE),
        ("http://t.example/c?n=5&u=" + quote(quote(PAGE, safe=""), safe=""), PAGE),
        ("http://t.example/c?u=" + quote(f"{PAGE}?q=a%26b%20c", safe=""), f"{PAGE}?q=a%26b%20c"),
        ("http://t.example/c?u=/ferry", "http://t.example/c?u=/ferry"),
        ("http://t.example/c?u=" + quote("javascript:alert(1)"), "http://t.example/c?u=javascript%3Aalert%281%29"),
    ],
)
def test_a_link_leads_to_its_page_without_tracking_marks(address: str, target: str) -> None:
    assert link_target(address) == target


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#top",
        "/ferry",
        "mailto:a@a.example",
        "javascript:alert(1)",
        "ftp://a.example/x",
        "https://",
        "https:///ferry",
        "http://[bad/ferry",
        "http://[bad/c?u=https://news.example/ferry",
        "http://t.example/c?u=http://[bad/ferry",
    ],
)
def test_what_is_no_web_address_leads_nowhere(address: str) -> None:
    assert link_target(address) is None


@given(paths, st.integers(0, 3))
def test_a_tracker_within_a_tracker_is_unwrapped_three_deep(path: str, depth: int) -> None:
    address = wrapped = "https://news.example" + path
    for number in range(depth):
        wrapped = f"https://t{number}.example/c?u={quote(wrapped, safe='')}&utm_medium=mail"
    assert link_target(wrapped) == link_target(address)
    assert urlsplit(link_target(wrapped) or "").netloc == "news.example"


@given(paths)
def test_a_target_is_its_own_target(path: str) -> None:
    target = link_target("https://news.example" + path + "#part")
    assert target is not None
    assert link_target(target) == target


@given(st.text(alphabet="htps:/[]?&=%@#.ua1 \n", max_size=60))
def test_any_text_is_a_web_address_or_none(text: str) -> None:
    for address in (text, "https://" + text, "https://t.example/c?u=" + text, "https://t.example/c?u=http://" + text):
        target = link_target(address)
        assert target is None or target.startswith(("http://", "https://"))


def test_an_endless_address_is_read_in_its_beginning_only() -> None:
    inner = quote(PAGE, safe="")
    assert link_target("https://t.example/c?x=" + "a" * 100 + "&u=" + inner) == PAGE
    far = "https://t.example/c?x=" + "a" * 5_000 + "&u=" + inner
    assert urlsplit(link_target(far) or "").netloc == "t.example"
