"""Texts as weighted words: counts, inverse document frequency, unit vectors, their cosines. numpy only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]

MAX_COMMON_SHARE = 0.25  # a word in more than this share of the texts separates none of them
MIN_TEXTS_FOR_COMMON = 20  # below this number of texts no word is left out for being common
BACKGROUND_TEXTS = 100  # unseen texts assumed beside those at hand
BACKGROUND_RATE = 0.02  # share of them that hold a word, whichever it is
MAX_SPARSE_TEXTS = 64  # words in more texts than this are multiplied as dense columns, rarer ones pair by pair
MAX_HEAVY_WORDS = 30  # words of a text that count when there are too many texts to compare all
_BLOCK_COLUMNS = 256  # dense columns at once
_BLOCK_TEXTS = 64  # texts compared at once


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVectors:
    """Unit vectors of texts over a shared vocabulary, row by row (compressed sparse rows)."""

    names: tuple[str, ...]  # the vocabulary
    starts: IntArray  # row i is terms[starts[i]:starts[i + 1]]
    terms: IntArray
    weights: FloatArray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row_slice(self, position: int) -> slice:
        """Where the words of one text stand in `terms` and `weights`."""
        return slice(int(self.starts[position]), int(self.starts[position + 1]))

    def subset(self, positions: Sequence[int]) -> TextVectors:
        """Some of the texts, over the vocabulary that they use."""
        import numpy as np

        places = np.concatenate([np.arange(self.starts[one], self.starts[one + 1]) for one in positions])
        lengths = [self.starts[one + 1] - self.starts[one] for one in positions]
        starts = np.concatenate(([0], np.cumsum(lengths)))
        used, terms = np.unique(self.terms[places], return_inverse=True)
        names = tuple(self.names[term] for term in used.tolist())
        return TextVectors(names=names, starts=starts, terms=terms, weights=self.weights[places])

    def group_means(self, groups: Sequence[Sequence[int]]) -> TextVectors:
        """The mean of each group of texts (not a unit vector); every text is in one group."""
        import numpy as np

        sizes = np.array([len(group) for group in groups], np.int64)
        owner = np.empty(len(self), np.int64)
        owner[np.concatenate([np.asarray(group, np.int64) for group in groups])] = np.repeat(
            np.arange(len(groups)), sizes
        )
        cells = np.repeat(owner, np.diff(self.starts)) * len(self.names) + self.terms
        used, place = np.unique(cells, return_inverse=True)
        rows, terms = used // max(1, len(self.names)), used % max(1, len(self.names))
        starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(groups)))))
        sums = np.bincount(place, weights=self.weights, minlength=len(used))
        return TextVectors(names=self.names, starts=starts, terms=terms, weights=sums / sizes[rows])

    def row_weights(self, position: int) -> dict[str, float]:
        """The words of one text and their weights."""
        named = (self.names[term] for term in self.terms[self.row_slice(position)].tolist())
        return dict(zip(named, self.weights[self.row_slice(position)].tolist(), strict=True))


def word_rarity(often: int, texts: int) -> float:
    """How rare a word is that `often` of `texts` hold, with BACKGROUND unseen texts that hold it at the rate USUAL.

    Without them the texts of a small issue would call whatever only one of them says a rarity.
    """
    return log((texts + BACKGROUND_TEXTS + 1) / (often + BACKGROUND_TEXTS * BACKGROUND_RATE + 1))


def tfidf_vectors(counts: Sequence[Mapping[str, int]]) -> TextVectors:
    """Unit vectors by 1 + ln((1 + n) / (1 + df)) (Salton & Buckley 1988, smoothed); common words left out."""
    df = Counter(chain.from_iterable(counts))
    most = MAX_COMMON_SHARE * len(counts) if len(counts) > MIN_TEXTS_FOR_COMMON else len(counts)
    kept = {word: 1 + log((1 + len(counts)) / (1 + often)) for word, often in df.items() if often <= most}
    return unit_vectors(counts, kept)


def unit_vectors(counts: Sequence[Mapping[str, int]], worth: Mapping[str, float]) -> TextVectors:
    """Unit vectors of word counts by (1 + ln count) x worth; words without worth are left out."""
    import numpy as np

    names = {name: number for number, name in enumerate(worth)}
    kept = [[(names[word], often) for word, often in count.items() if word in names] for count in counts]
    lengths = np.array([len(one) for one in kept], np.int64)
    terms = np.fromiter((term for one in kept for term, _ in one), np.int64, int(lengths.sum()))
    often = np.fromiter((often for one in kept for _, often in one), np.float64, len(terms))
    rows = np.repeat(np.arange(len(counts)), lengths)
    weights = (1 + np.log(often)) * np.fromiter(worth.values(), np.float64, len(worth))[terms]
    norms = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(counts)))
    starts = np.concatenate(([0], np.cumsum(lengths)))
    return TextVectors(names=tuple(names), starts=starts, terms=terms, weights=weights / np.maximum(norms, 1e-12)[rows])


def cosine_matrix(vectors: TextVectors) -> FloatArray:
    """The cosine of every two texts, as a square matrix; a text without words is like no other."""
    import numpy as np

    count = len(vectors)
    rows = np.repeat(np.arange(count), np.diff(vectors.starts))
    order = np.argsort(vectors.terms, kind="stable")
    terms, rows, weights = vectors.terms[order], rows[order], vectors.weights[order]
    df = np.bincount(terms, minlength=len(vectors.names))
    starts = np.concatenate(([0], np.cumsum(df)))
    alike = np.zeros(count * count)
    for often in np.unique(df[(df > 1) & (df <= MAX_SPARSE_TEXTS)]).tolist():
        place = starts[:-1][df == often][:, None] + np.arange(often)
        one, other = np.triu_indices(often, 1)
        pairs = rows[place][:, one] * count + rows[place][:, other]
        products = weights[place][:, one] * weights[place][:, other]
        alike += np.bincount(pairs.ravel(), weights=products.ravel(), minlength=count * count)
    square = alike.reshape(count, count)
    square += square.T
    frequent = np.flatnonzero(df > MAX_SPARSE_TEXTS)
    for first in range(0, len(frequent), _BLOCK_COLUMNS):
        dense = np.zeros((count, _BLOCK_COLUMNS))
        for column, term in enumerate(frequent[first : first + _BLOCK_COLUMNS].tolist()):
            place = slice(starts[term], starts[term + 1])
            dense[rows[place], column] = weights[place]
        square += dense @ dense.T
    np.fill_diagonal(square, 1.0)
    return square


def near_pairs(
    vectors: TextVectors, least: float, days: IntArray, window: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Every two texts whose cosine is at least `least`, at most `window` days apart: (one, other, cosine).

    Works on the HEAVY heaviest words of each text, some texts at a time, so that time and memory stay far from
    the square of their number.
    """
    import numpy as np

    count = len(vectors)
    order = np.argsort(days, kind="stable")
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    first = np.searchsorted(days[order], days[order] - window)
    rows, terms, weights = _heaviest_words(vectors, rank)
    keys = terms * count + rows
    by_term = np.argsort(keys, kind="stable")
    keys, held, worth = keys[by_term], rows[by_term], weights[by_term]
    begins = np.searchsorted(rows, np.arange(count + 1))
    found: list[tuple[IntArray, IntArray, FloatArray]] = []
    for start in range(0, count, _BLOCK_TEXTS):
        stop = min(count, start + _BLOCK_TEXTS)
        mine = slice(int(begins[start]), int(begins[stop]))
        low = np.searchsorted(keys, terms[mine] * count + first[rows[mine]])
        lengths = np.searchsorted(keys, terms[mine] * count + rows[mine]) - low
        place = np.repeat(low - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))
        base = int(first[start])
        span = stop - base
        cells = np.repeat(rows[mine] - start, lengths) * span + held[place] - base
        sums = np.bincount(cells, np.repeat(weights[mine], lengths) * worth[place], (stop - start) * span).astype(
            np.float64, copy=False
        )
        near = np.flatnonzero(sums >= least)
        found.append((order[near // span + start], order[near % span + base], sums[near]))
    one, other, cosine = zip(*found, strict=True)
    return np.concatenate(one), np.concatenate(other), np.concatenate(cosine)


def _heaviest_words(vectors: TextVectors, rank: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """The heaviest words of every text as (rank of the text, word, weight), in order of rank."""
    import numpy as np

    rows = np.repeat(rank, np.diff(vectors.starts))
    order = np.lexsort((vectors.terms, -vectors.weights, rows))
    rows = rows[order]
    begins = np.searchsorted(rows, np.arange(len(vectors)))
    keep = np.arange(len(rows)) - begins[rows] < MAX_HEAVY_WORDS
    return rows[keep], vectors.terms[order][keep], vectors.weights[order][keep]
