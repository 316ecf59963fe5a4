"""`digest send` interrupted: messages under way are finished, nobody is left in doubt, nobody gets two."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import AT, Run
from tests.environment import child_environment
from tests.mailserver import Server
from tests.waiting import GUARD, wait_until

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
            env=child_environment(project),
        ) as first:  # fmt: skip
            wait_until(lambda: len(server.accepted) >= 2, alive=lambda: first.poll() is None)
            first.send_signal(number)
            assert first.wait(timeout=GUARD) == 128 + number
        assert 2 <= len(server.accepted) < READERS
        with closing(sqlite3.connect(project / "digest.db")) as database:
            assert database.execute("select count(*) from outbox where state in ('sending', 'claimed')").fetchone() == (
                0,
            )
        assert digest("send", "--at", AT, cwd=project).returncode == 0
        assert sorted(rcpt for rcpt, _, _ in server.accepted) == sorted(
            f"r{place}@example.org" for place in range(READERS)
        )
