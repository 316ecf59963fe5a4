"""TXT records, asked of the machine's own resolver: all that a look at SPF, DMARC and DKIM needs (RFC 1035).

One datagram out, one back; a truncated answer is asked for again over TCP. No cache, no validation.
"""

from __future__ import annotations

import secrets
import socket
import struct
from pathlib import Path

TXT_TYPE = 16
NAME_ERROR = 3  # RCODE NXDOMAIN
RESOLVER_SECONDS = 3.0  # seconds for each resolver
RESOLVER_FILE = Path("/etc/resolv.conf")


class LookupFailedError(Exception):
    """No resolver answered, or the answer made no sense."""


def read_resolvers(path: Path = RESOLVER_FILE) -> list[str]:
    """The addresses of the machine's resolvers, three at most."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [parts[1] for line in lines if len(parts := line.split()) > 1 and parts[0] == "nameserver"][:3]


def look_up_txt(name: str, *, servers: list[str] | None = None, port: int = 53) -> list[str]:
    """The TXT records of a name, each joined to one text; none when the name does not exist."""
    wanted = servers if servers is not None else read_resolvers()
    for server in wanted:
        number = secrets.randbelow(65536)
        try:
            return parse_txt_answer(_ask_resolver(txt_query(name, number), server, port), number)
        except (OSError, LookupFailedError, struct.error, IndexError):
            continue
    raise LookupFailedError(f"{name}: no answer from {', '.join(wanted) or 'any resolver'}")


def txt_query(name: str, number: int) -> bytes:
    """A query for the TXT records of `name`, recursion desired."""
    labels = name.rstrip(".").encode("idna").split(b".")
    asked = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + asked + struct.pack("!HH", TXT_TYPE, 1)


def parse_txt_answer(data: bytes, number: int) -> list[str]:
    """The TXT records in an answer to query `number`."""
    got, flags, questions, records = struct.unpack_from("!HHHH", data)
    code = flags & 15
    if got != number or not flags & 0x8000 or code not in {0, NAME_ERROR}:
        raise LookupFailedError(f"code {code}")
    place = 12
    for _ in range(questions):
        place = _skip_name(data, place) + 4
    found = []
    for _ in range(min(records, 100)):
        place = _skip_name(data, place)
        kind, _class, _ttl, length = struct.unpack_from("!HHIH", data, place)
        place += 10
        if kind == TXT_TYPE:
            found.append(_join_strings(data[place : place + length]))
        place += length
    return found


def _skip_name(data: bytes, place: int) -> int:
    while data[place]:
        if data[place] & 0xC0:  # a pointer ends the name
            return place + 2
        place += data[place] + 1
    return place + 1


def _join_strings(data: bytes) -> str:
    text, place = b"", 0
    while place < len(data):
        text += data[place + 1 : place + 1 + data[place]]
        place += data[place] + 1
    return text.decode("utf-8", "replace")


def _ask_resolver(query: bytes, server: str, port: int) -> bytes:
    family = socket.AF_INET6 if ":" in server else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
        datagrams.settimeout(RESOLVER_SECONDS)
        datagrams.connect((server, port))
        datagrams.send(query)
        data = datagrams.recv(4096)
    if not struct.unpack_from("!H", data, 2)[0] & 0x0200:
        return data
    with socket.create_connection((server, port), RESOLVER_SECONDS) as stream:
        stream.sendall(struct.pack("!H", len(query)) + query)
        size = struct.unpack("!H", _receive_exactly(stream, 2))[0]
        return _receive_exactly(stream, size)


def _receive_exactly(stream: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = stream.recv(size - len(data))
        if not more:
            raise LookupFailedError("cut off")
        data += more
    return data
