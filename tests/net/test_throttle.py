from __future__ import annotations

import threading

from digest.net.throttle import SPACING_SECONDS, HostThrottles


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_calls_to_one_host_begin_apart_and_others_at_once() -> None:
    clock = Clock()
    doors = HostThrottles(clock, clock.sleep)
    begins = []
    for host in ("a.example", "a.example", "b.example", "a.example"):
        with doors.throttle_of(host).turn():
            begins.append(round(clock.now, 6))
    assert begins == [0.0, SPACING_SECONDS, SPACING_SECONDS, 2 * SPACING_SECONDS]


def test_a_robots_txt_slows_us_down_within_reason() -> None:
    clock = Clock()
    doors = HostThrottles(clock, clock.sleep)
    doors.slow_down("a.example", 3_600)
    for _ in range(3):
        with doors.throttle_of("a.example").turn():
            pass
    assert clock.now == 10.0


def test_a_third_call_waits_until_one_has_left() -> None:
    policy, third = HostThrottles().throttle_of("a.example"), threading.Event()

    def enter() -> None:
        with policy.turn():
            third.set()

    with policy.turn():
        with policy.turn():
            thread = threading.Thread(target=enter)
            thread.start()
            assert not third.wait(0.05)
        assert third.wait(10)
    thread.join()


def test_only_the_users_own_machine_takes_a_crowd_faster() -> None:
    doors = HostThrottles()
    assert doors.concurrency_for("news.example", 1_000) == 2
    assert doors.concurrency_for("127.0.0.1", 50) == 2
    assert doors.concurrency_for("127.0.0.1", 1_000) == 25
