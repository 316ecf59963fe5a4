"""Runs of words: which texts share how much of their wording. Vectorised, deterministic, linear in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from digest.stages.dedupe.crowds import MAX_TEXTS_PER_SHINGLE, CrowdedRuns, equal_value_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    IntArray = NDArray[np.int64]

# Letters and digits only: quotes and dashes differ between copies of one text.
ALPHANUMERIC_WORD = re.compile(r"[^\W_]+")
SHINGLE_WORDS = 4  # words in a run
MAX_SITE_TITLES_PER_SHINGLE = 3  # a run in more differently titled texts of one host than this is furniture of the site
MIN_SHARED_SHINGLES = 8  # runs that two texts must share before they are compared at all

_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, so that multiplication loses nothing (Knuth's golden ratio)
_BATCH_TEXTS = 512
_PARTITION_COUNT = 16  # the runs are sorted in parts, so that memory stays near that of the runs themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaps:
    """What texts share, by their positions in the input."""

    same: tuple[int, ...]  # for each text the first with the very same words: itself, or an earlier one
    words: tuple[int, ...]  # words of each text
    sizes: tuple[int, ...]  # distinct runs of each text, without furniture
    common: Mapping[tuple[int, int], int]  # (earlier, later) -> runs in common, where at least LEAST

    def containment(self, one: int, other: int) -> float:
        """Share of the shorter text's runs that the other holds, 0..1 (Broder 1997)."""
        one, other = self.same[one], self.same[other]
        if one == other:
            return 1.0
        shared = self.common.get((min(one, other), max(one, other)), 0)
        return min(1.0, shared / max(1, min(self.sizes[one], self.sizes[other])))


def count_overlaps(texts: Iterable[str], hosts: Sequence[str], titles: Sequence[str]) -> Overlaps:
    """Count the runs of words that every two texts share.

    A run in more than SITE differently titled texts of one host, or in more than CROWD texts, is furniture:
    it is not counted, and taken off the size of the texts that hold it. A text with the very same words as
    an earlier one is not counted a second time; `common` and `sizes` know the earlier one only.
    """
    import numpy as np

    count = len(hosts)
    parts, same, words = _partition_shingles(texts, count)
    sites, names = _number_labels(hosts), _number_labels(titles)
    sizes = np.zeros(count, np.int64)
    pairs: list[IntArray] = []
    times: list[NDArray[np.uint32]] = []
    crowded = CrowdedRuns(count)
    for part in parts:
        runs, owners = _unpack_partition(part, count)
        crowded.set_aside(runs, owners)
        keep = _informative_mask(runs, owners, sites, names)
        runs, owners = runs[keep], owners[keep]
        sizes += np.bincount(owners, minlength=count)
        found, often = np.unique(_shared_text_pairs(runs, owners, count), return_counts=True)
        pairs.append(found)
        times.append(often.astype(np.uint32))
    for found in crowded.pairs_with_hubs(np.array(words, np.int64), sizes):
        pairs.append(found)
        times.append(np.ones(len(found), np.uint32))
    common = _sum_pair_counts(pairs, times, count)
    return Overlaps(same=tuple(same), words=tuple(words), sizes=tuple(sizes[same].tolist()), common=common)


def shingle_hashes(text: str) -> Keys:
    """The distinct runs of one text as sorted 64-bit numbers, the same in every process."""
    import numpy as np

    hashes, _ = _hash_shingles([_hash_words(text, _WordHashes())])
    return np.unique(hashes)


def alphanumeric_words(text: str) -> list[str]:
    """The letters-and-digits words of `text` in lower case."""
    return ALPHANUMERIC_WORD.findall(text.lower())


class _WordHashes(dict[str, int]):
    """A stable 64-bit number for every word, worked out once per distinct word."""

    def __missing__(self, word: str) -> int:
        value = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")
        self[word] = value
        return value


def _hash_words(text: str, known: _WordHashes) -> Keys:
    import numpy as np

    found = alphanumeric_words(text)
    return np.fromiter(map(known.__getitem__, found), np.uint64, len(found))


def _hash_shingles(batch: Sequence[Keys]) -> tuple[Keys, IntArray]:
    """The hash of every run in a batch of texts, and the text (position in the batch) it is from."""
    import numpy as np

    values = np.concatenate(batch) if batch else np.zeros(0, np.uint64)
    owners = np.repeat(np.arange(len(batch)), [len(one) for one in batch])
    if len(values) < SHINGLE_WORDS:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    last = len(values) - SHINGLE_WORDS + 1
    hashes = values[:last].copy()
    for step in range(1, SHINGLE_WORDS):
        hashes *= np.uint64(_MULTIPLIER)
        hashes += values[step : step + last]
    inside = owners[:last] == owners[SHINGLE_WORDS - 1 :]
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(_MULTIPLIER)
    return hashes[inside], owners[:last][inside]


def _partition_shingles(texts: Iterable[str], count: int) -> tuple[Iterator[Keys], list[int], list[int]]:
    """All (run, text) couples packed into single numbers, in parts that share no run; `same` and words per text."""
    import numpy as np

    known, first = _WordHashes(), dict[bytes, int]()
    same, words = list[int](), list[int]()
    mask = np.uint64((1 << _position_bits(count)) - 1)
    borders = np.array([part << (64 - 4) for part in range(1, _PARTITION_COUNT)], np.uint64)
    buckets: list[list[Keys]] = [[] for _ in range(_PARTITION_COUNT)]
    for batch in _batch_texts(texts):
        values = [_hash_words(text, known) for text in batch]
        start = len(same)
        for position, one in enumerate(values, start):
            words.append(len(one))
            twin = (
                first.setdefault(blake2b(one.tobytes(), digest_size=16).digest(), position)
                if len(one) >= SHINGLE_WORDS
                else position
            )
            same.append(twin)
        new = [number for number in range(start, len(same)) if same[number] == number]
        hashes, owners = _hash_shingles([values[number - start] for number in new])
        packed = (hashes & ~mask) | np.array(new, np.uint64)[owners]
        packed.sort()
        for bucket, piece in zip(buckets, np.split(packed, np.searchsorted(packed, borders)), strict=True):
            bucket.append(piece)
    return _sort_partitions(buckets), same, words


def _batch_texts(texts: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(texts)
    while batch := list(islice(waiting, _BATCH_TEXTS)):
        yield batch


def _sort_partitions(buckets: list[list[Keys]]) -> Iterator[Keys]:
    import numpy as np

    for bucket in buckets:
        part = np.concatenate(bucket) if bucket else np.zeros(0, np.uint64)
        bucket.clear()
        part.sort()
        yield part


def _unpack_partition(part: Keys, count: int) -> tuple[Keys, IntArray]:
    """Distinct (run, text) couples of a sorted part; runs stay sorted."""
    import numpy as np

    if len(part):
        part = part[np.concatenate(([True], part[1:] != part[:-1]))]
    bits = np.uint64(_position_bits(count))
    return part >> bits, (part & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)


def _informative_mask(runs: Keys, owners: IntArray, sites: IntArray, names: IntArray) -> NDArray[np.bool_]:
    import numpy as np

    starts, lengths = equal_value_spans(runs)
    often = np.repeat(lengths, lengths)
    keep = often <= MAX_TEXTS_PER_SHINGLE
    place = np.flatnonzero(keep & (often > MAX_SITE_TITLES_PER_SHINGLE))
    if not len(place):
        return keep
    run = np.repeat(np.arange(len(starts)), lengths)[place]
    site, name = sites[owners[place]], names[owners[place]]
    order = np.lexsort((name, site, run))
    run, site, name = run[order], site[order], name[order]
    new_site = np.concatenate(([True], (run[1:] != run[:-1]) | (site[1:] != site[:-1])))
    new_name = new_site | np.concatenate(([True], name[1:] != name[:-1]))
    group = np.cumsum(new_site) - 1
    keep[place[order]] = np.bincount(group, weights=new_name)[group] <= MAX_SITE_TITLES_PER_SHINGLE
    return keep


def _shared_text_pairs(runs: Keys, owners: IntArray, count: int) -> IntArray:
    """Every couple of texts once for every run they share, packed as earlier * count + later."""
    import numpy as np

    starts, lengths = equal_value_spans(runs)
    found = [np.zeros(0, np.int64)]
    for length in np.unique(lengths[lengths > 1]).tolist():
        members = owners[starts[lengths == length][:, None] + np.arange(length)]
        one, other = np.triu_indices(length, 1)
        found.append((members[:, one] * count + members[:, other]).ravel())
    return np.concatenate(found)


def _sum_pair_counts(
    pairs: Sequence[IntArray], times: Sequence[NDArray[np.uint32]], count: int
) -> dict[tuple[int, int], int]:
    """How often each couple occurs in all parts, where that is at least LEAST; a share of the couples at a time."""
    import numpy as np

    sums: dict[tuple[int, int], int] = {}
    for share in range(_PARTITION_COUNT):
        mine = [found % _PARTITION_COUNT == share for found in pairs]
        found = np.concatenate([one[own] for one, own in zip(pairs, mine, strict=True)])
        often = np.concatenate([one[own] for one, own in zip(times, mine, strict=True)])
        order = np.argsort(found, kind="stable")
        couples, starts = np.unique(found[order], return_index=True)
        total = np.add.reduceat(often[order], starts) if len(starts) else often
        enough = total >= MIN_SHARED_SHINGLES
        for couple, common in zip(couples[enough].tolist(), total[enough].tolist(), strict=True):
            sums[couple // count, couple % count] = common
    return sums


def _number_labels(labels: Iterable[str]) -> IntArray:
    """A number for every label, equal for equal labels."""
    import numpy as np

    seen: dict[str, int] = {}
    return np.array([seen.setdefault(label, len(seen)) for label in labels], np.int64)


def _position_bits(count: int) -> int:
    return max(1, (count - 1).bit_length())
