"""The speed of sending: our whole loop, with personal copies and commits, against smtp-source on the same sink.

Interleaved, because a shared machine is never twice the same: only the median of per-round ratios means anything.
"""

from __future__ import annotations

import os
import smtplib
import socket
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from benchmarks.table import command
from digest.channels.smtp import SmtpChannel
from digest.clock import Clock
from digest.delivery.personalise import copier_factory
from digest.delivery.protocols import DeliveryContext
from digest.delivery.publish import Mailing, publish_issue
from digest.delivery.run import deliver
from digest.mail.message import Envelope
from digest.model import Letter, Reader
from digest.stores.sql import Store, open_store

SIZE = 42_787  # bytes of a message, as in the notes that the goal comes from
PARAGRAPH = "<p style='margin:0 0 16px'>The alliance said on Friday that it would keep training the forces there.</p>\n"
ENVELOPE = Envelope(sender="The digest <digest@news.example>", list_name="The digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Medians over rounds."""

    rounds: int
    messages: int
    ratio: float  # of our rate to smtp-source's, per round
    best: float  # our best rate to its best
    rate: float  # messages a second
    theirs: float
    cpu: float  # microseconds of our process for each message
    smtplib: float  # rate of smtplib with an EmailMessage for each reader
    load: float


def letter(period: str) -> Letter:
    """A letter whose message is about SIZE bytes."""
    mark = "0reader0token0"
    body = PARAGRAPH * (SIZE * 100 // 104 // len(PARAGRAPH) - 12)
    return Letter(
        issue=f"speed/{period}",
        slot=period,
        at=datetime(2026, 11, 23, 7, tzinfo=UTC),
        subject="The morning",
        preheader="What happened",
        html=f"<html><body>{body}<a href='https://news.example/u/{mark}'>leave</a></body></html>",
        text=f"The morning\n\nhttps://news.example/u/{mark}\n",
    )


def token(edition: str, reader: Reader) -> str:
    return sha256(f"{edition}|{reader.email}".encode()).hexdigest()[:32]


def fill(store: Store, period: str, messages: int) -> None:
    """An issue for so many readers, ready to leave."""
    owner = store.runs.sign_on()
    began = store.issues.claim_slot("speed", period, 1.0, owner=owner, now=time.time(), lease=60.0)
    issue = store.issues.get_issue(began or 0)
    assert issue is not None
    readers = (Reader(email=f"reader{number}@people{number % 50}.example") for number in range(messages))
    mailing = Mailing(letters={"": letter(period)}, envelope=ENVELOPE, readers=readers, channels=("smtp",))
    publish_issue(store, issue, mailing, now=time.time())
    store.runs.sign_off(owner)


def measure(rounds: int, messages: int, *, folder: Path | None = None) -> Speed | str:
    """The figures, or why they cannot be had here."""
    source, sink = command("smtp-source"), command("smtp-sink")
    if not source or not sink:
        return "smtp-source and smtp-sink (Debian: postfix) are not on the PATH"
    port = _free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory(dir=folder) as place,
        subprocess.Popen([sink, *user, f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL) as server,
    ):
        try:
            _wait(port)
            with open_store(f"sqlite:///{place}/digest.db") as store:
                return _rounds(store, source, port, rounds, messages)
        finally:
            server.terminate()


def _rounds(store: Store, source: str, port: int, rounds: int, messages: int) -> Speed:
    ours: list[float] = []
    theirs: list[float] = []
    cpu: list[float] = []
    fill(store, "warm", 200)
    _send(store, port)
    for number in range(rounds):
        fill(store, f"round-{number}", messages)
        for which in ("ours", "theirs") if number % 2 else ("theirs", "ours"):
            if which == "ours":
                seconds, used = _send(store, port)
                ours.append(messages / seconds)
                cpu.append(used / messages * 1e6)
            else:
                theirs.append(messages / _source(source, port, messages))
    return Speed(
        rounds=rounds,
        messages=messages,
        ratio=statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        best=max(ours) / max(theirs),
        rate=statistics.median(ours),
        theirs=statistics.median(theirs),
        cpu=statistics.median(cpu),
        smtplib=_smtplib(port, 100),
        load=os.getloadavg()[0],
    )


def _send(store: Store, port: int) -> tuple[float, float]:
    channel = SmtpChannel(host="127.0.0.1", port=port, tls="none", connections=2, per_domain=0, per_connection=10**6)
    start, used = time.perf_counter(), time.process_time()
    report = deliver(store, {"smtp": channel}, copier_factory(token), DeliveryContext(clock=Clock(), linger=0.0))
    seconds = time.perf_counter() - start
    assert report.is_complete, report
    return seconds, time.process_time() - used


def _source(source: str, port: int, messages: int) -> float:
    start = time.perf_counter()
    subprocess.run(
        [source, "-d", "-s", "2", "-l", str(SIZE), "-m", str(messages), f"127.0.0.1:{port}"], check=True, timeout=600
    )
    return time.perf_counter() - start


def _smtplib(port: int, messages: int) -> float:
    """The plain way: one EmailMessage and one connection for each reader."""
    text = letter("plain")
    start = time.perf_counter()
    for number in range(messages):
        message = EmailMessage()
        message["From"], message["To"] = "digest@news.example", f"reader{number}@people.example"
        message["Subject"] = text.subject
        message.set_content(text.text)
        message.add_alternative(text.html, subtype="html")
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(message)
    return messages / (time.perf_counter() - start)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
