"""The pages, without a browser: every state has its address, nothing shows a stack trace."""

from __future__ import annotations

from typing import Any

import pytest

from digest.archive.read import GateRemark, decode_headers
from digest.web.backend import PreviewState
from digest.web.stats import issue_stats
from digest.web.view import LIVE_ONLY, TABS, PageView, parse_view
from tests.web.conftest import InMemoryBackend, ask, proof


@pytest.mark.parametrize("tab", sorted(TABS))
@pytest.mark.parametrize("label", ["live", "2026-11-20"])
def test_every_tab_of_every_issue_is_a_page(app: Any, tab: str, label: str) -> None:
    answer = ask(app, f"/daily/{label}/{tab}")
    if label != "live" and tab in LIVE_ONLY:
        assert answer.status == 404
        return
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_only_edition_is_opened_at_once(app: Any) -> None:
    assert ask(app, "/").headers["location"] == "/daily/live/html"


def test_several_editions_are_listed(app: Any, backend: InMemoryBackend) -> None:
    backend.states["weekly"] = PreviewState(revision=1, proof=proof(edition="weekly"))
    answer = ask(app, "/")
    assert answer.status == 200
    assert 'href="/weekly/live/html"' in answer.text


@pytest.mark.parametrize(
    "path",
    ["/none/live/html", "/daily/2031-01-01/html", "/daily/live/nothing", "/daily/..%2f..%2fetc/html", "/daily/live/html/x",
     "/-/letter/daily/2031-01-01", "/-/part/daily/live/passwd", "/-/part/daily/live/..%2fconfig.yaml", "/-/static/app.py",
     "/-/letter/none/live"],
)  # fmt: skip
def test_what_does_not_exist_is_said_plainly(app: Any, path: str) -> None:
    answer = ask(app, path)
    assert answer.status == 404
    assert "Traceback" not in answer.text


def test_a_name_from_the_address_is_escaped(app: Any) -> None:
    answer = ask(app, "/<script>alert(1)</script>/live/html")
    assert answer.status == 404
    assert "<script>alert" not in answer.text


def test_the_frame_shows_the_letter_in_the_scheme_of_the_view(app: Any) -> None:
    assert "@media (min-width:0)" in ask(app, "/-/letter/daily/live?scheme=dark").text
    assert "@media (max-width:0)" in ask(app, "/-/letter/daily/live").text
    assert 'sandbox="allow-popups' in ask(app, "/daily/live/html").text


def test_troubles_stand_above_the_last_good_issue(app: Any, backend: InMemoryBackend) -> None:
    backend.states["daily"] = PreviewState(revision=2, proof=proof(), troubles=("config.yaml:3:5: unknown key <b>",))
    text = ask(app, "/daily/live/html").text
    assert "config.yaml:3:5: unknown key &lt;b&gt;" in text
    assert "<iframe" in text


def test_an_issue_under_way_says_so(app: Any, backend: InMemoryBackend) -> None:
    backend.states["daily"] = PreviewState(revision=0)
    assert "is being made" in ask(app, "/daily/live/html").text


def test_without_a_first_issue_the_page_says_why(app: Any, backend: InMemoryBackend) -> None:
    backend.states["daily"] = PreviewState(revision=1, troubles=("seeds: no file matches seeds/*.txt",))
    assert "no file matches seeds/*.txt" in ask(app, "/daily/live/text").text


def test_a_broken_configuration_without_any_issue_is_told_at_home(app: Any, backend: InMemoryBackend) -> None:
    backend.states.clear()
    backend.wrong = ("config.yaml:1:1: is not valid YAML",)
    assert "is not valid YAML" in ask(app, "/").text


def test_remarks_and_headers_are_shown(app: Any, backend: InMemoryBackend) -> None:
    remark = GateRemark(level="error", code="contrast", message="2.1 on <p>")
    backend.states["daily"] = PreviewState(revision=1, proof=proof(remarks=(remark,)))
    assert "2.1 on &lt;p&gt;" in ask(app, "/daily/live/checks").text
    assert "Quiet wéek" in ask(app, "/daily/live/source").text


def test_files_are_given_as_they_are_and_never_as_a_page(app: Any) -> None:
    answer = ask(app, "/-/part/daily/live/issue.html")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_an_address_is_the_view_and_back() -> None:
    view = PageView(edition="daily", label="live", width="375", scheme="dark")
    assert view.address() == "/daily/live/html?width=375&scheme=dark"
    assert parse_view("daily", "live", "html", {"width": "375", "scheme": "dark", "images": "off", "x": "1"}) == view
    assert parse_view("daily", "live", "html", {"width": "9999", "scheme": "pink"}).address() == "/daily/live/html"


def test_the_size_is_measured_against_the_clip() -> None:
    assert issue_stats(proof(html="x" * 102_401)).size_level == "over"
    assert issue_stats(proof(html="x" * 95_000)).size_level == "near"
    assert issue_stats(proof()).size_level == "ok"


def test_headers_are_decoded_and_broken_ones_shown_as_they_are() -> None:
    assert decode_headers(b"A: =?utf-8?q?=C3=A9?=\r\nB: =?nonsense?q?x?=\r\n\r\nC: no") == [
        ("A", "é"),
        ("B", "=?nonsense?q?x?="),
    ]
    assert decode_headers(b"") == []
