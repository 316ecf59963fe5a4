"""Listening: one socket, one server, an end without waiting."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from digest.errors import DigestError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from digest.web.events import EventStream

SHUTDOWN_SECONDS = 1  # seconds that an answer under way may take when the server ends


def open_listening_socket(host: str, port: int) -> socket.socket:
    """A socket on `host` and `port` (0: any free one); DigestError says who is in the way and what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(64)
    except (OSError, OverflowError) as error:
        listening.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise DigestError(
                f"port {port} is in use, perhaps by another preview: end it, or try --port {port + 1} (--port 0 finds one)"
            ) from error
        reason = getattr(error, "strerror", None) or error
        raise DigestError(f"{host} port {port}: cannot be listened to: {reason}") from error
    return listening


def _server_class(events: EventStream, started: Callable[[], None]) -> type[Any]:
    """Uvicorn's server, ended as ours must end: event streams first, and the signal told instead of raised again."""
    import uvicorn

    class Server(uvicorn.Server):
        """Ends its event streams first: an open one would keep the server."""

        ended_by = 0

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started()

        def handle_exit(self, sig: int, frame: Any) -> None:
            self.ended_by = sig
            events.close()
            super().handle_exit(sig, frame)

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """As uvicorn does, but the signal is not raised again: the exit code is ours to give."""
            if threading.current_thread() is not threading.main_thread():
                yield
                return
            before = {sig: signal.signal(sig, self.handle_exit) for sig in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for sig, handler in before.items():
                    signal.signal(sig, handler)

    return Server


def serve_until_signal(
    app: ASGIApp,
    listening: socket.socket,
    *,
    events: EventStream,
    started: Callable[[], None],
    stopper: Callable[[Callable[[], None]], object] = id,
) -> int:
    """Answer until SIGINT, SIGTERM or the function given to `stopper`; give the signal that ended it, or 0."""
    import uvicorn

    server = _server_class(events, started)(
        uvicorn.Config(
            app,
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
    )
    stopper(lambda: server.handle_exit(0, None))
    server.run(sockets=[listening])
    ended_by: int = server.ended_by
    return ended_by
