"""Watching what an issue is made from: the configuration, templates, articles, readers."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digest.config import Config

WILD = frozenset("*?[")
DEBOUNCE_MILLISECONDS = 60  # ms: editors write, rename and touch; one rebuild for all of it
POLL_SECONDS = 1.0  # s between two looks where the system cannot tell of changes
STEP_MILLISECONDS = 20  # ms between looks


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPaths:
    """Files to watch by name, and folders to watch with all that is in them."""

    files: frozenset[Path]
    trees: frozenset[Path]
    articles: frozenset[Path]  # those of both that hold articles

    def is_relevant(self, path: Path) -> bool:
        """True when a change of `path` can change an issue."""
        if path in self.files or path.parent in self.files:  # a folder among the files: what is in it, but not below
            return True
        return any(path.is_relative_to(tree) for tree in self.trees) and not path.name.startswith((".", "__pycache__"))

    def is_article(self, path: Path) -> bool:
        """True when a change of `path` changes what a source gives."""
        return any(path.is_relative_to(place) for place in self.articles)

    @property
    def folders(self) -> frozenset[Path]:
        """The folders of the files: editors replace a file, so the file itself is no good handle."""
        return frozenset(place for file in self.files if (place := file if file.is_dir() else file.parent).is_dir())


def paths_to_watch(config_path: Path, config: Config | None) -> WatchedPaths:
    """What the issues of a configuration depend on; of a broken one only the file itself."""
    home = config_path.resolve()
    articles = {fixed_folder(path).resolve() for path in _article_paths(config)} if config else set()
    rest = {fixed_folder(path).resolve() for path in _template_and_reader_paths(config)} if config else set()
    trees = frozenset(place for place in articles | rest if place.is_dir() and place != home.parent)
    files = frozenset({home, *articles, *rest}) - trees
    return WatchedPaths(files=files, trees=trees, articles=frozenset(articles))


def fixed_folder(path: Path) -> Path:
    """`seeds/*.txt` -> `seeds`: what a glob does not leave open."""
    parts = []
    for part in path.parts:
        if WILD & set(part):
            break
        parts.append(part)
    return Path(*parts)


def _article_paths(config: Config) -> Iterator[Path]:
    """Every path among the options of sources."""
    for edition in config.editions.values():
        for source in edition.sources:
            yield from _path_options(source)


def _template_and_reader_paths(config: Config) -> Iterator[Path]:
    """The packaged templates, the editions' own, and the files of readers."""
    from digest.stages.render.templates import packaged_folder

    yield packaged_folder()
    for key, edition in config.editions.items():
        yield from _path_options(edition.style)
        readers = config.data["editions"][key].get("subscribers")
        if isinstance(readers, str):
            yield config.path.parent / readers


def _path_options(plugin: Any) -> Iterator[Path]:
    for field in dataclasses.fields(plugin):
        value = getattr(plugin, field.name)
        if isinstance(value, Path):
            yield value


class FileWatcher:
    """Calls `changed` soon after something that concerns an issue was written."""

    def __init__(self, changed: Callable[[Sequence[Path]], None]) -> None:
        self._changed = changed
        self.troubles: tuple[str, ...] = ()  # why changes are noticed late, a line each
        self._watched: WatchedPaths | None = None
        self._stop = threading.Event()

    def watch_paths(self, now: WatchedPaths) -> None:
        """Watch these from now on."""
        if now == self._watched:
            return
        self._stop.set()
        self.troubles = ()
        self._watched, self._stop = now, threading.Event()
        for paths, recursive in ((now.folders, False), (frozenset(t for t in now.trees if t.is_dir()), True)):
            if paths:
                threading.Thread(
                    target=self._watch_until_stopped,
                    args=(sorted(paths), now, self._stop),
                    kwargs={"recursive": recursive},
                    daemon=True,
                ).start()

    def close(self) -> None:
        """Watch nothing any more."""
        self._stop.set()

    def _watch_until_stopped(
        self, paths: list[Path], now: WatchedPaths, stop: threading.Event, *, recursive: bool
    ) -> None:
        """Report changes until stopped: as the system tells them, or by looking where its way of telling ends."""
        try:
            self._watch_by_events(paths, now, stop, recursive=recursive)
        except Exception as error:  # noqa: BLE001 - its own, and the system's: a name that is not UTF-8, no watch left
            if not stop.is_set():
                why = " ".join(str(error).split())[:200]
                self.troubles = (
                    f"changes are noticed by looking every {POLL_SECONDS} s: {why or type(error).__name__}",
                )
                self._changed([])
                self._watch_by_polling(paths, now, stop, recursive=recursive)

    def _watch_by_polling(
        self, paths: list[Path], now: WatchedPaths, stop: threading.Event, *, recursive: bool
    ) -> None:
        before = _file_stamps(paths, recursive=recursive)
        while not stop.wait(POLL_SECONDS):
            after = _file_stamps(paths, recursive=recursive)
            changed = sorted(path for path, _ in before.items() ^ after.items())
            concerning = [path for path in dict.fromkeys(changed) if now.is_relevant(path)]
            before = after
            if concerning and not stop.is_set():
                self._changed(concerning)

    def _watch_by_events(self, paths: list[Path], now: WatchedPaths, stop: threading.Event, *, recursive: bool) -> None:
        from watchfiles import watch

        seen = watch(
            *paths, watch_filter=None, debounce=DEBOUNCE_MILLISECONDS, step=STEP_MILLISECONDS, stop_event=stop, rust_timeout=500,
            recursive=recursive, raise_interrupt=False, ignore_permission_denied=True,
        )  # fmt: skip
        for changes in seen:
            paths = [path for _, name in changes if now.is_relevant(path := Path(name))]
            if paths and not stop.is_set():
                self._changed(paths)


def _file_stamps(folders: list[Path], *, recursive: bool) -> dict[Path, tuple[int, int]]:
    """When each file was written and how large it is; what goes away meanwhile is not there."""
    found: dict[Path, tuple[int, int]] = {}
    for folder in folders:
        for path in folder.rglob("*") if recursive else folder.glob("*"):
            try:
                status = path.lstat()
            except OSError:
                continue
            if not S_ISDIR(status.st_mode):
                found[path] = (status.st_mtime_ns, status.st_size)
    return found
