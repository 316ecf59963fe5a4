"""The security envelope: who may ask, and what a browser may do with the answer.

An issue is made of other people's text. Its page runs nothing, fetches nothing and reaches nothing: it stands in a
sandboxed frame and carries a policy of its own, which also protects when the frame's address is opened directly.
Foreign pages cannot ask (a foreign Host is refused, which stops DNS rebinding) and cannot act: what changes
something is a POST with our own origin and a token made at start.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHELL_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LETTER_POLICY = (
    "default-src 'none'; img-src {images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
NO_REQUESTS = "data: cid:"  # pictures that the message itself carries
REMOTE_IMAGES = "https: data: cid:"
COMMON_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
SAFE_METHODS = frozenset({"GET", "HEAD"})
MAX_BODY_BYTES = 64 * 1024  # bytes of a POST
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """Who may come in."""

    token: str  # in every form; made at start
    hosts: tuple[str, ...] = LOOPBACK  # names that a request may ask for, without port
    password: str | None = None  # asked for when others than this machine can come; None: nobody else can

    def is_known_host(self, host: str) -> bool:
        """True when a Host header names us."""
        return host_name(host) in self.hosts

    def is_authorised(self, authorization: str) -> bool:
        """True when no password is needed or the right one is given (Basic, any user name)."""
        if self.password is None:
            return True
        scheme, _, given = authorization.partition(" ")
        try:
            _, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except ValueError:
            return False
        return scheme.lower() == "basic" and hmac.compare_digest(password.encode(), self.password.encode())


def host_name(host: str) -> str:
    """`localhost:8000` -> `localhost`, `[::1]:8000` -> `[::1]`."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


class SecurityMiddleware:
    """ASGI middleware: the door before, the headers after."""

    def __init__(self, app: ASGIApp, *, policy: AccessPolicy) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message.get("headers", [])}
                further = {**COMMON_HEADERS, "content-security-policy": SHELL_POLICY}
                message["headers"] = [
                    *message.get("headers", []),
                    *((k.encode(), v.encode()) for k, v in further.items() if k.encode() not in given),
                ]
            await send(message)

        status, reason = refusal_reason(scope, self.policy)
        if status:
            await _send_refusal(send_with_headers, status, reason)
        elif scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send_with_headers)
        else:
            await self._forward_with_token(scope, receive, send_with_headers)

    async def _forward_with_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a POST through when its body carries the token."""
        body = await _read_body(receive)
        if body is None:
            await _send_refusal(send, 413, "The form is too large.")
            return
        given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0]
        if not hmac.compare_digest(given.encode(), self.policy.token.encode()):
            await _send_refusal(send, 403, "This form is from an earlier start of the preview. Reload the page.")
            return

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, again, send)


def refusal_reason(scope: Scope, policy: AccessPolicy) -> tuple[int, str]:
    """Status and reason when a request is not to be answered, or (0, "")."""
    headers = _unique_headers(scope)
    if headers is None or not policy.is_known_host(headers.get("host", "")):
        return 400, "This host name is not served here. Open the address that digest preview printed."
    if not policy.is_authorised(headers.get("authorization", "")):
        return 401, "A password is needed."
    if scope["method"] not in (*SAFE_METHODS, "POST"):
        return 405, "Only GET and POST are answered."
    if scope["method"] == "POST" and not is_own_origin(headers):
        return 403, "Refused: this did not come from the preview itself."
    return 0, ""


def is_own_origin(headers: dict[str, str]) -> bool:
    """True when a browser says that the request comes from our own page.

    A form under `no-referrer` sends `Origin: null` even to itself, so Sec-Fetch-Site decides where it is given.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin") == f"http://{headers.get('host')}"


def _unique_headers(scope: Scope) -> dict[str, str] | None:
    """The headers by name; None when one that decides stands twice."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in headers and key in {"host", "origin", "sec-fetch-site", "authorization"}:
            return None
        headers[key] = value.decode("latin-1")
    return headers


async def _read_body(receive: Receive) -> bytes | None:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY_BYTES:
            return None
    return body


async def _send_refusal(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="digest preview", charset="UTF-8"'))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})
