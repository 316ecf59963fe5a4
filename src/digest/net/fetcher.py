"""The one way to the network: guarded, polite, bounded in time and size, and honest about who asks."""

from __future__ import annotations

import re
import time
from concurrent.futures import Future
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from digest.errors import SourceError
from digest.net.addresses import Target, parse_target, shorten_address
from digest.net.body import read_body
from digest.net.dial import Deadline, open_connection
from digest.net.robots import MAX_BYTES as LARGEST_ROBOTS
from digest.net.robots import Robots, parse_robots
from digest.net.throttle import HostThrottles
from digest.text.charset import codec
from digest.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROBOT_NAME = "digest"
USER_AGENT = f"{ROBOT_NAME}/{__version__} (newsletter reader)"
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
PERMANENT_STATUSES = frozenset({301, 308})
BUSY_STATUSES = frozenset({429, 502, 503, 504})
CHARSET_PARAMETER = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([\w.:+-]{1,40})""", re.IGNORECASE)
DAY_SECONDS = 86_400.0

STATUS_REMEDIES = {
    401: "it wants a login; use an address that needs none",
    403: "it does not let us in; ask its owner, or drop the source",
    404: "not found; see whether its address changed",
    410: "gone for good; remove the source or find its new address",
    429: "asked too often; it will be tried again later",
}


class FetchError(SourceError):
    """An answer that is no use; `status` when there was one, `later` the seconds after which to ask again."""

    def __init__(self, message: str, *, status: int | None = None, later: float | None = None) -> None:
        super().__init__(message)
        self.status, self.later = status, later


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one request may cost."""

    seconds: float = 30.0  # from the first look-up to the last byte, redirects included
    patience: float = 10.0  # seconds for a connection to open, and between two pieces of an answer
    most: int = 10_000_000  # bytes, after decompression
    redirects: int = 5
    tries: int = 3  # when the host says that it is busy
    longest_wait: float = 5.0  # seconds; who asks for a longer one is asked again at another time


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A good answer."""

    url: str  # after redirects
    status: int  # 200, 203, 204 or 304
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    moved_to: str | None = None  # the new address, when every redirect was permanent

    @property
    def media_type(self) -> str:
        """The media type, in lower case; empty when none was sent."""
        return self.headers.get("content-type", "").split(";", 1)[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the server declared, when it is one that may be used."""
        match = CHARSET_PARAMETER.search(self.headers.get("content-type", "")[:500])
        return match[1] if match and codec(match[1]) else None


class Fetcher:
    """Shared by all sources of a visit, from any thread."""

    def __init__(self, limits: FetchLimits | None = None, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.limits = limits or FetchLimits()
        self.sleep = sleep
        self.throttle = HostThrottles(sleep=sleep)
        self.asked: dict[str, Future[Robots]] = {}
        self.lock = Lock()

    def concurrency_for(self, host: str, calls: int) -> int:
        """How many of `calls` to `host` may be made at once."""
        return self.throttle.concurrency_for(host, calls)

    def get_page(
        self, url: str, *, allowed: frozenset[str] = frozenset(), headers: Mapping[str, str] | None = None
    ) -> Response:
        """`get` for a page, if its host's robots.txt lets us."""
        place = parse_target(url)
        rules = self._robots_of(place, allowed)
        if not rules.allows(place.path):
            raise FetchError(f"robots.txt of {place.host} does not allow {shorten_address(place.path)}")
        return self.get(url, allowed=allowed, headers=headers)

    def get(
        self,
        url: str,
        *,
        allowed: frozenset[str] = frozenset(),
        headers: Mapping[str, str] | None = None,
        most: int | None = None,
    ) -> Response:
        """The document at `url`; raises FetchError for everything but a good answer.

        `allowed` are `host:port` of private hosts that the user named; every other address must be public, at
        every redirect.
        """
        for attempt in range(1, self.limits.tries + 1):
            try:
                return self._get_following_redirects(
                    parse_target(url), allowed, headers or {}, most or self.limits.most
                )
            except FetchError as error:
                wait = error.later if error.later is not None else float(2 ** (attempt - 1))
                if error.status not in BUSY_STATUSES or attempt == self.limits.tries or wait > self.limits.longest_wait:
                    raise
            self.sleep(wait)
        raise AssertionError("unreachable")

    def _get_following_redirects(
        self, place: Target, allowed: frozenset[str], headers: Mapping[str, str], most: int
    ) -> Response:
        """One try, through all redirects, within one deadline."""
        permanent, left = True, self.limits.seconds
        for hop in range(self.limits.redirects + 1):
            with self.throttle.throttle_of(place.host).turn():  # waiting here costs no time of the request
                begin = time.monotonic()
                deadline = Deadline(allowed=allowed, until=begin + left, patience=self.limits.patience)
                status, received, content = _request(place, deadline, headers, most)
                left -= time.monotonic() - begin
            if status not in REDIRECT_STATUSES:
                moved = place.address if hop and permanent else None
                return _refuse_bad_status(
                    Response(url=place.address, status=status, headers=received, body=content, moved_to=moved)
                )
            permanent = permanent and status in PERMANENT_STATUSES
            place = _redirect_target(place, received.get("location", ""))
        raise FetchError(f"more than {self.limits.redirects} redirects; see whether its address changed")

    def _robots_of(self, place: Target, allowed: frozenset[str]) -> Robots:
        """The rules of a host, asked for once."""
        with self.lock:
            first = place.origin not in self.asked
            future = self.asked.setdefault(place.origin, Future())
        if first:
            try:
                future.set_result(self._fetch_robots(place, allowed))
            except BaseException as error:  # others wait for this outcome
                future.set_exception(error)
                raise
        return future.result()

    def _fetch_robots(self, place: Target, allowed: frozenset[str]) -> Robots:
        """RFC 9309 section 2.3.1: none there is a yes, unreachable is a no."""
        try:
            answer = self.get(f"{place.origin}/robots.txt", allowed=allowed, most=LARGEST_ROBOTS)
        except FetchError as error:
            if error.status is None:
                raise
            if error.status < 500 and error.status != 429:
                return Robots()
            message = f"robots.txt of {place.host} cannot be read, so its pages are left alone ({error})"
            raise FetchError(message, status=error.status) from error
        rules = parse_robots(answer.body.decode("utf-8", "replace"), ROBOT_NAME)
        self.throttle.slow_down(place.host, rules.delay)
        return rules


def _request(
    place: Target, deadline: Deadline, headers: Mapping[str, str], most: int
) -> tuple[int, Mapping[str, str], bytes]:
    """One request and its answer; other people's exceptions are translated here."""
    from http.client import HTTPException

    from urllib3.exceptions import HTTPError

    try:
        return _exchange_bytes(place, deadline, headers, most)
    except SourceError as error:
        raise FetchError(str(error)) from error
    except (TimeoutError, HTTPError, HTTPException, OSError, ValueError, EOFError) as error:
        raise FetchError(_explain_failure(place, error)) from error


def _exchange_bytes(
    place: Target, deadline: Deadline, headers: Mapping[str, str], most: int
) -> tuple[int, Mapping[str, str], bytes]:
    connection, response = open_connection(place, deadline), None
    try:
        connection.request(
            "GET",
            place.path,
            headers={
                "User-Agent": USER_AGENT,
                "Accept": "*/*",
                "Accept-Encoding": "gzip, deflate",
                "Connection": "close",
                **headers,
            },
            preload_content=False,
            decode_content=False,
        )
        response = connection.getresponse()
        received = {name.lower(): value for name, value in response.headers.items()}
        wanted = response.status in {200, 203}
        return response.status, received, read_body(response, most) if wanted else b""
    finally:
        if response is not None:
            response.close()
        connection.close()


def _refuse_bad_status(answer: Response) -> Response:
    """The answer, when it is one of use."""
    status = answer.status
    if status in {200, 203, 204, 304}:
        return answer
    remedy = STATUS_REMEDIES.get(status) or (
        "its server has trouble; it will be tried again next time" if 500 <= status < 600 else "not an answer of use"
    )
    raise FetchError(
        f"HTTP {status}: {remedy}",
        status=status,
        later=_retry_after_seconds(answer.headers) if status in BUSY_STATUSES else None,
    )


def _redirect_target(place: Target, location: str) -> Target:
    """Where a redirect leads."""
    if not location:
        raise FetchError("a redirect that leads nowhere")
    try:
        onward = location if re.match(r"[a-zA-Z][\w+.-]*:", location) else urljoin(place.address, location)
        return parse_target(onward)
    except (SourceError, ValueError) as error:
        raise FetchError(f"redirects to where we do not go: {error}") from error


def _retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After, RFC 9110 section 10.2.3, at most a day; None when it says nothing usable.

    A moment is reckoned from the server's own Date: its clock may differ from ours.
    """
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(float(value[:9]), DAY_SECONDS)
    try:
        when = parsedate_to_datetime(value)
        now = parsedate_to_datetime(headers["date"])
        return min(max((when - now).total_seconds(), 0.0), DAY_SECONDS)
    except (KeyError, ValueError, TypeError):
        return None


def _explain_failure(place: Target, error: Exception) -> str:
    """What went wrong on the wire, in words."""
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"{place.host} took too long; it will be tried again next time"
    if isinstance(error, ConnectionRefusedError):
        return f"{place.host} refuses the connection on port {place.port}; see whether it is up"
    name = type(error).__name__
    if "SSL" in name or "Certificate" in name:
        return f"no trusted connection to {place.host}: its certificate is not valid here"
    return f"{place.host} broke off or spoke no HTTP ({name})"
