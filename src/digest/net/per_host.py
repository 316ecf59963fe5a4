"""Many calls at once, few of them to the same host."""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Result = TypeVar("Result")
MAX_WORKERS = 32  # calls at once over all hosts
CALLS_PER_HOST = 2  # calls at once to one host


def run_per_host(
    calls: Sequence[tuple[str, Callable[[], Result]]],
    *,
    workers: int = MAX_WORKERS,
    at_once: Callable[[str, int], int] = lambda _host, _calls: CALLS_PER_HOST,
) -> Iterator[tuple[int, Result]]:
    """Run every `(host, call)` in threads and yield `(index, result)` as they end.

    A host with many calls never keeps the others waiting: a worker only takes a call whose host has room,
    `at_once(host, number of its calls)` at a time. An exception of a call is raised here.
    """
    lanes: dict[str, deque[int]] = {}
    for index, (host, _) in enumerate(calls):
        lanes.setdefault(host, deque()).append(index)
    free_calls = Counter({host: max(1, at_once(host, len(lane))) for host, lane in lanes.items()})
    done: SimpleQueue[tuple[int, Future[Result]]] = SimpleQueue()
    open_lanes, running = deque(lanes), 0
    pool = ThreadPoolExecutor(max_workers=max(1, min(workers, len(calls))), thread_name_prefix="fetch")
    try:
        while open_lanes or running:
            while open_lanes and running < workers:
                host = open_lanes.popleft()
                index = lanes[host].popleft()
                future = pool.submit(calls[index][1])
                future.add_done_callback(lambda ended, index=index: done.put((index, ended)))  # type: ignore[misc]
                running, free_calls[host] = running + 1, free_calls[host] - 1
                if lanes[host] and free_calls[host]:
                    open_lanes.append(host)
            index, ended = done.get()
            host, running = calls[index][0], running - 1
            free_calls[host] += 1
            if lanes[host] and free_calls[host] == 1:
                open_lanes.append(host)
            yield index, ended.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
