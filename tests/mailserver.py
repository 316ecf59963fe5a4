"""A mail server for tests: real sockets, a script of faults, and a log kept before each 250."""

from __future__ import annotations

import contextlib
import fnmatch
import json
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Rule:
    """At a phase, for matching recipients, do something a few times."""

    at: str  # greeting ehlo auth mail rcpt data body dot
    reply: str | None = None  # "450 4.2.0 later"
    drop: bool = False
    silent: float = 0.0  # seconds without an answer, then the connection is closed
    accept: bool = False  # at dot: take the message, then misbehave
    rcpt: str = "*"
    times: int = 10**9


@dataclass
class Server:
    """Listens on loopback until closed. `accepted` holds (recipient, Message-ID, bytes) in order."""

    rules: list[Rule] = field(default_factory=list)
    extensions: tuple[str, ...] = ("PIPELINING", "SIZE 10000000")
    tls: ssl.SSLContext | None = None
    log: Path | None = None
    gap: float = 0.0  # seconds between the acceptance and the 250
    accepted: list[tuple[str, str, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    early: int = 0  # bodies that came before the 354
    connections: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def ids(self) -> list[str]:
        return [mid for _, mid, _ in self.accepted]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        session = _Session(self, sock)
        with contextlib.suppress(OSError, _OverError):
            session.run()
        with contextlib.suppress(OSError):
            session.sock.close()

    def pick(self, at: str, rcpt: str) -> Rule | None:
        with self._lock:
            for rule in self.rules:
                if rule.at == at and rule.times > 0 and fnmatch.fnmatch(rcpt, rule.rcpt):
                    rule.times -= 1
                    return rule
        return None

    def keep(self, rcpt: str, raw: bytes) -> None:
        found = re.search(rb"(?im)^message-id:[ \t]*<([^>]*)>", raw)
        mid = found[1].decode() if found else ""
        with self._lock:
            self.accepted.append((rcpt, mid, raw))
            if self.log is not None:
                with self.log.open("a") as file:
                    file.write(json.dumps({"rcpt": rcpt, "mid": mid}) + "\n")


class _OverError(Exception):
    pass


class _Session:
    def __init__(self, server: Server, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.buffer = b""
        self.rcpt = ""

    def run(self) -> None:
        self.step("greeting", "220 test ESMTP")
        while True:
            line = self.line()
            self.server.commands.append(line)
            verb = line.split(" ")[0].upper()
            getattr(self, f"do_{verb.lower()}", self.unknown)(line)

    def do_ehlo(self, _line: str) -> None:
        names = list(self.server.extensions)
        if self.server.tls and not isinstance(self.sock, ssl.SSLSocket):
            names.append("STARTTLS")
        lines = ["test", *names]
        text = "\r\n".join(f"250{'-' if at < len(lines) - 1 else ' '}{name}" for at, name in enumerate(lines))
        self.step("ehlo", text)

    def do_starttls(self, _line: str) -> None:
        assert self.server.tls is not None
        self.say("220 go")
        self.sock = self.server.tls.wrap_socket(self.sock, server_side=True)

    def do_auth(self, _line: str) -> None:
        self.step("auth", "235 2.7.0 welcome")

    def do_mail(self, _line: str) -> None:
        self.rcpt = ""
        self.step("mail", "250 2.1.0 ok")

    def do_rcpt(self, line: str) -> None:
        found = re.match(r"(?i)RCPT TO:<([^>]*)>", line)
        wanted = found[1] if found else ""
        if self.step("rcpt", "250 2.1.5 ok", wanted):
            self.rcpt = wanted

    def do_data(self, _line: str) -> None:
        if not self.rcpt:
            self.say("554 5.5.1 no valid recipients")
            return
        if self.buffer:
            self.server.early += 1
        if self.step("data", "354 go on", self.rcpt):
            self.body()

    def body(self) -> None:
        if not self.buffer:
            self.more()
        rule = self.server.pick("body", self.rcpt)
        if rule:
            raise _OverError
        while not (self.buffer.startswith(b".\r\n") or b"\r\n.\r\n" in self.buffer):
            self.more()
        raw, _, self.buffer = (b"\r\n" + self.buffer).partition(b"\r\n.\r\n")
        raw = (raw + b"\r\n").replace(b"\r\n.", b"\r\n")[2:]
        rule = self.server.pick("dot", self.rcpt)
        if rule is None or rule.accept:
            self.server.keep(self.rcpt, raw)
        if rule is not None:
            self.misbehave(rule)
        else:
            time.sleep(self.server.gap)
            self.say("250 2.0.0 taken")

    def do_rset(self, _line: str) -> None:
        self.say("250 ok")

    def do_quit(self, _line: str) -> None:
        self.say("221 bye")
        raise _OverError

    def unknown(self, _line: str) -> None:
        self.say("502 5.5.1 what?")

    def step(self, at: str, normal: str, rcpt: str | None = None) -> bool:
        rule = self.server.pick(at, rcpt if rcpt is not None else self.rcpt)
        if rule is None:
            self.say(normal)
            return True
        self.misbehave(rule)
        return False

    def misbehave(self, rule: Rule) -> None:
        if rule.reply:
            self.say(rule.reply)
            if rule.at == "greeting" or rule.reply.startswith("421"):
                raise _OverError
            return
        if rule.silent:
            self.sock.settimeout(rule.silent)
            with contextlib.suppress(TimeoutError):
                while self.sock.recv(4096):
                    pass
        raise _OverError

    def say(self, text: str) -> None:
        self.sock.sendall(text.encode() + b"\r\n")

    def more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise _OverError
        self.buffer += data

    def line(self) -> str:
        while b"\r\n" not in self.buffer:
            self.more()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line.decode("utf-8", "replace")
