from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.context import FetchContext, InMemoryState
from digest.sources.imap import ImapSource, _quote_folder
from tests.sources import dovecot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sources.dovecot import Dovecot

needs_dovecot = pytest.mark.skipif(dovecot.PROGRAM is None, reason="Debian package dovecot-imapd is not installed")
pytestmark = pytest.mark.slow  # a server of its own, with a clock of its own
NOW = datetime.now(UTC)  # the server dates what it receives by its own clock
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    base = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        running = dovecot.start(base)
    except RuntimeError as error:
        if os.geteuid() == 0:
            raise
        pytest.skip(f"Dovecot does not run for this user: {error}")
    yield running
    running.stop()
    shutil.rmtree(base)


@pytest.fixture(autouse=True)
def empty(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "geheim")
    if "server" in request.fixturenames:
        box: Dovecot = request.getfixturevalue("server")
        for path in sorted(box.mail.rglob("*"), reverse=True):
            if path.is_file():
                path.unlink()


def letter(number: int, size: int = 0) -> bytes:
    head = f"Message-ID: <{number}@news.example>\r\nFrom: a@news.example\r\nSubject: Letter {number}\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000"
    return f"{head}\r\n\r\nThe ferry sails.\r\n{'x' * size}".encode()


def source(box: Dovecot, **options: object) -> ImapSource:
    defaults: dict[str, object] = {
        "name": "post",
        "server": "localhost",
        "port": box.secure,
        "certificate": box.certificate,
        "user": "reader",
        "password_env": "MAIL_PASSWORD",
        "allow_private": True,
    }
    return ImapSource(**(defaults | options))  # type: ignore[arg-type]


def fetch(
    box: Dovecot, memory: InMemoryState, now: datetime = NOW, since: datetime | None = None, **options: object
) -> list[Raw | Problem]:
    return list(source(box, **options).fetch(FetchContext(now=now, since=since, state=memory)))


def keys(got: list[Raw | Problem]) -> list[str]:
    return [found.key for found in got if isinstance(found, Raw)]


@needs_dovecot
@pytest.mark.parametrize("tls", ["implicit", "starttls", "none"])
def test_messages_are_read_over_every_kind_of_connection(server: Dovecot, tls: str) -> None:
    server.deliver(letter(1))
    port = server.secure if tls == "implicit" else server.plain
    (raw,) = fetch(server, InMemoryState(), tls=tls, port=port)
    assert isinstance(raw, Raw)
    assert (raw.kind, raw.key, raw.body) == (DocumentKind.EML, "1@news.example", letter(1))


@needs_dovecot
def test_an_issue_takes_what_is_new_and_loses_nothing(server: Dovecot) -> None:
    memory = InMemoryState()
    server.deliver(letter(1))
    assert keys(fetch(server, memory)) == ["1@news.example"]
    server.deliver(letter(2))
    for _ in range(2):
        assert keys(fetch(server, memory, NOW + DAY, NOW)) == ["2@news.example"]
    assert keys(fetch(server, memory, NOW + 2 * DAY, NOW + DAY)) == []


@needs_dovecot
def test_nothing_is_marked_unless_asked(server: Dovecot) -> None:
    server.deliver(letter(1))
    fetch(server, InMemoryState())
    assert server.flags() == [""]
    fetch(server, InMemoryState(), mark_seen=True)
    assert server.flags() == ["S"]


@needs_dovecot
def test_other_folders_are_read_by_their_names(server: Dovecot) -> None:
    server.deliver(letter(1), "B&APw-cher")
    assert keys(fetch(server, InMemoryState(), folder="Bücher")) == ["1@news.example"]


@needs_dovecot
def test_a_large_message_is_named_and_the_rest_is_read(server: Dovecot) -> None:
    server.deliver(letter(1, size=5000))
    server.deliver(letter(2))
    got = fetch(server, InMemoryState(), max_bytes=2000)
    assert keys(got) == ["2@news.example"]
    assert [found.subject for found in got if isinstance(found, Problem)] == ["post: message 1"]


@needs_dovecot
def test_only_the_newest_messages_are_read(server: Dovecot) -> None:
    for number in range(5):
        server.deliver(letter(number))
    assert keys(fetch(server, InMemoryState(), entries=2)) == ["3@news.example", "4@news.example"]


@needs_dovecot
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"folder": "Nowhere"}, "no folder 'Nowhere'; see folder:"),
        (
            {"user": "reader", "password_env": "WRONG"},
            "localhost refuses user and password; see user: and password_env:",
        ),
        ({"password_env": "UNSET"}, "no password; set the environment variable UNSET"),
        (
            {"password_file": Path("/nonexistent"), "password_env": None},
            "/nonexistent cannot be read; see password_file:",
        ),
        ({"certificate": None}, "no trusted connection to localhost: see tls: and certificate:"),
        ({"allow_private": False}, "localhost is not a public host"),
        ({"port": 1}, "localhost cannot be reached: Connection refused"),
        ({"server": "nowhere.invalid"}, "the name nowhere.invalid cannot be resolved"),
    ],
)
def test_what_fails_is_named_with_its_remedy(
    server: Dovecot, options: dict[str, object], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONG", "wrong")
    with pytest.raises(SourceError) as caught:
        fetch(server, InMemoryState(), **options)
    assert str(caught.value).startswith(f"post: {message}")
    assert "geheim" not in str(caught.value)


def speak(listener: socket.socket, *lines: bytes) -> None:
    """Answer one caller with each line in turn, one for each line heard."""
    with listener, listener.accept()[0] as caller, caller.makefile("rb") as heard:
        for line in lines:
            caller.sendall(line)
            heard.readline()


@pytest.mark.parametrize(
    "lines",
    [
        [b"220 this is no imap\r\n"],
        [b"* OK\r\n", b"* CAPABILITY IMAP4rev1\r\nX OK\r\n"],
        [b"* OK [CAPABILITY IMAP4rev1] hi\r\n", b"* BYE \x1b[31mtired\r\n"],
        [b"* OK [CAPABILITY IMAP4rev1] hi\r\n", b"* 1 FETCH {999999999999}\r\n"],
        [b"x" * 2_000_000],
        [],
    ],
)
def test_a_server_that_speaks_nonsense_is_a_clean_error(lines: list[bytes]) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    thread = threading.Thread(target=speak, args=(listener, *lines), daemon=True)
    thread.start()
    post = ImapSource(
        name="post",
        server="localhost",
        port=port,
        user="u",
        password_env="MAIL_PASSWORD",
        tls="none",
        allow_private=True,
    )
    with pytest.raises(SourceError, match=r"^post: .") as caught:
        list(post.fetch(FetchContext(now=NOW)))
    thread.join(5)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("folder", "quoted"),
    [
        ("INBOX", '"INBOX"'),
        ('a "b"\\', '"a \\"b\\"\\\\"'),
        ("Bücher & mehr", '"B&APw-cher &- mehr"'),
        ("台北", '"&U,BTFw-"'),
    ],
)
def test_folder_names_are_written_as_the_standard_wants(folder: str, quoted: str) -> None:
    assert _quote_folder(folder) == quoted
