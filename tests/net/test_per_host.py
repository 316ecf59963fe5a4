from __future__ import annotations

import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.net.per_host import run_per_host


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from("abc"), max_size=30), st.integers(1, 5), st.integers(1, 3))
def test_every_call_is_made_once_and_no_host_is_crowded(hosts: list[str], workers: int, at_once: int) -> None:
    lock, inside, most = threading.Lock(), Counter[str](), Counter[str]()

    def visit(host: str, index: int) -> int:
        with lock:
            inside[host] += 1
            most[host] = max(most[host], inside[host])
        with lock:
            inside[host] -= 1
        return index

    calls = [(host, lambda host=host, index=index: visit(host, index)) for index, host in enumerate(hosts)]
    got = sorted(run_per_host(calls, workers=workers, at_once=lambda _host, _calls: at_once))
    assert got == [(index, index) for index in range(len(hosts))]
    assert all(count <= at_once for count in most.values())


def test_a_crowded_host_does_not_keep_the_others_waiting() -> None:
    free = threading.Event()
    calls = [("slow", lambda: free.wait(10))] * 8 + [("quick", lambda: True)]
    got = run_per_host(calls, workers=3)
    assert next(got) == (8, True)
    free.set()
    assert len(list(got)) == 8


def test_an_exception_goes_up() -> None:
    with pytest.raises(ZeroDivisionError):
        list(run_per_host([("a", lambda: 1 // 0)]))
