"""A process that has everything imported and forks a child for each order: kills cost milliseconds, not seconds.

`python -m tests.delivery.zygote` reads orders, one JSON object a line, and answers each with one:
{"task": "send" | "journey", "folder", "port", "policy", "connections", "fault"?} -> {"pid": n}
{"wait": pid} -> {"status": exit code, negative for a signal}
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from digest import faults
from digest.app.tick import ScheduledEdition, publish_due_slots
from digest.channels.folder import FolderChannel, write_atomically
from digest.channels.smtp import SmtpChannel
from digest.clock import Clock
from digest.delivery.model import AmbiguityPolicy
from digest.delivery.personalise import copier_factory
from digest.delivery.protocols import DeliveryContext
from digest.delivery.publish import Mailing
from digest.delivery.run import deliver
from digest.schedule.slots import Schedule, Slot
from tests.delivery.rows import ENVELOPE, clock_stopped_at, crowd, letter, store_at, token

TOP = Path(__file__).resolve().parent.parent.parent
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
READERS = 12


class Zygote:
    """The process, and the orders to it."""

    def __enter__(self) -> Self:
        env = {**os.environ, "PYTHONPATH": f"{TOP / 'src'}{os.pathsep}{TOP}"}
        command = [sys.executable, "-m", "tests.delivery.zygote"]
        self._process = subprocess.Popen(
            command, cwd=TOP, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def start(self, task: str, folder: Path, **order: Any) -> int:
        """A child at work; its pid."""
        return int(self._ask({"task": task, "folder": str(folder), **order})["pid"])

    def wait(self, pid: int) -> int:
        """The exit code of a child, negative for a signal."""
        return int(self._ask({"wait": pid})["status"])

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def channels(order: dict[str, Any]) -> dict[str, Any]:
    folder, policy = Path(order["folder"]), order["policy"]
    if policy == "folder":
        return {"folder": FolderChannel(path=folder / "out")}
    asks: dict[str, Any] = {}
    if policy == "reconcile":
        command = f"{sys.executable} -S {TOP / 'tests' / 'delivery' / 'lookup.py'} {folder / 'accepted.jsonl'}"
        asks = {"reconcile_command": command, "reconcile_settle": 0.0, "reconcile_deadline": 0.0}
        asks["reconcile_fallback"] = "resend"
    smtp = SmtpChannel(
        host="127.0.0.1",
        port=order["port"],
        tls="none",
        connections=order.get("connections", 1),
        per_domain=0,
        ambiguous=AmbiguityPolicy(policy),
        timeout=20.0,
        timeout_dot=20.0,
        **asks,
    )
    return {"smtp": smtp}


def send(order: dict[str, Any]) -> None:
    """Deliver what is open; SIGTERM ends it cleanly."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with store_at(order["folder"]) as store:
        around = DeliveryContext(clock=Clock(START), random=random.Random(1), stop=stop, linger=0.5)
        deliver(store, channels(order), copier_factory(token), around)


def journey(order: dict[str, Any]) -> None:
    """A tick of the daemon in which one slot is due: build, save, publish, deliver by mail and into a folder."""
    folder = Path(order["folder"])
    ways = {**channels(order), "folder": FolderChannel(path=folder / "out")}

    def build(slot: Slot) -> Mailing:
        (folder / "issues").mkdir(exist_ok=True)
        write_atomically(folder / "issues" / f"{slot.label}.html", b"<p>Good morning.</p>")
        return Mailing(
            letters={"": letter(slot.label)}, envelope=ENVELOPE, readers=crowd(READERS), channels=tuple(ways)
        )

    paper = ScheduledEdition(
        edition="nato", schedule=Schedule(cron="0 7 * * *"), zone=ZoneInfo("Europe/Brussels"), build=build
    )
    with store_at(folder) as store:
        publish_due_slots(store, [paper], START)
        publish_due_slots(store, [paper], START + timedelta(days=1, minutes=order.get("later", 0)))
        now = START + timedelta(days=1, hours=order.get("hours", 0))
        around = DeliveryContext(clock=clock_stopped_at(now.timestamp()), random=random.Random(1), linger=0.0)
        for name, channel in ways.items():  # one after the other, so that an accident in one leaves the other alone
            deliver(store, {name: channel}, copier_factory(token), around)


def child(order: dict[str, Any]) -> None:
    try:
        faults.arm_fault(order.get("fault"))
        {"send": send, "journey": journey}[order["task"]](order)
    except BaseException:  # noqa: BLE001 - a child must not return into the zygote
        if not order.get("fault"):
            traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = {"status": os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])}
        else:
            pid = os.fork()
            if pid == 0:
                child(order)
            answer = {"pid": pid}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
