"""A storm of kills over many readers, and the judgement of what came through. One seed, one storm."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.delivery.rows import crowd, published, store_at
from tests.delivery.zygote import START, Zygote
from tests.mailserver import Server
from tests.waiting import wait_until

AT_THE_START = 0.1  # share of kills within the first moments of a process


@dataclass(slots=True, kw_only=True)
class Result:
    """What a storm did. Only `doubled` under resend and `flagged` under hold may be other than 0."""

    policy: str
    kills: int
    readers: int  # wanted copies, over all issues
    lost: int = 0  # said to be sent, and never accepted
    doubled: int = 0  # accepted more than once, extra copies counted
    known: int = 0  # of these, rows that say so themselves
    flagged: int = 0  # rows in doubt, by name
    undelivered: int = 0  # of these, never accepted
    open: int = 0
    new_ids: int = 0  # a second Message-ID for one copy
    changed: int = 0  # one Message-ID with two contents
    unwanted: int = 0
    bound: int = 0  # kills x connections
    seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Storm:
    """Readers, a policy and a seed."""

    folder: Path
    policy: str
    readers: int = 6000  # of each issue
    connections: int = 4
    seed: int = 1
    gap: float = 0.002  # seconds between acceptance and the 250
    _pid: int = 0
    _issues: int = 0
    _dice: random.Random = field(default_factory=random.Random)

    def run(self, zygote: Zygote, *, kills: int) -> Result:
        """Kill so many senders, starting a new issue whenever one is done; then let the last one finish."""
        start = time.monotonic()
        self._dice.seed(self.seed)
        with Server(log=self.folder / "accepted.jsonl", gap=self.gap) as server:
            self._publish()
            for _ in range(kills):
                self._kill_once(zygote, server, span=max(2, min(120, 2 * self.readers // max(kills, 1))))
            for _ in range(3):
                zygote.wait(self._start(zygote, server))
            result = self._judge(server, kills)
        result.seconds = time.monotonic() - start
        return result

    def _start(self, zygote: Zygote, server: Server) -> int:
        order = {"port": server.port, "policy": self.policy, "connections": self.connections}
        return zygote.start("send", self.folder, **order)

    def _publish(self) -> None:
        channel = "folder" if self.policy == "folder" else "smtp"
        with store_at(self.folder) as store:
            self._issues += 1
            published(store, crowd(self.readers), channel, period=f"{self._issues:06d}", now=START.timestamp())

    def _progress(self, server: Server) -> int:
        return len(self._files()) if self.policy == "folder" else len(server.accepted)

    def _files(self) -> list[Path]:
        newest = self.folder / "out" / "nato" / f"{self._issues:06d}"
        return [path for path in newest.glob("*.eml") if not path.name.startswith(".")]

    def _kill_once(self, zygote: Zygote, server: Server, *, span: int) -> None:
        early = self._dice.random() < AT_THE_START
        goal = self._progress(server) + self._dice.randrange(span)
        pid = self._start(zygote, server)
        if early:
            time.sleep(self._dice.random() * 0.05)
        else:
            wait_until(lambda: self._progress(server) >= goal or not _alive(pid), pause=0.001)
        os.kill(pid, signal.SIGKILL)
        if zygote.wait(pid) == 0 and not early:  # it had nothing left to do
            self._publish()

    def _judge(self, server: Server, kills: int) -> Result:
        with store_at(self.folder) as store:
            rows = store.operator.list_deliveries(limit=10**9)
        if self.policy == "folder":
            copies = Counter(path.stem for path in (self.folder / "out").rglob("*.eml") if path.name[0] != ".")
            copies = Counter({f"{name}@news.example": count for name, count in copies.items()})
        else:
            copies = Counter(server.ids())
        result = Result(policy=self.policy, kills=kills, readers=len(rows), bound=kills * self.connections)
        for row in rows:
            count = copies[row.message_id]
            result.lost += row.state == "sent" and count == 0
            result.doubled += max(0, count - 1)
            result.known += max(0, count - 1) if row.resent else 0
            result.flagged += row.state == "unknown"
            result.undelivered += row.state == "unknown" and count == 0
            result.open += row.state not in {"sent", "unknown"}
        result.unwanted = len(set(copies) - {row.message_id for row in rows})
        contents, ids = defaultdict(set), defaultdict(set)
        for rcpt, mid, body in server.accepted:
            contents[mid].add(hashlib.sha256(body).digest())
            ids[rcpt].add(mid)
        result.changed = sum(len(found) > 1 for found in contents.values())
        result.new_ids = sum(max(0, len(found) - self._issues) for found in ids.values())
        return result


def _alive(pid: int) -> bool:
    """Whether a child of the zygote still runs; one that ended waits there to be asked for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
