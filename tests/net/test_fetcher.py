from __future__ import annotations

import gzip
import socket
import threading
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from digest.errors import SourceError
from digest.net.fetcher import Fetcher, FetchError, FetchLimits, Response
from digest.version import __version__
from tests.waiting import GUARD
from tests.webserver import Page, Web

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK = FetchLimits(seconds=0.6, patience=0.4, most=100_000)


def get(web: Web, path: str, limits: FetchLimits = QUICK, **options: object) -> Response:
    return Fetcher(limits).get(web.url(path), allowed=web.place, **options)  # type: ignore[arg-type]


@contextmanager
def speaking(*pieces: bytes, pause: float = 0.0) -> Iterator[int]:
    """A port where whoever calls hears these bytes, whatever was asked."""
    listener, end = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def speak() -> None:
        # The caller may hang up at any point: that is what some of these tests are about.
        with listener.accept()[0] as caller, suppress(OSError):
            caller.recv(65_536)
            for piece in pieces:
                caller.sendall(piece)
                if end.wait(pause):
                    return
            caller.shutdown(socket.SHUT_WR)
            end.wait(5)

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    end.set()
    listener.close()
    thread.join(5)


def test_an_answer_has_its_headers_and_bytes(web: Web) -> None:
    web["/x?y=1"] = Page(b"caf\xc3\xa9", headers={"Content-Type": "Text/HTML; charset=UTF-8", "ETag": '"a"'})
    answer = get(web, "/x?y=1")
    assert (answer.body, answer.media_type, answer.charset, answer.headers["etag"]) == (
        b"caf\xc3\xa9",
        "text/html",
        "UTF-8",
        '"a"',
    )
    assert answer.url == web.url("/x?y=1")
    assert answer.moved_to is None


def test_we_say_who_we_are(web: Web) -> None:
    web["/"] = Page("x")
    get(web, "/", headers={"If-None-Match": '"a"'})
    sent = web.asked[0][1]
    assert sent["user-agent"].startswith(f"digest/{__version__}")
    assert sent["if-none-match"] == '"a"'
    assert "cookie" not in sent


def test_private_hosts_are_refused_unless_named(web: Web) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 is not a public host.*allow_private"):
        Fetcher().get(web.url("/"))
    assert web.asked == []


@pytest.mark.parametrize("location", ["http://127.0.0.2:{port}/", "//127.0.0.2:{port}/", "http://2130706434:{port}/"])
def test_an_exception_covers_no_other_host_at_a_redirect(web: Web, location: str) -> None:
    web["/"] = Page(status=302, headers={"Location": location.format(port=web.port)})
    with pytest.raises(FetchError, match="not a public host"):
        get(web, "/")


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://x.example/", "javascript:x", "http://[::1/", ""])
def test_a_redirect_leads_only_to_web_addresses(web: Web, location: str) -> None:
    web["/"] = Page(status=302, headers={"Location": location})
    with pytest.raises(FetchError, match="redirect"):
        get(web, "/")


def test_redirects_are_counted(web: Web) -> None:
    web["/"] = Page(status=302, headers={"Location": "/"})
    with pytest.raises(FetchError, match="more than 2 redirects"):
        get(web, "/", FetchLimits(redirects=2))
    assert len(web.asked) == 3


def test_only_a_permanent_redirect_is_a_move(web: Web) -> None:
    web["/new"] = Page("x")
    web["/gone"] = Page(status=301, headers={"Location": "../new"})
    web["/away"] = Page(status=302, headers={"Location": "/new"})
    assert get(web, "/gone").moved_to == web.url("/new")
    assert get(web, "/away").moved_to is None


def test_proxies_of_the_environment_are_not_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    web["/"] = Page("x")
    assert get(web, "/").body == b"x"


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("gzip", lambda data: gzip.compress(data[:10]) + gzip.compress(data[10:])),
    ],
)
def test_compressed_answers_are_unpacked(web: Web, coding: str, pack: object) -> None:
    web["/"] = Page(pack(b"text " * 1000), headers={"Content-Encoding": coding})  # type: ignore[operator]
    assert get(web, "/").body == b"text " * 1000


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (Page(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"}), "larger than allowed"),
        (Page(zlib.compress(bytes(50_000_000)), headers={"Content-Encoding": "deflate"}), "larger than allowed"),
        (Page(bytes(100_001)), "larger than allowed: 100,001 bytes, at most 100,000"),
        (Page(gzip.compress(bytes(range(256)))[:60], headers={"Content-Encoding": "gzip"}), "breaks off"),
        (Page("plain", headers={"Content-Encoding": "gzip"}), "broken compression"),
        (Page("x", headers={"Content-Encoding": "gzip, gzip"}), "not asked for"),
        (Page("x", headers={"Content-Encoding": "br"}), "not asked for"),
    ],
)
def test_bombs_and_broken_codings_are_refused(web: Web, page: Page, message: str) -> None:
    web["/"] = page
    with pytest.raises(FetchError, match=message):
        get(web, "/")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"220 mail.example ESMTP\r\n"],
        [HEAD + b"Content-Length: -5\r\n\r\nx"],
        [HEAD + b"Content-Length: 1000\r\n\r\nx"],
        [HEAD + b"Content-Length: 1000000000000\r\n\r\nx"],
        [HEAD + b"Content-Length: five\r\n\r\nx"],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffff\r\nabc\r\n"],
        [HEAD + b"X: " + b"a" * 100_000 + b"\r\n\r\n"],
        [HEAD + b"X: y\r\n" * 500 + b"\r\n"],
        [HEAD + b"\r\n", *[b"x" * 50_000] * 5],
    ],
)
def test_nonsense_is_a_clean_error(pieces: list[bytes]) -> None:
    with speaking(*pieces) as port, pytest.raises(FetchError) as caught:
        Fetcher(QUICK).get(f"http://127.0.0.1:{port}/", allowed=frozenset({f"127.0.0.1:{port}"}))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "pieces",
    [
        [HEAD + b"\r\n", *[b"x"] * 200],
        [HEAD, *[b"X: y\r\n"] * 90],
        [b"HTTP/1.1 100 Continue\r\n\r\n"] * 500,
    ],
)
def test_a_drip_ends_with_the_deadline(pieces: list[bytes]) -> None:
    with speaking(*pieces, pause=0.02) as port, pytest.raises(FetchError, match="took too long"):
        Fetcher(QUICK).get(f"http://127.0.0.1:{port}/", allowed=frozenset({f"127.0.0.1:{port}"}))


def test_silence_ends_with_our_patience() -> None:
    with speaking(b"HTTP/1.1", pause=5) as port, pytest.raises(FetchError, match="took too long"):
        Fetcher(FetchLimits(patience=0.1)).get(f"http://127.0.0.1:{port}/", allowed=frozenset({f"127.0.0.1:{port}"}))


def test_a_closed_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(FetchError, match=f"refuses the connection on port {port}"):
        Fetcher(QUICK).get(f"http://127.0.0.1:{port}/", allowed=frozenset({f"127.0.0.1:{port}"}))


def test_a_name_that_does_not_exist_is_named() -> None:
    with pytest.raises(FetchError, match=r"name nowhere\.invalid cannot be resolved"):
        Fetcher(QUICK).get("http://nowhere.invalid/")


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "login"),
        (403, "does not let us in"),
        (404, "not found"),
        (410, "gone for good"),
        (500, "server has trouble"),
        (999, "not an answer"),
    ],
)
def test_every_refusal_has_its_remedy(web: Web, status: int, message: str) -> None:
    web["/"] = Page("x", status)
    with pytest.raises(FetchError, match=f"HTTP {status}: .*{message}") as caught:
        get(web, "/")
    assert caught.value.status == status
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        ("2", [2.0]),
        (None, [1.0]),
        ("soon, -5", [1.0]),
        ("Sat, 20 Nov 1999 07:00:00 GMT", [0.0]),
    ],
)
def test_a_busy_server_is_asked_again_when_it_says(web: Web, value: str | None, waits: list[float]) -> None:
    slept: list[float] = []
    busy = Page("", 429, {"Retry-After": value} if value else {})
    web["/"] = lambda _headers, times: Page("x") if times else busy
    answer = Fetcher(sleep=slept.append).get(web.url("/"), allowed=web.place)
    assert answer.body == b"x"
    assert [pause for pause in slept if pause != pytest.approx(0.1, abs=0.1) or pause == 0.0] == waits


def test_a_long_wait_is_left_to_another_time(web: Web) -> None:
    web["/"] = Page("", 503, {"Retry-After": "31536000"})
    with pytest.raises(FetchError, match="HTTP 503") as caught:
        get(web, "/")
    assert caught.value.later == 86_400
    assert len(web.asked) == 1


def test_no_content_and_not_modified_are_answers(web: Web) -> None:
    web["/none"] = Page(status=204)
    web["/same"] = Page(status=304)
    assert get(web, "/none").body == b""
    assert get(web, "/same").status == 304


def test_unusable_charsets_are_not_passed_on(web: Web) -> None:
    for name in ("utf-7", "x-nope", "rot13", "unicode_escape", "zip"):
        web[f"/{name}"] = Page("x", headers={"Content-Type": f"text/html; charset={name}"})
        assert get(web, f"/{name}").charset is None


def test_pages_obey_robots_txt_which_is_asked_for_once(web: Web) -> None:
    web["/robots.txt"] = Page("User-agent: digest\nDisallow: /private\n")
    web["/a"] = web["/private"] = Page("x")
    fetcher = Fetcher(QUICK)
    assert fetcher.get_page(web.url("/a"), allowed=web.place).body == b"x"
    with pytest.raises(FetchError, match=r"robots\.txt of 127\.0\.0\.1 does not allow /private"):
        fetcher.get_page(web.url("/private"), allowed=web.place)
    assert web.paths() == ["/robots.txt", "/a"]


def test_no_robots_txt_is_a_yes_and_a_broken_server_a_no(web: Web) -> None:
    web["/a"] = Page("x")
    assert Fetcher(QUICK).get_page(web.url("/a"), allowed=web.place).body == b"x"
    web["/robots.txt"] = Page("x", 500)
    with pytest.raises(FetchError, match=r"robots\.txt"):
        Fetcher(QUICK).get_page(web.url("/a"), allowed=web.place)


def test_never_more_than_two_at_once_at_one_host(web: Web) -> None:
    both = threading.Barrier(2, timeout=GUARD)

    def answer(_headers: dict[str, str], _times: int) -> Page:
        both.wait()
        return Page("x")

    web["/"] = answer
    fetcher = Fetcher(FetchLimits(), sleep=lambda _seconds: None)
    threads = [
        threading.Thread(target=fetcher.get, args=(web.url("/"),), kwargs={"allowed": web.place}) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(web.asked) == 6
    assert web.most == 2


def test_every_error_is_a_source_error() -> None:
    assert issubclass(FetchError, SourceError)
