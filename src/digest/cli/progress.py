"""A progress line on a terminal, and nothing anywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDTH = 24


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A callable (stage, done, of) that redraws one line on stderr; silent when that is not a terminal."""
    shown = sys.stderr.isatty() and not quiet

    def draw(stage: str, done: int, of: int) -> None:
        if shown and of > 0:
            filled = WIDTH * done // of
            bar = "█" * filled + "░" * (WIDTH - filled)
            click.echo(f"\r{stage:<10} {bar} {done}/{of}\x1b[K", err=True, nl=False)

    try:
        yield draw
    finally:
        if shown:
            click.echo("\r\x1b[K", err=True, nl=False)
