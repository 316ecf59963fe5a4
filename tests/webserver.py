"""A real HTTP server on loopback whose pages a test writes down, and which remembers who asked for what."""

from __future__ import annotations

import http.server
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True)
class Page:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Answering = Page | Callable[[dict[str, str], int], Page]


class Web:
    """`web["/feed"] = Page(...)` or a function of the request's headers and of how often the path was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Answering] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.inside, self.most = 0, 0
        self.lock = threading.Lock()
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                with web.lock:
                    web.inside += 1
                    web.most = max(web.most, web.inside)
                    times = sum(1 for path, _ in web.asked if path == self.path)
                    web.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                page = web.pages.get(self.path, Page("nothing here", 404))
                answer = page if isinstance(page, Page) else page(web.asked[-1][1], times)
                with web.lock:
                    web.inside -= 1
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status not in {204, 304}:
                    self.send_header("Content-Length", str(len(answer.data)))
                self.end_headers()
                if answer.status not in {204, 304}:
                    self.wfile.write(answer.data)

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: object, client_address: object) -> None:
                """Clients may break off."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __setitem__(self, path: str, page: Answering) -> None:
        self.pages[path] = page

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def place(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}"})

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on loopback, empty."""
    server = Web()
    yield server
    server.close()
