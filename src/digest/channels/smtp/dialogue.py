"""The mail transaction, phase by phase, over a connected socket.

Nothing of the message leaves before the 354, pipelined or not (RFC 2920). What matters most is one bit: whether
the last byte of the final dot was handed to the kernel. Before that a failure is safe, after it is ambiguous.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.delivery.model import Outcome, Phase, Verdict
from digest.delivery.replies import classify
from digest.faults import faultpoint

if TYPE_CHECKING:
    from digest.delivery.model import Parcel

LONGEST_LINE = 4096  # of a reply: RFC 5321 says 512, servers say more
MOST_LINES = 200
REPLY = re.compile(rb"([2-5]\d\d)([ -]|$)(.*)", re.DOTALL)
END = b".\r\n"
TICK = (TimeoutError, BlockingIOError)  # nothing happened for a while; the deadline decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds."""

    connect: float
    reply: float
    dot: float

    def of(self, phase: Phase) -> float:
        return self.dot if phase is Phase.DOT else self.reply


class BrokenError(Exception):
    """The other side went away, fell silent, or does not speak SMTP. Never leaves this package."""


class Line:
    """A connection that takes one message after the other. `alive` turns False when it must not be used again."""

    def __init__(self, sock: socket.socket, patience: Patience, *, pipelining: bool, messages: int = 1000) -> None:
        self._sock = sock
        self._patience = patience
        self._pipelining = pipelining
        self._left = messages
        self._buffer = b""
        self._phase = Phase.MAIL
        self.sizes = False
        self.alive = True
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._plain = type(sock) is socket.socket
        _tick(sock, min(1.0, patience.reply / 4, patience.dot / 4), plain=self._plain)

    def send(self, parcel: Parcel) -> Outcome:
        """One transaction with one recipient. Every failure is an outcome; nothing is raised for it."""
        self._phase = Phase.MAIL
        handed_over = False
        try:
            refused = self._introduce(parcel)
            if refused is not None:
                return refused
            self._phase = Phase.BODY
            self._hand_over(parcel)
            handed_over = True
            faultpoint("after_dot")
            code, text = self._reply(Phase.DOT)
        except BrokenError as error:
            return self._broken(Phase.DOT if handed_over else self._phase, error)
        faultpoint("after_reply")
        return self._end(code, text)

    def close(self) -> None:
        """Say good-bye without waiting for an answer."""
        if self.alive:
            with contextlib.suppress(OSError):
                self._sock.settimeout(1.0)
                self._sock.sendall(b"QUIT\r\n")
        self.alive = False
        with contextlib.suppress(OSError):
            self._sock.close()

    def abort(self) -> None:
        """Cut the connection from another thread: a waiting `send` ends at once."""
        self.alive = False
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _introduce(self, parcel: Parcel) -> Outcome | None:
        """MAIL, RCPT and DATA; the outcome when one of them was refused, None after the 354."""
        commands = self._commands(parcel)
        if self._pipelining:
            self._write(b"".join(commands))
        refused: Outcome | None = None
        for phase, command in zip((Phase.MAIL, Phase.RCPT, Phase.DATA), commands, strict=True):
            if not self._pipelining:
                self._phase = phase
                self._write(command)
            code, text = self._reply(phase)
            if code == 354 and phase is Phase.DATA:
                if refused is not None:
                    self._take_back()
                break
            if refused is None and not (phase is not Phase.DATA and 200 <= code < 300):
                refused = self._refusal(phase, code, text)
            if not self.alive or (refused is not None and not self._pipelining):
                break
        if refused is not None and self.alive:
            self._reset()
        return refused

    def _commands(self, parcel: Parcel) -> tuple[bytes, bytes, bytes]:
        size = b" SIZE=%d" % len(parcel.body) if self.sizes else b""
        sender, recipient = parcel.sender.encode("ascii"), parcel.recipient.encode("ascii")
        return b"MAIL FROM:<%b>%b\r\n" % (sender, size), b"RCPT TO:<%b>\r\n" % recipient, b"DATA\r\n"

    def _refusal(self, phase: Phase, code: int, text: str) -> Outcome:
        verdict = classify(phase, code, text)
        if verdict in {Verdict.SENT, Verdict.AMBIGUOUS}:  # a 2xx to DATA: not SMTP
            verdict = Verdict.CONNECTION
        if verdict in {Verdict.CONNECTION, Verdict.CONFIGURATION}:
            self._drop()
        return Outcome(verdict=verdict, phase=phase, code=code, text=text)

    def _take_back(self) -> None:
        """A 354 without a recipient: end the empty message, which the server must refuse (RFC 2920 3.1)."""
        self._write(END)
        self._reply(Phase.DATA)

    def _reset(self) -> None:
        """Forget the transaction; a failure here only costs the connection."""
        try:
            self._write(b"RSET\r\n")
            code, _ = self._reply(Phase.MAIL)
        except BrokenError:
            code = 0
        if code != 250:
            self._drop()

    def _hand_over(self, parcel: Parcel) -> None:
        """The body with its dots stuffed, and the final dot. BrokenError: the last byte did not leave us."""
        body = parcel.body
        if parcel.dotted:
            body = body.replace(b"\r\n.", b"\r\n..")
            body = b"." + body if body.startswith(b".") else body
        if not body.endswith(b"\r\n"):
            body += b"\r\n"
        faultpoint("in_body")
        if self._plain:
            self._write_both(body, END)
        else:
            self._write(body + END)

    def _end(self, code: int, text: str) -> Outcome:
        """What the reply to the dot means."""
        verdict = classify(Phase.DOT, code, text)
        self._left -= 1
        if verdict in {Verdict.AMBIGUOUS, Verdict.CONNECTION, Verdict.CONFIGURATION}:
            self._drop()
        elif self._left <= 0:
            self.close()
        return Outcome(verdict=verdict, phase=Phase.DOT, code=code, text=text)

    def _broken(self, phase: Phase, error: BrokenError) -> Outcome:
        self._drop()
        verdict = Verdict.AMBIGUOUS if phase is Phase.DOT else Verdict.CONNECTION
        return Outcome(verdict=verdict, phase=phase, text=str(error))

    def _drop(self) -> None:
        self.alive = False
        with contextlib.suppress(OSError):
            self._sock.close()

    def _write_both(self, body: bytes, end: bytes) -> None:
        """Hand over two pieces without joining them; what the kernel did not take at once goes the usual way."""
        try:
            sent = self._sock.sendmsg((body, end))
        except TICK:
            sent = 0
        except OSError as error:
            raise self._gone(error) from error
        if sent < len(body) + len(end):
            self._write(memoryview(body)[sent:] if sent < len(body) else b"")
            self._write(end[max(0, sent - len(body)) :])

    def _write(self, data: bytes | memoryview) -> None:
        """Hand all of `data` to the kernel, or raise BrokenError knowing that its last byte was not."""
        view = memoryview(data)
        deadline = 0.0
        while view:
            try:
                view = view[self._sock.send(view) :]
            except TICK:
                now = time.monotonic()
                deadline = deadline or now + self._patience.of(self._phase)
                if now > deadline:
                    raise BrokenError(f"{self._phase}: no progress") from None
            except OSError as error:
                raise self._gone(error) from error

    def _reply(self, phase: Phase) -> tuple[int, str]:
        """The next reply: (code, text); BrokenError when there is none that can be understood."""
        self._phase = phase
        deadline = time.monotonic() + self._patience.of(phase)
        lines: list[bytes] = []
        for _ in range(MOST_LINES):
            found = REPLY.fullmatch(self._line(deadline))
            if found is None:
                raise BrokenError(f"{phase}: not an SMTP reply")
            code, mark, text = found.groups()
            if mark != b"-" and not lines:
                return int(code), printable(text.decode("utf-8", "replace"))
            lines.append(text)
            if mark != b"-":
                return int(code), printable(b" ".join(lines).decode("utf-8", "replace"))
        raise BrokenError(f"{phase}: a reply without an end")

    def _line(self, deadline: float) -> bytes:
        while True:
            line, end, rest = self._buffer.partition(b"\n")
            if end:
                self._buffer = rest
                return line.rstrip(b"\r")
            if len(line) > LONGEST_LINE:
                raise BrokenError(f"{self._phase}: a reply line without an end")
            self._buffer += self._receive(deadline)

    def _receive(self, deadline: float) -> bytes:
        while True:
            try:
                data = self._sock.recv(8192)
            except TICK:
                if time.monotonic() > deadline:
                    raise BrokenError(f"{self._phase}: no answer in time") from None
                continue
            except OSError as error:
                raise self._gone(error) from error
            if not data:
                raise BrokenError(f"{self._phase}: the connection was closed")
            if time.monotonic() > deadline:  # a drip of bytes is no answer either
                raise BrokenError(f"{self._phase}: no answer in time")
            return data

    def _gone(self, error: OSError) -> BrokenError:
        return BrokenError(f"{self._phase}: {error or type(error).__name__}")


def _tick(sock: socket.socket, seconds: float, *, plain: bool) -> None:
    """Let every wait of the socket end after `seconds`, so that deadlines are looked at.

    A plain socket leaves this to the kernel (socket(7), SO_RCVTIMEO): Python's own timeouts cost a poll and more
    for each call.
    """
    if not plain:
        sock.settimeout(seconds)
        return
    sock.settimeout(None)
    value = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, value)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, value)


def printable(text: str) -> str:
    """One line of at most 500 characters, without control characters."""
    if text.isprintable() and len(text) <= 500:
        return text
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]
