"""TXT records, asked of a resolver on loopback."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.net.dns import LookupFailedError, look_up_txt, parse_txt_answer, read_resolvers, txt_query

RECORD = ("v=spf1 -all", "x" * 300)


def answer(query: bytes, *, code: int = 0, truncated: bool = False) -> bytes:
    flags = 0x8180 | code | (0x0200 if truncated else 0)
    texts = [] if code or truncated else [text.encode() for text in RECORD]
    data = [b"".join(bytes([len(t[i : i + 255])]) + t[i : i + 255] for i in range(0, len(t), 255)) for t in texts]
    records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, len(one)) + one for one in data)
    return query[:2] + struct.pack("!HHHHH", flags, 1, len(texts), 0, 0) + query[12:] + records


@pytest.fixture
def port() -> Iterator[int]:
    """A resolver: `none.` does not exist, `long.` answers over TCP only, the rest has RECORD."""
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 0))
    number = datagrams.getsockname()[1]
    stream = socket.create_server(("127.0.0.1", number))

    def by_datagram() -> None:
        while True:
            query, asker = datagrams.recvfrom(1000)
            if query == b"end":
                return
            datagrams.sendto(answer(query, code=3 if b"none" in query else 0, truncated=b"long" in query), asker)

    def by_stream() -> None:
        while True:
            connection, _ = stream.accept()
            with connection:
                query = connection.recv(1000)[2:]
                if query:
                    got = answer(query)
                    connection.sendall(struct.pack("!H", len(got)) + got)
                else:
                    return

    threads = [threading.Thread(target=one, daemon=True) for one in (by_datagram, by_stream)]
    for thread in threads:
        thread.start()
    yield number
    datagrams.sendto(b"end", ("127.0.0.1", number))
    socket.create_connection(("127.0.0.1", number)).close()
    for thread in threads:
        thread.join(5)
    datagrams.close()
    stream.close()


@pytest.mark.parametrize("name", ["example.org", "long.example.org", "bücher.example"])
def test_the_records_of_a_name(port: int, name: str) -> None:
    assert look_up_txt(name, servers=["127.0.0.1"], port=port) == list(RECORD)


def test_a_name_that_does_not_exist_has_none(port: int) -> None:
    assert look_up_txt("none.example.org", servers=["127.0.0.1"], port=port) == []


def test_without_a_resolver_it_says_so() -> None:
    with pytest.raises(LookupFailedError, match=r"example\.org: no answer from any resolver"):
        look_up_txt("example.org", servers=[])


def test_resolvers_are_those_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text("# local\nnameserver 192.0.2.1\nsearch x\nnameserver ::1\nnameserver\n")
    assert read_resolvers(tmp_path / "resolv.conf") == ["192.0.2.1", "::1"]
    assert read_resolvers(tmp_path / "none") == []


@given(st.binary(max_size=200))
def test_a_hostile_answer_ends(data: bytes) -> None:
    with suppress(LookupFailedError, struct.error, IndexError):
        parse_txt_answer(txt_query("example.org", 7) + data, 7)
