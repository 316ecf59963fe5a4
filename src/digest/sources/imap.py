"""imap: newsletters in a folder of a mail server. Looked at, not touched: nothing is marked or moved unless asked."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import os
import re
import ssl
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.dial import Deadline, TimedTLSSocket, dial_host
from digest.sources.seen import MessageHistory, load_message_history, message_id_of, save_message_history

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from digest.net.context import FetchContext

SESSION_SECONDS = 120.0  # for a whole visit
ANSWER_SECONDS = 20.0  # seconds between two pieces of an answer
SIZE_ITEM = re.compile(rb"RFC822\.SIZE (\d{1,12})")
UID_ITEM = re.compile(rb"UID (\d{1,12})")
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSource:
    """A folder on an IMAP server; keys are message ids."""

    name: str  # unique in the edition
    server: str  # host name
    user: str  # name to log in with
    password_env: str | None = None  # name of the environment variable that holds the password
    password_file: Path | None = None  # or a file that holds it
    port: int | None = None  # by default 993 with implicit TLS, else 143
    tls: Literal["implicit", "starttls", "none"] = "implicit"  # none only for a server on this machine
    certificate: Path | None = None  # of the server's authority, when it is not a public one
    folder: str = "INBOX"  # of the mailbox
    days: int = 30  # how far back a first issue looks
    entries: int = 200  # at most this many messages of one visit, the newest
    max_bytes: int = 10_000_000  # a larger message is named and left out
    mark_seen: bool = False  # mark what was taken as read
    allow_private: bool = False  # whether `server` may be a private host
    silent_after: int = 30  # days without anything new until that is reported; 0: never

    @property
    def host(self) -> str:
        return self.server.lower()

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        """Messages first met since the last issue; raises SourceError when the folder cannot be read."""
        password = self._read_password()
        try:
            with contextlib.closing(_LogoutAtEnd(self._connect())) as box:
                self._log_in(box.server, password)
                yield from self._new_messages(box.server, visit)
        except imaplib.IMAP4.error as error:
            raise SourceError(
                f"{self.name}: {self.server} answers what was not expected: {_printable_error(error)}"
            ) from error
        except TimeoutError as error:
            raise SourceError(f"{self.name}: {self.server} took too long; it will be tried again next time") from error
        except ssl.SSLError as error:
            raise SourceError(
                f"{self.name}: no trusted connection to {self.server}: see tls: and certificate:"
            ) from error
        except OSError as error:
            raise SourceError(f"{self.name}: {self.server} cannot be reached: {error.strerror or error}") from error

    def _read_password(self) -> str:
        if self.password_env and self.password_env in os.environ:
            return os.environ[self.password_env]
        if self.password_file is not None:
            try:
                return self.password_file.read_text("utf-8").strip()
            except (OSError, UnicodeError) as error:
                raise SourceError(f"{self.name}: {self.password_file} cannot be read; see password_file:") from error
        hint = f"set the environment variable {self.password_env}" if self.password_env else "give password_env:"
        raise SourceError(f"{self.name}: no password; {hint}")

    def _connect(self) -> _GuardedImap:
        try:
            return _GuardedImap(self)
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error

    def _log_in(self, server: _GuardedImap, password: str) -> None:
        try:
            server.login(self.user, password)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeError) as error:
            raise SourceError(
                f"{self.name}: {self.server} refuses user and password; see user: and password_env:"
            ) from error

    def _new_messages(self, server: _GuardedImap, visit: FetchContext) -> Iterator[Raw | Problem]:
        """Every message of the window whose id was not met before."""
        status, _ = server.select(_quote_folder(self.folder), readonly=not self.mark_seen)
        if status != "OK":
            raise SourceError(f"{self.name}: no folder {self.folder!r}; see folder:")
        epoch = (server.response("UIDVALIDITY")[1] or [b""])[0] or b""
        box = f"{self.folder} {epoch.decode('ascii', 'replace')}"
        seen = load_message_history(visit, self.name, box)
        for uid, size in self._recent_messages(server, visit, seen):
            if size > self.max_bytes:
                if seen.note_if_new(uid, visit):
                    yield self._problem(f"message {uid}", f"{size} bytes, more than max_bytes: {self.max_bytes}")
            elif seen.note_if_new(uid, visit):
                yield from self._fetch_message(server, uid)
        save_message_history(seen, visit, self.name, box)

    def _recent_messages(
        self, server: _GuardedImap, visit: FetchContext, seen: MessageHistory
    ) -> list[tuple[str, int]]:
        """Uid and size of the newest messages that the issue could want."""
        floor = min(visit.since or visit.now, visit.now) - timedelta(days=self.days if visit.since is None else 2)
        day = f"{floor.day:02d}-{MONTH_NAMES[floor.month - 1]}-{floor.year}"
        last = max((int(uid) for uid in seen.met), default=0)
        asked = ["OR", "SINCE", day, "UID", f"{last + 1}:*"] if last else ["SINCE", day]
        _, found = server.uid("SEARCH", *asked)
        uids = sorted(int(uid) for uid in (found[0] or b"").split() if uid.isdigit())[-self.entries :]
        if not uids:
            return []
        _, lines = server.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        sizes: dict[str, int] = {}
        for line in lines:
            text = line if isinstance(line, bytes) else b""
            uid, size = UID_ITEM.search(text), SIZE_ITEM.search(text)
            if uid and size:
                sizes[uid[1].decode()] = int(size[1])
        return [(str(uid), sizes[str(uid)]) for uid in uids if str(uid) in sizes]

    def _fetch_message(self, server: _GuardedImap, uid: str) -> Iterator[Raw | Problem]:
        _, parts = server.uid("FETCH", uid, "(BODY.PEEK[])")
        body = next((part[1] for part in parts if isinstance(part, tuple) and len(part) > 1), None)
        if not isinstance(body, bytes) or not body.strip():
            yield self._problem(f"message {uid}", "could not be fetched")
            return
        yield Raw(source=self.name, key=message_id_of(body) or f"{self.folder}/{uid}", kind=DocumentKind.EML, body=body)
        if self.mark_seen:
            server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def _problem(self, what: str, message: str) -> Problem:
        return Problem(stage="collect", subject=f"{self.name}: {what}", message=f"{message}; left out")


class _GuardedImap(imaplib.IMAP4):
    """imaplib over a guarded, timed connection, and with a bound on what one answer may hold."""

    def __init__(self, source: ImapSource) -> None:
        self.source = source
        self.deadline = Deadline(allowed=frozenset(), until=time.monotonic() + SESSION_SECONDS, patience=ANSWER_SECONDS)
        super().__init__(source.server, source.port or (993 if source.tls == "implicit" else 143))
        if source.tls == "starttls":
            self.starttls(self._tls_context())
            self._with_deadline(self.sock)

    def _create_socket(self, timeout: float | None) -> socket.socket:  # noqa: ARG002 - the deadline decides
        plain = dial_host(self.host, self.port, self.deadline, exempt=self.source.allow_private)
        if self.source.tls == "implicit":
            return self._with_deadline(self._tls_context().wrap_socket(plain, server_hostname=self.host))
        return self._with_deadline(plain)

    def read(self, size: int) -> bytes:
        if size > self.source.max_bytes + 1000:
            raise self.abort("a larger answer than was asked for")
        return super().read(size)

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.source.certificate)
        context.sslsocket_class = TimedTLSSocket
        return context

    def _with_deadline(self, connection: socket.socket) -> socket.socket:
        connection.deadline = self.deadline  # type: ignore[attr-defined]
        return connection


@dataclass(frozen=True, slots=True)
class _LogoutAtEnd:
    """Ends the session however the visit ended."""

    server: _GuardedImap

    def close(self) -> None:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self.server.logout()


def _quote_folder(folder: str) -> str:
    """A folder's name as IMAP wants it: modified UTF-7 (RFC 3501 section 5.1.3), quoted."""
    pieces = re.split(r"([^\x20-\x7e]+)", folder.replace("&", "&-"))
    for index in range(1, len(pieces), 2):
        shifted = pieces[index].encode("utf-16-be")
        pieces[index] = "&" + base64.b64encode(shifted).decode().rstrip("=").replace("/", ",") + "-"
    text = "".join(pieces).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _printable_error(error: Exception) -> str:
    """What a server said, fit for a terminal."""
    text = str(error)[:200]
    return "".join(character if character.isprintable() else " " for character in text)
