"""Which stories make the gate refuse an issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_TRIALS = 100  # issues printed on trial; ten bad stories among a hundred need about eighty


def find_refused_stories(stories: Sequence[str], refused: Callable[[Sequence[str]], bool]) -> list[str]:
    """The stories without which `refused` passes the rest, found by halving; none when too many would have to go.

    `refused` judges an issue of the named stories only; it is taken to pass the issue of none.
    """
    left, blamed, trials = list(stories), list[str](), 1
    while left and refused(left):
        passes, fails = 0, len(left)  # numbers of first stories
        while fails - passes > 1:
            middle = (passes + fails) // 2
            passes, fails = (passes, middle) if refused(left[:middle]) else (middle, fails)
            trials += 1
        blamed.append(left.pop(fails - 1))
        trials += 1
        if trials > MAX_TRIALS:
            return []
    return blamed
