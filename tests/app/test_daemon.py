"""The daemon: rounds, signals, and an end when its scheduler is broken."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from digest.app.daemon import Daemon
from digest.clock import Clock
from digest.errors import ConfigError, DeliveryError, StoreError
from tests.waiting import GUARD

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def daemon(tick, **more) -> Daemon:
    more.setdefault("next_slot", lambda _now: None)
    return Daemon(tick=tick, stop=threading.Event(), **{"interval": 0.05, "patience": GUARD, **more})


def test_it_ticks_until_a_signal_and_says_which():
    ticks = []

    def tick(now):
        ticks.append(now)
        if len(ticks) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    assert daemon(tick).run() == signal.SIGTERM
    assert len(ticks) == 3


def test_it_rings_at_the_next_slot():
    ticks = []

    def tick(now):
        ticks.append(now)
        if len(ticks) == 2:
            running.stop.set()
            running._wake.set()

    running = daemon(tick, interval=GUARD, next_slot=lambda now: now + timedelta(seconds=0.2))
    running.run()  # by the interval alone it would not ring twice before the guard
    assert len(ticks) == 2


def test_a_store_that_is_locked_is_tried_again():
    ticks = []

    def tick(_now):
        ticks.append(1)
        if len(ticks) == 1:
            raise StoreError("store: database is locked")
        running.stop.set()
        running._wake.set()

    running = daemon(tick)
    running.run()
    assert len(ticks) == 2


def test_a_dead_scheduler_thread_ends_the_process(monkeypatch):
    from apscheduler.schedulers.background import BackgroundScheduler

    monkeypatch.setattr(BackgroundScheduler, "_main_loop", lambda _self: None)
    with pytest.raises(DeliveryError, match="thread has died"):
        daemon(lambda _now: None, patience=None).run()


@pytest.mark.parametrize("good", [True, False])
def test_hangup_reads_the_configuration_again_and_keeps_the_last_good_one(good):
    calls = []

    def reload():
        calls.append("reload")
        if not good:
            raise ConfigError("config.yaml:3:1: unknown key")

    def tick(_now):
        calls.append("tick")
        os.kill(os.getpid(), signal.SIGHUP if len(calls) == 1 else signal.SIGTERM)

    daemon(tick, reload=reload).run()
    assert calls == ["tick", "reload", "tick"]


def test_the_supervisor_is_told(monkeypatch, tmp_path):
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        daemon(lambda _now: os.kill(os.getpid(), signal.SIGINT)).run()
        said = [listener.recv(100).decode() for _ in range(3)]
    assert said == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_a_jump_of_the_clock_is_said(caplog):
    offsets = iter([0.0, 0.0, 0.0, 0.0, *[7200.0] * 100])
    ticks = []

    def tick(now):
        ticks.append(now)
        if len(ticks) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    daemon(tick, clock=Clock(NOW, elapsed=lambda: time.monotonic() + next(offsets))).run()
    assert "the clock was set by +7" in caplog.text
    assert ticks[0] - NOW < timedelta(hours=1)
