"""kill -9 at random moments: none lost, and what may be doubled is bounded and known."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.deliver.rows import crowd, published, store_at
from tests.mailserver import Server

TOP = Path(__file__).resolve().parent.parent.parent
CONNECTIONS = 3
READERS = 150
KILLS = 6


def start(folder, server, policy):
    command = [sys.executable, "-m", "tests.deliver.sender", str(folder), str(server.port), policy, str(CONNECTIONS)]
    return subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True, env=environment())


def environment(**more):
    import os

    return {**os.environ, "PYTHONPATH": f"{TOP / 'src'}:{TOP}", **more}


def kill_often(folder, server, policy, dice):
    """Kill after some further acceptances, a few times; then let it finish."""
    for _ in range(KILLS):
        before = len(server.accepted)
        goal = before + dice.randrange(0, READERS // KILLS)
        with start(folder, server, policy) as process:
            end = time.monotonic() + 20
            while len(server.accepted) < goal and process.poll() is None and time.monotonic() < end:
                time.sleep(0.001)
            process.kill()
    for _ in range(2):
        with start(folder, server, policy) as process:
            assert process.wait(60) == 0


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["resend", "hold", "reconcile"])
def test_no_reader_is_lost_and_doubles_are_bounded(tmp_path, policy):
    store = store_at(tmp_path)
    published(store, crowd(READERS), now=time.time())
    with Server(log=tmp_path / "accepted.jsonl", gap=0.002) as server:
        kill_often(tmp_path, server, policy, random.Random(5))
    copies = Counter(server.ids())
    rows = store.desk.rows()
    silent = [row.rcpt for row in rows if row.state == "sent" and row.message_id not in copies]
    doubled = sum(copies.values()) - len(copies)
    counts = store.desk.counts()
    assert silent == []
    assert len(set(server.ids())) == len({rcpt for rcpt, _, _ in server.accepted})
    if policy == "hold":
        assert doubled == 0
        assert counts["sent"] + counts.get("unknown", 0) == READERS
        assert counts.get("unknown", 0) <= KILLS * CONNECTIONS
    else:
        assert counts == {"sent": READERS}
        assert doubled <= (KILLS * CONNECTIONS if policy == "resend" else 0)
    bodies = {mid: {body for _, one, body in server.accepted if one == mid} for mid in copies}
    assert all(len(versions) == 1 for versions in bodies.values())


def test_a_folder_is_exactly_once_under_kills(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(READERS), "folder", now=time.time())
    dice = random.Random(3)
    with Server() as server:
        for _ in range(4):
            with start(tmp_path, server, "folder") as process:
                process.stdout.readline()
                time.sleep(dice.random() * 0.1)
                process.kill()
        with start(tmp_path, server, "folder") as process:
            assert process.wait(60) == 0
    files = [path for path in (tmp_path / "out").rglob("*.eml") if not path.name.startswith(".")]
    assert len(files) == READERS
    assert store.desk.counts() == {"sent": READERS}


def test_sigterm_finishes_what_is_under_way_and_leaves_nothing_in_doubt(tmp_path):
    store = store_at(tmp_path)
    published(store, crowd(READERS), now=time.time())
    with Server(gap=0.002) as server:
        for _ in range(3):
            goal = len(server.accepted) + 20
            with start(tmp_path, server, "hold") as process:
                while len(server.accepted) < goal:
                    time.sleep(0.001)
                process.send_signal(signal.SIGTERM)
                assert process.wait(30) == 0
            assert set(store.desk.counts()) <= {"sent", "pending"}
            assert store.desk.counts()["sent"] == len(server.accepted)
