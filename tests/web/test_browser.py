"""In a real Chromium."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from digest.web.backend import PreviewState
from digest.web.view import TABS
from tests.web.conftest import Served, proof

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATHS = (
    *(f"/daily/live/{tab}" for tab in sorted(TABS)),
    "/daily/live/explain?article=a.txt&at=0-0",
    "/daily/live/explain?theme=harbour",
    "/daily/live/explain?article=d.txt",
    "/daily/schedule",
    "/daily/sources",
    "/nowhere",
)
HOSTILE = """<!DOCTYPE html><html><head><title>x</title>
<meta http-equiv="refresh" content="0;url=http://evil.example/meta">
<base href="http://evil.example/base/">
<link rel="stylesheet" href="http://evil.example/a.css"><link rel="prefetch" href="http://evil.example/pre">
<style>@import url(http://evil.example/b.css); @font-face{font-family:x;src:url(http://evil.example/f)} body{font-family:x;
background:url(http://evil.example/bg)}</style></head>
<body onload="parent.document.title='owned'"><h1>hostile</h1>
<script>top.location='http://evil.example/top';document.title='owned';fetch('http://evil.example/fetch')</script>
<script src="http://evil.example/s.js"></script><img src="http://evil.example/i.png" onerror="document.title='owned'">
<img src="/-/events"><iframe src="http://evil.example/frame"></iframe><object data="http://evil.example/o"></object>
<embed src="http://evil.example/e"><video src="http://evil.example/v" autoplay></video>
<svg onload="document.title='owned'"><image href="http://evil.example/svg"/></svg>
<form action="http://evil.example/form"><input autofocus onfocus="document.title='owned'"><button>go</button></form>
<a href="javascript:document.title='owned'">js</a><a href="http://evil.example/ping" ping="http://evil.example/p">p</a>
<math><mtext><img src=x onerror="document.title='owned'"></mtext></math></body></html>"""


def go(page: Any, served: Served, path: str) -> None:
    page.goto(served.url + path, wait_until="load")


def foreign(page: Any, served: Served) -> list[str]:
    return [url for url in page.asked if not url.startswith((served.url, "data:"))]


@pytest.mark.parametrize("tab", sorted(TABS))
def test_every_tab_opens_without_complaint(page: Any, served: Served, tab: str) -> None:
    go(page, served, f"/daily/live/{tab}")
    assert page.locator(".tabs > a[aria-current]").inner_text() == TABS[tab]
    assert page.said == []
    assert foreign(page, served) == []


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_of_the_view_wins_over_the_one_of_the_system(
    browser: Any, served: Served, scheme: str, system: str
) -> None:
    context = browser.new_context(color_scheme=system)
    page = context.new_page()
    page.goto(f"{served.url}/daily/live/html?scheme={scheme}")
    box = page.frame_locator("iframe.letter").locator("#box")
    colour = box.evaluate("element => getComputedStyle(element).color")
    assert colour == {"light": "rgb(17, 17, 17)", "dark": "rgb(238, 238, 238)"}[scheme]
    context.close()


@pytest.mark.parametrize("path", ["/daily/live/html", "/-/letter/daily/live"])
def test_a_hostile_issue_runs_nothing_and_fetches_nothing(page: Any, served: Served, trap: Any, path: str) -> None:
    hostile = HOSTILE.replace("http://evil.example", trap.url)
    served.backend.states["daily"] = PreviewState(revision=1, proof=proof(html=hostile))
    go(page, served, path)
    page.wait_for_timeout(400)  # a refresh or a late request would come now
    assert page.title() != "owned"
    assert page.url == served.url + path
    assert trap.visits == []
    assert any("Content Security Policy" in line for line in page.said)  # it did try


def test_the_same_page_without_the_envelope_gets_away(page: Any, trap: Any) -> None:
    page.route(
        "http://bare.example/", lambda route: route.fulfill(body=HOSTILE.replace("http://evil.example", trap.url))
    )
    page.goto("http://bare.example/", wait_until="commit")
    for _ in range(100):
        if not trap.visits:
            page.wait_for_timeout(50)
    assert trap.visits


def test_saving_shows_the_new_issue_without_a_click(page: Any, served: Served) -> None:
    go(page, served, "/daily/live/html")
    page.locator("#pulse", has_text="Live").wait_for()
    newer = proof(subject="Storm at the harbour", html=proof().html.replace("Quiet week", "Storm"))
    served.backend.states["daily"] = PreviewState(revision=2, proof=newer)
    served.events.announce()
    page.locator('body[data-rev="2"]').wait_for(state="attached")
    assert page.locator("main h1").inner_text() == "Storm at the harbour"
    page.frame_locator("iframe.letter").locator("h1", has_text="Storm").wait_for()


def test_trouble_appears_above_the_last_good_issue_and_goes_again(page: Any, served: Served) -> None:
    go(page, served, "/daily/live/html")
    good = served.backend.states["daily"]
    page.locator("#pulse", has_text="Live").wait_for()
    served.backend.states["daily"] = replace(good, revision=2, troubles=("issue.html:4: unexpected '}'",))
    served.events.announce()
    page.get_by_role("alert").get_by_text("issue.html:4").wait_for()
    assert page.frame_locator("iframe.letter").locator("h1").inner_text() == "Quiet week"
    served.backend.states["daily"] = replace(good, revision=3)
    served.events.announce()
    page.get_by_role("alert").wait_for(state="detached")


def test_keys_change_width_scheme_tab_and_issue(page: Any, served: Served) -> None:
    go(page, served, "/daily/live/html")
    page.keyboard.press("w")
    page.wait_for_url("**/daily/live/html?width=375")
    page.keyboard.press("d")
    page.wait_for_url("**/daily/live/html?width=375&scheme=dark")
    page.keyboard.press("2")
    page.wait_for_url("**/daily/live/text?width=375&scheme=dark")
    page.keyboard.press("j")
    page.wait_for_url("**/daily/2026-11-20/html")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


@pytest.mark.parametrize("path", PATHS)
def test_no_sideways_scrolling_on_a_phone(browser: Any, served: Served, path: str) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 812})
    page = context.new_page()
    page.goto(served.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_in_light_and_dark(browser: Any, served: Served, path: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    context = browser.new_context(bypass_csp=True)  # axe itself is a script
    page = context.new_page()
    page.goto(served.url + path)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = axe.Axe().run(page, options={"iframes": False})
        assert found.response["violations"] == [], scheme
    context.close()


@pytest.mark.parametrize("tab", sorted(TABS))
def test_reading_works_without_scripts(browser: Any, served: Served, tab: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}/daily/live/{tab}")
    assert page.locator("main h1").inner_text() == "Quiet week at the harbour"
    page.locator(".tabs > a", has_text="Text").click()
    page.locator("pre.plain").wait_for()
    context.close()
