"""kill -9 and SIGTERM at random moments: none lost, and what may be doubled is bounded and known."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from tests.delivery.rows import crowd, published, store_at
from tests.delivery.storm import Storm
from tests.delivery.zygote import START, Zygote
from tests.mailserver import Server
from tests.waiting import wait_until

READERS = 300


@pytest.fixture(scope="module")
def zygote():
    with Zygote() as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["resend", "hold", "reconcile", "folder"])
def test_a_storm_of_kills_loses_nobody_and_doubles_are_bounded(tmp_path: Path, zygote: Zygote, policy: str):
    storm = Storm(folder=tmp_path, policy=policy, readers=READERS, connections=3, seed=5)
    result = storm.run(zygote, kills=12)
    assert result.lost == 0
    assert result.new_ids == result.changed == result.unwanted == 0
    assert result.doubled <= (result.bound if policy == "resend" else 0)
    assert result.flagged <= (result.bound if policy == "hold" else 0)
    assert result.open == 0


def test_sigterm_finishes_what_is_under_way_and_leaves_nothing_in_doubt(tmp_path: Path, zygote: Zygote):
    with store_at(tmp_path) as store, Server(gap=0.002) as server:
        published(store, crowd(READERS), now=START.timestamp())
        for _ in range(3):
            goal = len(server.accepted) + 20
            pid = zygote.start("send", tmp_path, port=server.port, policy="hold", connections=3)
            wait_until(lambda: len(server.accepted) >= goal, pause=0.001)  # noqa: B023 - waited for at once
            os.kill(pid, signal.SIGTERM)
            assert zygote.wait(pid) == 0
            assert set(store.operator.count_by_state()) <= {"sent", "pending"}
            assert store.operator.count_by_state()["sent"] == len(server.accepted)


def test_the_dice_of_a_storm_are_its_seed():
    first, second = (random.Random(7).random() for _ in range(2))
    assert first == second
