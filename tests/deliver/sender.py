"""A sender as a process of its own, to be killed: `python -m tests.deliver.sender FOLDER PORT POLICY CONNECTIONS`.

Sends until nothing is left; SIGTERM ends it cleanly. Prints its report as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from digest import faults
from digest.channels.folder import Folder
from digest.channels.smtp import Smtp
from digest.deliver import Surroundings, copying, deliver
from tests.deliver.rows import store_at, token


def channels(folder: Path, port: int, policy: str, connections: int) -> dict[str, Any]:
    if policy == "folder":
        return {"folder": Folder(path=folder / "out")}
    asks: dict[str, Any] = {}
    if policy == "reconcile":
        command = f"{sys.executable} -m tests.deliver.lookup {folder / 'accepted.jsonl'}"
        asks = {"reconcile_command": command, "reconcile_settle": 0.0, "reconcile_deadline": 0.0}
        asks["reconcile_fallback"] = "resend"
    smtp = Smtp(
        host="127.0.0.1",
        port=port,
        tls="none",
        connections=connections,
        per_domain=0,
        ambiguous=policy,  # type: ignore[arg-type]
        timeout=20.0,
        timeout_dot=20.0,
        **asks,
    )
    return {"smtp": smtp}


def main() -> None:
    folder, port, policy, connections = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    store = store_at(folder)
    faults.arm(os.environ.get("DIGEST_FAULT"))
    around = Surroundings(clock=time.time, random=random.Random(1), stop=stop, linger=0.5)
    print("ready", flush=True)  # noqa: T201
    report = deliver(store, channels(folder, port, policy, connections), copying(token), around)
    print(json.dumps({"sent": report.sent, "ambiguous": report.ambiguous, "recovered": report.recovered}))  # noqa: T201


if __name__ == "__main__":
    main()
