"""Who holds a row: a name for each run of a sender, and whether that sender is certainly dead."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from pathlib import Path
from threading import Lock


class SqlRunRegistry:
    """The runs of this process, and a judgement about those of others."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._active: set[str] = set()
        self._prefix = f"{_host_mark()}/{os.getpid()}/{_process_start(os.getpid())}"

    def sign_on(self) -> str:
        """A name that no other run has, alive until `sign_off`."""
        owner = f"{self._prefix}/{secrets.token_hex(3)}"
        with self._lock:
            self._active.add(owner)
        return owner

    def sign_off(self, owner: str) -> None:
        with self._lock:
            self._active.discard(owner)

    def is_gone(self, owner: str) -> bool:
        """Whether the run certainly ended. False when nothing is known: then its lease decides."""
        if owner.startswith(f"{self._prefix}/"):
            with self._lock:
                return owner not in self._active
        parts = owner.split("/")
        if len(parts) != 4 or parts[0] != _host_mark() or not Path("/proc/self/stat").exists():
            return False
        return _process_start(int(parts[1])) != parts[2]


def _host_mark() -> str:
    """Six letters for this machine: the name stands in every row in hand, and longer rows split pages."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:6]


def _process_start(pid: int) -> str:
    """When a process started, in clock ticks since boot; "" when it is no more (proc_pid_stat(5), field 22)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]
