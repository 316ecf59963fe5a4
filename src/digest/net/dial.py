"""Connections that go only where they may, and that end when their time is up.

The address is checked where it is dialled: after the name was looked up, on the numbers themselves, for every
connection. No spelling of a host, no redirect and no second answer of a name server gets around that. Proxies
named in the environment are not asked: they would dial for us, unchecked.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from digest.errors import SourceError
from digest.net.addresses import is_denied

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

    from digest.net.addresses import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """How far and how long one connection may go."""

    allowed: frozenset[str]  # `host:port` of private hosts that the user named
    until: float  # time.monotonic() at which it must have ended
    patience: float  # seconds for a connection to open, and between two pieces of an answer

    def seconds_left(self) -> float:
        """Seconds to wait for the next piece; raises TimeoutError when the time is up."""
        rest = self.until - time.monotonic()
        if rest <= 0:
            raise TimeoutError("took too long")
        return min(rest, self.patience)


class _Timed:
    """A socket that asks its deadline before each wait, so that bytes that trickle end as well as a silence."""

    deadline: Deadline | None = None

    def recv_into(self, *args: Any, **options: Any) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.seconds_left())  # type: ignore[attr-defined]
        return int(super().recv_into(*args, **options))  # type: ignore[misc]


class TimedSocket(_Timed, socket.socket):
    """A plain one."""


class TimedTLSSocket(_Timed, ssl.SSLSocket):
    """An encrypted one."""


def open_connection(target: Target, deadline: Deadline) -> HTTPConnection:
    """An open connection to `target`; raises SourceError where it may not go, OSError where it cannot."""
    plain, encrypted = _guarded_connection_classes()
    options = {"port": target.port, "timeout": deadline.seconds_left()}
    connection: HTTPConnection
    if target.scheme == "https":
        connection = encrypted(target.host, ssl_context=_tls_context(), **options)
    else:
        connection = plain(target.host, **options)
    connection.target, connection.deadline = target, deadline  # type: ignore[attr-defined]
    connection.connect()
    if isinstance(connection.sock, _Timed):
        connection.sock.deadline = deadline
    return connection


def dial_host(host: str, port: int, deadline: Deadline, *, exempt: bool) -> socket.socket:
    """A socket to `host`, whose numeric addresses were all found public, unless the host is exempt."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"the name {host} cannot be resolved; see whether it is spelled right") from error
    if not exempt and any(is_denied(str(address[0])) for *_, address in found):
        raise SourceError(
            f"{host} is not a public host; a private one must be named in the configuration (allow_private)"
        )
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, address in found:
        connection = TimedSocket(family, kind, protocol)
        try:
            connection.settimeout(deadline.seconds_left())
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


@cache
def _guarded_connection_classes() -> tuple[Any, Any]:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    # It would print a stranger's broken header lines as warnings.
    logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

    class GuardedConnection:
        target: Target
        deadline: Deadline

        def _new_conn(self) -> socket.socket:
            exempt = self.target.place in self.deadline.allowed
            return dial_host(self.target.host, self.target.port, self.deadline, exempt=exempt)

    return type("Plain", (GuardedConnection, HTTPConnection), {}), type(
        "Encrypted", (GuardedConnection, HTTPSConnection), {}
    )


@cache
def _tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = TimedTLSSocket
    return context
