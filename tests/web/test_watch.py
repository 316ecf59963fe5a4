"""Watching goes on where the system's way of telling ends."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from digest.web import watch
from digest.web.watch import FileWatcher, WatchedPaths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest


def test_a_name_that_is_not_utf8_ends_no_watching(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.05)
    told, written = threading.Event(), threading.Event()

    def changed(paths: Sequence[Path]) -> None:
        told.set()
        if tmp_path / "new.txt" in paths:
            written.set()

    watcher = FileWatcher(changed)
    watcher.watch_paths(WatchedPaths(files=frozenset(), trees=frozenset({tmp_path}), articles=frozenset({tmp_path})))
    try:
        for number in range(200):  # the watching thread needs a moment to begin
            (tmp_path / os.fsdecode(b"caf\xe9%d.txt" % number)).touch()
            if told.wait(0.05):
                break
        for number in range(200):
            (tmp_path / "new.txt").write_text("x" * number)
            if written.wait(0.05):
                break
        assert written.is_set()
        assert all("changes are noticed by looking" in line for line in watcher.troubles)
    finally:
        watcher.close()


def test_a_broken_watch_is_told_and_replaced_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left on device (os error 28)")

    monkeypatch.setattr("watchfiles.watch", broken)
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.05)
    calls: list[Sequence[Path]] = []
    seen = threading.Event()

    def changed(paths: Sequence[Path]) -> None:
        calls.append(paths)
        if paths:
            seen.set()

    watcher = FileWatcher(changed)
    watcher.watch_paths(WatchedPaths(files=frozenset(), trees=frozenset({tmp_path}), articles=frozenset()))
    try:
        for number in range(200):
            (tmp_path / "new.txt").write_text("x" * number)
            if seen.wait(0.05):
                break
        assert calls[-1] == [tmp_path / "new.txt"]
        assert "os error 28" in watcher.troubles[0]
    finally:
        watcher.close()
