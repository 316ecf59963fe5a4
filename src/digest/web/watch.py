"""Watching what an issue is made from: the configuration, templates, articles, readers."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from digest.config import Config

WILD = frozenset("*?[")
SETTLE = 60  # ms: editors write, rename and touch; one rebuild for all of it
STEP = 20  # ms between looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Files to watch by name, and folders to watch with all that is in them."""

    files: frozenset[Path]
    trees: frozenset[Path]

    def concerns(self, path: Path) -> bool:
        """True when a change of `path` can change an issue."""
        if path in self.files:
            return True
        return any(path.is_relative_to(tree) for tree in self.trees) and not path.name.startswith((".", "__pycache__"))

    @property
    def folders(self) -> frozenset[Path]:
        """The folders of the files: editors replace a file, so the file itself is no good handle."""
        return frozenset(file.parent for file in self.files if file.parent.is_dir())


def watched(config_path: Path, config: Config | None) -> Watched:
    """What the issues of a configuration depend on; of a broken one only the file itself."""
    files, trees = {config_path.resolve()}, set()
    for path in _paths_of(config) if config else ():
        base = fixed_part(path)
        if base.is_dir() and base != config_path.resolve().parent:
            trees.add(base.resolve())
        else:
            files.add(base.resolve())
    return Watched(files=frozenset(files), trees=frozenset(trees))


def fixed_part(path: Path) -> Path:
    """`seeds/*.txt` -> `seeds`: what a glob does not leave open."""
    parts = []
    for part in path.parts:
        if WILD & set(part):
            break
        parts.append(part)
    return Path(*parts)


def _paths_of(config: Config) -> Iterator[Path]:
    """Every path among the options of sources and style, the packaged templates, and the file of readers."""
    from digest.render.parts import packaged

    yield packaged()
    for key, edition in config.editions.items():
        for plugin in (*edition.sources, edition.style):
            values: list[Any] = [getattr(plugin, field.name) for field in dataclasses.fields(cast("Any", plugin))]
            yield from (value for value in values if isinstance(value, Path))
        readers = config.data["editions"][key].get("subscribers")
        if isinstance(readers, str):
            yield config.path.parent / readers


class Watcher:
    """Calls `changed` soon after something that concerns an issue was written."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._watched: Watched | None = None
        self._stop = threading.Event()

    def follow(self, now: Watched) -> None:
        """Watch these from now on."""
        if now == self._watched:
            return
        self._stop.set()
        self._watched, self._stop = now, threading.Event()
        for paths, recursive in ((now.folders, False), (frozenset(t for t in now.trees if t.is_dir()), True)):
            if paths:
                threading.Thread(
                    target=self._look,
                    args=(sorted(paths), now, self._stop),
                    kwargs={"recursive": recursive},
                    daemon=True,
                ).start()

    def close(self) -> None:
        """Watch nothing any more."""
        self._stop.set()

    def _look(self, paths: list[Path], now: Watched, stop: threading.Event, *, recursive: bool) -> None:
        from watchfiles import watch

        seen = watch(
            *paths, watch_filter=None, debounce=SETTLE, step=STEP, stop_event=stop, rust_timeout=500,
            recursive=recursive, raise_interrupt=False, ignore_permission_denied=True,
        )  # fmt: skip
        for changes in seen:
            if not stop.is_set() and any(now.concerns(Path(path)) for _, path in changes):
                self._changed()
