"""Runs of words that very many texts hold: furniture of sites, or a text that is copied everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    IntArray = NDArray[np.int64]

MAX_TEXTS_PER_SHINGLE = 50  # a run in more texts than this says nothing about any two of them
MIN_CROWDED_SHARE = 0.8  # of a text's runs that so many hold: it is a copy of a text that many have


class CrowdedRuns:
    """The runs that more than CROWD texts hold: furniture, unless they are nearly all that a text has.

    Many near-copies of one text consist of such runs. Each is compared with one text only, the longest that holds the run,
    which is the same for nearly all runs of a copied text: linear where all pairs would be the square.
    """

    def __init__(self, count: int) -> None:
        import numpy as np

        self._count = count
        self._total = np.zeros(count, np.int64)  # runs of each text
        self._crowded = np.zeros(count, np.int64)  # those among them that a crowd holds
        self._kept: list[tuple[Keys, IntArray]] = []

    def set_aside(self, runs: Keys, owners: IntArray) -> None:
        """Take note of the crowded runs among sorted ones."""
        import numpy as np

        _, lengths = equal_value_spans(runs)
        often = np.repeat(lengths, lengths) > MAX_TEXTS_PER_SHINGLE
        self._total += np.bincount(owners, minlength=self._count)
        self._crowded += np.bincount(owners[often], minlength=self._count)
        if often.any():
            self._kept.append((runs[often], owners[often]))

    def pairs_with_hubs(self, words: IntArray, sizes: IntArray) -> Iterator[IntArray]:
        """Couples of copied texts and the hubs of their runs, as `_shared_text_pairs` packs them; counts them in `sizes`."""
        import numpy as np

        copied = self._crowded >= np.maximum(1, MIN_CROWDED_SHARE * self._total)
        for runs, owners in self._kept:
            mine = copied[owners]
            part, members = runs[mine], owners[mine]
            if not len(part):
                continue
            sizes += np.bincount(members, minlength=self._count)
            order = np.lexsort((members, -words[members], part))
            starts, lengths = equal_value_spans(part[order])
            hubs = np.repeat(members[order][starts], lengths)
            others = members[order]
            apart = hubs != others
            low, high = np.minimum(hubs, others)[apart], np.maximum(hubs, others)[apart]
            yield low * self._count + high


def equal_value_spans(values: Keys) -> tuple[IntArray, IntArray]:
    """Starts and lengths of the stretches of equal values in a sorted array."""
    import numpy as np

    if not len(values):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    return starts, np.diff(np.append(starts, len(values)))
