"""Named fault points: places where a test can kill, stop or break the process.

    DIGEST_FAULT=name:nth:kill|raise|sleep|disk_full

Nothing is armed unless the command line (or a test) calls `arm_fault`; an idle fault point costs one comparison.
Every name is registered here, with what it stands for; tests iterate over this table.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from dataclasses import dataclass
from threading import Lock

from digest.errors import UsageError

FAULT_POINTS = {
    "before_build": "the slot is claimed, nothing has been built",
    "artefact_temporary": "an artefact is written under its temporary name",
    "artefact_renamed": "an artefact has its final name",
    "in_publish": "inside the transaction that publishes an issue",
    "after_publish": "the issue and its rows are committed",
    "after_claim": "a group of rows is claimed",
    "before_intent": "inside the transaction of an intent, before its commit",
    "after_intent": "the intent is committed, nothing has been handed over",
    "in_body": "a part of the body has been handed over, the final dot has not",
    "after_dot": "the whole message has been handed over, no answer has been read",
    "after_reply": "the answer has been read, the outcome is not committed",
    "after_outcome": "the outcome is committed",
    "after_recovery": "the rows of a dead sender were put in order",
}
ACTIONS = ("kill", "raise", "sleep", "disk_full")
SLEEP_SECONDS = 0.5  # seconds


class InjectedError(Exception):
    """Raised by the action `raise`: stands for a bug."""


@dataclass(slots=True)
class _Fault:
    name: str
    nth: int  # acts at the nth passage, once
    action: str


_armed: _Fault | None = None
_lock = Lock()


def arm_fault(text: str | None) -> None:
    """Arm one fault, `name:nth:action`; None or an empty text disarms."""
    global _armed  # noqa: PLW0603 - the one switch that tests throw
    if not text:
        _armed = None
        return
    name, _, rest = text.partition(":")
    nth, _, action = rest.partition(":")
    if name not in FAULT_POINTS or action not in ACTIONS or not nth.isdigit():
        raise UsageError(f"DIGEST_FAULT={text}: expected name:nth:{'|'.join(ACTIONS)}, names: {' '.join(FAULT_POINTS)}")
    _armed = _Fault(name, int(nth), action)


def faultpoint(name: str) -> None:
    """Act if this point is armed and this is the nth passage."""
    if _armed is not None:
        _pass_point(_armed, name)


def _pass_point(fault: _Fault, name: str) -> None:
    assert name in FAULT_POINTS, f"fault point {name} is not in the table"
    if fault.name != name:
        return
    with _lock:
        fault.nth -= 1
        if fault.nth != 0:
            return
    if fault.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault.action == "sleep":
        time.sleep(SLEEP_SECONDS)
    elif fault.action == "disk_full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    else:
        raise InjectedError(name)
