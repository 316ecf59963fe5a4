"""`digest send` interrupted: messages under way are finished, nobody is left in doubt, nobody gets two."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import AT, TOP, Run
from tests.mailserver import Server

READERS = 12


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_leaves_nobody_in_doubt(project: Path, digest: Run, number: signal.Signals) -> None:
    (project / "readers.csv").write_text("".join(f"r{place}@example.org\n" for place in range(READERS)))
    with Server(gap=0.4) as server:
        smtp = f"{{type: smtp, host: 127.0.0.1, port: {server.port}, tls: none, connections: 2}}"
        text = (project / "config.yaml").read_text("utf-8").replace("[editor@example.org]", "readers.csv")
        (project / "config.yaml").write_text(text.replace("{type: folder, path: outbox}", smtp), "utf-8")
        with subprocess.Popen(
            [sys.executable, "-m", "digest", "send", "--at", AT],
            cwd=project, stderr=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(project), "PYTHONPATH": str(TOP / "src")},
        ) as first:  # fmt: skip
            deadline = time.monotonic() + 60
            while len(server.accepted) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
            first.send_signal(number)
            assert first.wait(timeout=30) == 128 + number
        assert 2 <= len(server.accepted) < READERS
        with closing(sqlite3.connect(project / "digest.db")) as database:
            assert database.execute("select count(*) from outbox where state in ('sending', 'claimed')").fetchone() == (
                0,
            )
        assert digest("send", "--at", AT, cwd=project).returncode == 0
        assert sorted(rcpt for rcpt, _, _ in server.accepted) == sorted(
            f"r{place}@example.org" for place in range(READERS)
        )
