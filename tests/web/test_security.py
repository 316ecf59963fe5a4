"""Who may ask, and what a browser may do with the answer."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from digest.web.app import create_application
from digest.web.events import EventStream
from digest.web.security import AccessPolicy, host_name
from tests.web.conftest import InMemoryBackend, ask


@pytest.mark.parametrize("path", ["/", "/daily/live/html", "/daily/live/checks", "/nowhere", "/-/static/preview.js"])
def test_every_page_of_the_shell_carries_the_policy(app: Any, path: str) -> None:
    headers = ask(app, path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_the_letter_has_a_stricter_policy_of_its_own(app: Any) -> None:
    policy = ask(app, "/-/letter/daily/live").headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "img-src data: cid:;" in policy


def test_remote_pictures_only_when_the_view_asks_for_them(app: Any) -> None:
    policy = ask(app, "/-/letter/daily/live?images=on").headers["content-security-policy"]
    assert "img-src https: data: cid:;" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8025", "127.0.0.1.evil.example", "", "localhost.evil"])
def test_a_foreign_host_is_refused(app: Any, host: str) -> None:
    answer = ask(app, "/daily/live/html", headers={"host": host})
    assert answer.status == 400
    assert "Quiet" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "localhost:8025", "LOCALHOST", "[::1]:8025"])
def test_our_own_names_are_answered(app: Any, host: str) -> None:
    assert ask(app, "/daily/live/html", headers={"host": host}).status == 200


def test_two_host_headers_are_refused(app: Any) -> None:
    assert ask(app, "/", headers=[("host", "127.0.0.1"), ("host", "evil.example")]).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8025"},
    ],
)
def test_a_post_from_elsewhere_is_refused(app: Any, headers: dict[str, str]) -> None:
    answer = ask(app, "/daily/live/html", method="POST", headers=headers, body=b"token=a-token-made-at-start")
    assert answer.status == 403


def test_a_post_without_the_token_is_refused(app: Any) -> None:
    answer = ask(app, "/daily/live/html", method="POST", headers={"sec-fetch-site": "same-origin"}, body=b"token=guess")
    assert answer.status == 403
    assert "Reload" in answer.text


def test_a_post_of_our_own_is_let_through(app: Any, backend: InMemoryBackend) -> None:
    own = {"origin": "http://127.0.0.1:8025"}
    answer = ask(app, "/-/visit/daily", method="POST", headers=own, body=b"token=a-token-made-at-start")
    assert answer.status == 303
    assert backend.did == ["visit daily"]


def test_a_get_never_acts(app: Any, backend: InMemoryBackend) -> None:
    for path in (
        "/-/visit/daily?token=a-token-made-at-start",
        "/-/edit/daily?verb=drop&story=a.txt&token=a-token-made-at-start",
    ):
        assert ask(app, path).status == 404
    assert (backend.did, backend.made) == ([], [])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(app: Any, method: str) -> None:
    assert ask(app, "/", method=method).status == 405


def test_a_huge_form_is_refused(app: Any) -> None:
    own = {"sec-fetch-site": "same-origin"}
    assert ask(app, "/", method="POST", headers=own, body=b"x" * 100_000).status == 413


def test_with_a_password_nothing_is_shown_without_it() -> None:
    policy = AccessPolicy(token="t", hosts=("desk.example",), password="open sesame")
    app = create_application(InMemoryBackend(), policy=policy, events=EventStream())
    right = base64.b64encode(b"me:open sesame").decode()
    wrong = base64.b64encode(b"me:guess").decode()
    host = {"host": "desk.example"}
    assert ask(app, "/", headers=host).status == 401
    assert ask(app, "/", headers={**host, "authorization": f"Basic {wrong}"}).status == 401
    assert ask(app, "/", headers={**host, "authorization": "Basic ÿ"}).status == 401
    assert ask(app, "/daily/live/html", headers={**host, "authorization": f"Basic {right}"}).status == 200


def test_host_names_without_their_port() -> None:
    assert [host_name(host) for host in ("A.b:1", "[::1]:80", "[::1]", "")] == ["a.b", "[::1]", "[::1]", ""]
