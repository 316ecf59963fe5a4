"""Server-sent events: every open page is told that there is something new; the stream ends with the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

HEARTBEAT = 15.0  # seconds; keeps proxies from closing a quiet connection


class EventStream:
    """A count of news that any thread may raise, sent to every open page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._count = 0
        self._closed = False

    @property
    def count(self) -> int:
        return self._count

    def announce(self) -> None:
        """Something is new."""
        with self._lock:
            self._count += 1
            listeners = list(self._listeners.items())
        for event, loop in listeners:
            loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self.announce()

    async def event_lines(self) -> AsyncIterator[str]:
        """The stream of one page, as text/event-stream."""
        event = asyncio.Event()
        self._listeners[event] = asyncio.get_running_loop()
        try:
            heard = self._count
            yield f"retry: 500\nid: {heard}\nevent: hello\ndata: {heard}\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                event.clear()
                if not self._closed and self._count != heard:
                    heard = self._count
                    yield f"id: {heard}\nevent: new\ndata: {heard}\n\n"
        finally:
            with self._lock:
                self._listeners.pop(event, None)
