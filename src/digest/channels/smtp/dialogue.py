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
from digest.delivery.replies import classify_reply
from digest.faults import faultpoint

if TYPE_CHECKING:
    from digest.delivery.model import OutgoingMessage

MAX_LINE_BYTES = 4096  # of a reply: RFC 5321 says 512, servers say more
MAX_REPLY_LINES = 200
REPLY_LINE = re.compile(rb"([2-5]\d\d)([ -]|$)(.*)", re.DOTALL)
END_OF_BODY = b".\r\n"
TICK_ERRORS = (TimeoutError, BlockingIOError)  # nothing happened for a while; the deadline decides


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTimeouts:
    """How long to wait, in seconds."""

    connect: float
    reply: float
    dot: float

    def seconds_for(self, phase: Phase) -> float:
        return self.dot if phase is Phase.DOT else self.reply


class BrokenConnectionError(Exception):
    """The other side went away, fell silent, or does not speak SMTP. Never leaves this package."""


class SmtpConnection:
    """A connection that takes one message after the other. `is_alive` turns False when it must not be used again."""

    def __init__(self, sock: socket.socket, patience: ReplyTimeouts, *, pipelining: bool, messages: int = 1000) -> None:
        self._sock = sock
        self._patience = patience
        self._pipelining = pipelining
        self._messages_left = messages
        self._buffer = b""
        self._phase = Phase.MAIL
        self.offers_size = False
        self.is_alive = True
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._plain = type(sock) is socket.socket
        _set_tick(sock, min(1.0, patience.reply / 4, patience.dot / 4), plain=self._plain)

    def send(self, outgoing: OutgoingMessage) -> Outcome:
        """One transaction with one recipient. Every failure is an outcome; nothing is raised for it."""
        self._phase = Phase.MAIL
        handed_over = False
        try:
            refused = self._send_commands(outgoing)
            if refused is not None:
                return refused
            self._phase = Phase.BODY
            self._send_body(outgoing)
            handed_over = True
            faultpoint("after_dot")
            code, text = self._read_reply(Phase.DOT)
        except BrokenConnectionError as error:
            return self._outcome_of_break(Phase.DOT if handed_over else self._phase, error)
        faultpoint("after_reply")
        return self._outcome_of_final_reply(code, text)

    def close(self) -> None:
        """Say good-bye without waiting for an answer."""
        if self.is_alive:
            with contextlib.suppress(OSError):
                self._sock.settimeout(1.0)
                self._sock.sendall(b"QUIT\r\n")
        self.is_alive = False
        with contextlib.suppress(OSError):
            self._sock.close()

    def abort(self) -> None:
        """Cut the connection from another thread: a waiting `send` ends at once."""
        self.is_alive = False
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def _send_commands(self, outgoing: OutgoingMessage) -> Outcome | None:
        """MAIL, RCPT and DATA; the outcome when one of them was refused, None after the 354."""
        commands = self._command_lines(outgoing)
        if self._pipelining:
            self._write_all(b"".join(commands))
        refused: Outcome | None = None
        for phase, command in zip((Phase.MAIL, Phase.RCPT, Phase.DATA), commands, strict=True):
            if not self._pipelining:
                self._phase = phase
                self._write_all(command)
            code, text = self._read_reply(phase)
            if code == 354 and phase is Phase.DATA:
                if refused is not None:
                    self._abort_empty_message()
                break
            if refused is None and not (phase is not Phase.DATA and 200 <= code < 300):
                refused = self._outcome_of_refusal(phase, code, text)
            if not self.is_alive or (refused is not None and not self._pipelining):
                break
        if refused is not None and self.is_alive:
            self._reset_transaction()
        return refused

    def _command_lines(self, outgoing: OutgoingMessage) -> tuple[bytes, bytes, bytes]:
        size = b" SIZE=%d" % len(outgoing.body) if self.offers_size else b""
        sender, recipient = outgoing.sender.encode("ascii"), outgoing.recipient.encode("ascii")
        return b"MAIL FROM:<%b>%b\r\n" % (sender, size), b"RCPT TO:<%b>\r\n" % recipient, b"DATA\r\n"

    def _outcome_of_refusal(self, phase: Phase, code: int, text: str) -> Outcome:
        verdict = classify_reply(phase, code, text)
        if verdict in {Verdict.SENT, Verdict.AMBIGUOUS}:  # a 2xx to DATA: not SMTP
            verdict = Verdict.CONNECTION
        if verdict in {Verdict.CONNECTION, Verdict.CONFIGURATION}:
            self._close_socket()
        return Outcome(verdict=verdict, phase=phase, code=code, text=text)

    def _abort_empty_message(self) -> None:
        """A 354 without a recipient: end the empty message, which the server must refuse (RFC 2920 3.1)."""
        self._write_all(END_OF_BODY)
        self._read_reply(Phase.DATA)

    def _reset_transaction(self) -> None:
        """Forget the transaction; a failure here only costs the connection."""
        try:
            self._write_all(b"RSET\r\n")
            code, _ = self._read_reply(Phase.MAIL)
        except BrokenConnectionError:
            code = 0
        if code != 250:
            self._close_socket()

    def _send_body(self, outgoing: OutgoingMessage) -> None:
        """The body with its dots stuffed, and the final dot. BrokenConnectionError: the last byte did not leave us."""
        body = outgoing.body
        if outgoing.dotted:
            body = body.replace(b"\r\n.", b"\r\n..")
            body = b"." + body if body.startswith(b".") else body
        if not body.endswith(b"\r\n"):
            body += b"\r\n"
        faultpoint("in_body")
        if self._plain:
            self._write_two_pieces(body, END_OF_BODY)
        else:
            self._write_all(body + END_OF_BODY)

    def _outcome_of_final_reply(self, code: int, text: str) -> Outcome:
        """What the reply to the dot means."""
        verdict = classify_reply(Phase.DOT, code, text)
        self._messages_left -= 1
        if verdict in {Verdict.AMBIGUOUS, Verdict.CONNECTION, Verdict.CONFIGURATION}:
            self._close_socket()
        elif self._messages_left <= 0:
            self.close()
        return Outcome(verdict=verdict, phase=Phase.DOT, code=code, text=text)

    def _outcome_of_break(self, phase: Phase, error: BrokenConnectionError) -> Outcome:
        self._close_socket()
        verdict = Verdict.AMBIGUOUS if phase is Phase.DOT else Verdict.CONNECTION
        return Outcome(verdict=verdict, phase=phase, text=str(error))

    def _close_socket(self) -> None:
        self.is_alive = False
        with contextlib.suppress(OSError):
            self._sock.close()

    def _write_two_pieces(self, body: bytes, end: bytes) -> None:
        """Hand over two pieces without joining them; what the kernel did not take at once goes the usual way."""
        try:
            sent = self._sock.sendmsg((body, end))
        except TICK_ERRORS:
            sent = 0
        except OSError as error:
            raise self._connection_lost(error) from error
        if sent < len(body) + len(end):
            self._write_all(memoryview(body)[sent:] if sent < len(body) else b"")
            self._write_all(end[max(0, sent - len(body)) :])

    def _write_all(self, data: bytes | memoryview) -> None:
        """Hand all of `data` to the kernel, or raise BrokenConnectionError knowing that its last byte was not."""
        view = memoryview(data)
        deadline = 0.0
        while view:
            try:
                view = view[self._sock.send(view) :]
            except TICK_ERRORS:
                now = time.monotonic()
                deadline = deadline or now + self._patience.seconds_for(self._phase)
                if now > deadline:
                    raise BrokenConnectionError(f"{self._phase}: no progress") from None
            except OSError as error:
                raise self._connection_lost(error) from error

    def _read_reply(self, phase: Phase) -> tuple[int, str]:
        """The next reply: (code, text); BrokenConnectionError when there is none that can be understood."""
        self._phase = phase
        deadline = time.monotonic() + self._patience.seconds_for(phase)
        lines: list[bytes] = []
        for _ in range(MAX_REPLY_LINES):
            found = REPLY_LINE.fullmatch(self._read_line(deadline))
            if found is None:
                raise BrokenConnectionError(f"{phase}: not an SMTP reply")
            code, mark, text = found.groups()
            if mark != b"-" and not lines:
                return int(code), printable_reply(text.decode("utf-8", "replace"))
            lines.append(text)
            if mark != b"-":
                return int(code), printable_reply(b" ".join(lines).decode("utf-8", "replace"))
        raise BrokenConnectionError(f"{phase}: a reply without an end")

    def _read_line(self, deadline: float) -> bytes:
        while True:
            line, end, rest = self._buffer.partition(b"\n")
            if end:
                self._buffer = rest
                return line.rstrip(b"\r")
            if len(line) > MAX_LINE_BYTES:
                raise BrokenConnectionError(f"{self._phase}: a reply line without an end")
            self._buffer += self._receive_bytes(deadline)

    def _receive_bytes(self, deadline: float) -> bytes:
        while True:
            try:
                data = self._sock.recv(8192)
            except TICK_ERRORS:
                if time.monotonic() > deadline:
                    raise BrokenConnectionError(f"{self._phase}: no answer in time") from None
                continue
            except OSError as error:
                raise self._connection_lost(error) from error
            if not data:
                raise BrokenConnectionError(f"{self._phase}: the connection was closed")
            if time.monotonic() > deadline:  # a drip of bytes is no answer either
                raise BrokenConnectionError(f"{self._phase}: no answer in time")
            return data

    def _connection_lost(self, error: OSError) -> BrokenConnectionError:
        return BrokenConnectionError(f"{self._phase}: {error or type(error).__name__}")


def _set_tick(sock: socket.socket, seconds: float, *, plain: bool) -> None:
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


def printable_reply(text: str) -> str:
    """One line of at most 500 characters, without control characters."""
    if text.isprintable() and len(text) <= 500:
        return text
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:500]
