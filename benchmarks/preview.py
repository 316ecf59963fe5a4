"""How soon the preview shows the seeds, and how soon it follows a saved template; beside `mkdocs serve` on one page."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.table import DIGEST, TOP, Row, Skipped

ROUNDS = 5
PATIENCE = 60.0


def rows() -> list[Row | Skipped]:
    """Seconds from start to the first whole page, and from saving to the page that shows it."""
    with tempfile.TemporaryDirectory() as name:
        ours = measure(Path(name), project, (*DIGEST, "preview"), "/nato/live/html", "<iframe", "story.html")
        if find_spec("mkdocs") is None:
            return [Skipped(area="preview", why="mkdocs is not installed (`pip install --group docs`)")]
        theirs = measure(
            Path(name), site, (sys.executable, "-W", "ignore", "-m", "mkdocs", "serve"), "/", "Hello", "docs/index.md"
        )
    peer = "mkdocs serve, one page"
    return [
        Row(area="preview", what="ready, on the seeds", ours=ours[0], peer=peer, theirs=theirs[0], goal="<= 2 s", unit="s"),
        Row(area="preview", what="saving to seen", ours=ours[1], peer=peer, theirs=theirs[1], goal="<= 1 s", unit="s"),
    ]  # fmt: skip


def measure(
    folder: Path, make: Callable[[Path], None], command: tuple[str, ...], path: str, wanted: str, saved: str
) -> tuple[float, float]:
    """Medians of start and of reload, in seconds."""
    starts, reloads = [], []
    for number in range(ROUNDS):
        home = folder / f"{make.__name__}-{number}"
        make(home)
        with serving(home, command) as (url, began):
            until(url + path, lambda page: wanted in page)
            starts.append(time.perf_counter() - began)
            time.sleep(0.5)  # the watcher is awake
            reloads.append(reload(url + path, home / saved, number))
    return statistics.median(starts), statistics.median(reloads)


def reload(url: str, file: Path, number: int) -> float:
    """Seconds from saving a file to the page that came of it."""
    before, mark = revision(fetch(url)), f"<!-- saved {number} -->"
    began = time.perf_counter()
    file.write_text(f"{file.read_text('utf-8')}\n{mark}\n", "utf-8")
    until(url, lambda page: mark in page if before is None else revision(page) not in {before, None})
    return time.perf_counter() - began


def revision(page: str) -> str | None:
    """The count of attempts that our pages carry; None on any other."""
    found = re.search(r'data-rev="(\d+)"', page)
    return found[1] if found else None


def project(home: Path) -> None:
    """What a newcomer has, with one template part of its own."""
    shutil.copytree(TOP / "seeds", home / "seeds")
    config = (TOP / "config.yaml").read_text("utf-8").replace("    from:", "    style: {templates: .}\n    from:", 1)
    (home / "config.yaml").write_text(config, "utf-8")
    shutil.copy(TOP / "templates" / "default" / "story.html", home / "story.html")


def site(home: Path) -> None:
    """A site of one page."""
    (home / "docs").mkdir(parents=True)
    (home / "docs" / "index.md").write_text("# Hello\n", "utf-8")
    (home / "mkdocs.yml").write_text("site_name: one\nplugins: []\n", "utf-8")


@contextmanager
def serving(home: Path, command: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """The server on a free port; its address and when it was started."""
    port = free()
    where = ("--port", str(port)) if "preview" in command else ("--dev-addr", f"127.0.0.1:{port}")
    environment = {**os.environ, "PYTHONPATH": str(TOP / "src"), "NO_MKDOCS_2_WARNING": "1"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, *where], cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}", began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(url: str, wanted: Callable[[str], bool]) -> None:
    """Ask again and again, a hundred times a second."""
    end = time.perf_counter() + PATIENCE
    while True:
        if wanted(fetch(url)):
            return
        if time.perf_counter() > end:
            raise TimeoutError(url)
        time.sleep(0.01)


def fetch(url: str) -> str:
    """The page, or nothing while there is none."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            text: str = answer.read().decode()
            return text
    except OSError:
        return ""
