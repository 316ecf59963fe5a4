"""Listening."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest

from digest.errors import DigestError
from digest.web.serve import open_listening_socket

if TYPE_CHECKING:
    from tests.web.conftest import Served


def test_a_port_in_use_is_named_with_the_remedy() -> None:
    first = open_listening_socket("127.0.0.1", 0)
    port = first.getsockname()[1]
    with pytest.raises(DigestError, match=rf"port {port} is in use.*--port {port + 1}"):
        open_listening_socket("127.0.0.1", port)
    first.close()


def test_an_address_of_another_machine_is_refused_in_one_line() -> None:
    with pytest.raises(DigestError, match=r"192\.0\.2\.1 port 8025: cannot be listened to"):
        open_listening_socket("192.0.2.1", 8025)


def test_an_open_stream_does_not_keep_the_server(served: Served) -> None:
    stream = urllib.request.urlopen(f"{served.url}/-/events", timeout=5)  # the fixture ends the server and would wait
    assert stream.readline().startswith(b"retry")
    assert b"event: hello" in stream.readline() + stream.readline()
    served.events.announce()
    lines = [stream.readline() for _ in range(4)]
    assert b"event: new\n" in lines
    stream.close()
