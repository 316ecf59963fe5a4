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

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

COMMON = 0.25  # a word in more than this share of the texts separates none of them
MANY = 20  # below this number of texts no word is left out for being common
FREQUENT = 64  # words in more texts than this are multiplied as dense columns, rarer ones pair by pair
_BLOCK = 256  # dense columns at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """Unit vectors of texts over a shared vocabulary, row by row (compressed sparse rows)."""

    names: tuple[str, ...]  # the vocabulary
    starts: Places  # row i is terms[starts[i]:starts[i + 1]]
    terms: Places
    weights: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, position: int) -> dict[str, float]:
        """The words of one text and their weights."""
        place = slice(self.starts[position], self.starts[position + 1])
        named = (self.names[term] for term in self.terms[place].tolist())
        return dict(zip(named, self.weights[place].tolist(), strict=True))


def tfidf(counts: Sequence[Mapping[str, int]]) -> Vectors:
    """Unit vectors of word counts: (1 + ln tf) x (1 + ln((1 + n) / (1 + df))) (Salton & Buckley 1988, smoothed)."""
    import numpy as np

    names = {name: number for number, name in enumerate(dict.fromkeys(chain.from_iterable(counts)))}
    lengths = np.array([len(count) for count in counts], np.int64)
    terms = np.fromiter((names[name] for count in counts for name in count), np.int64, int(lengths.sum()))
    often = np.fromiter(chain.from_iterable(count.values() for count in counts), np.float64, len(terms))
    rows = np.repeat(np.arange(len(counts)), lengths)
    df = np.bincount(terms, minlength=len(names))
    if len(counts) > MANY:
        keep = (df <= COMMON * len(counts))[terms]
        terms, often, rows = terms[keep], often[keep], rows[keep]
    weights = (1 + np.log(often)) * (1 + np.log((1 + len(counts)) / (1 + df)))[terms]
    norms = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(counts)))
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(counts)))))
    return Vectors(names=tuple(names), starts=starts, terms=terms, weights=weights / norms[rows])


def cosines(vectors: Vectors) -> Floats:
    """The cosine of every two texts, as a square matrix; a text without words is like no other."""
    import numpy as np

    count = len(vectors)
    rows = np.repeat(np.arange(count), np.diff(vectors.starts))
    order = np.argsort(vectors.terms, kind="stable")
    terms, rows, weights = vectors.terms[order], rows[order], vectors.weights[order]
    df = np.bincount(terms, minlength=len(vectors.names))
    starts = np.concatenate(([0], np.cumsum(df)))
    alike = np.zeros(count * count)
    for often in np.unique(df[(df > 1) & (df <= FREQUENT)]).tolist():
        place = starts[:-1][df == often][:, None] + np.arange(often)
        one, other = np.triu_indices(often, 1)
        pairs = rows[place][:, one] * count + rows[place][:, other]
        products = weights[place][:, one] * weights[place][:, other]
        alike += np.bincount(pairs.ravel(), weights=products.ravel(), minlength=count * count)
    square = alike.reshape(count, count)
    square += square.T
    frequent = np.flatnonzero(df > FREQUENT)
    for first in range(0, len(frequent), _BLOCK):
        dense = np.zeros((count, _BLOCK))
        for column, term in enumerate(frequent[first : first + _BLOCK].tolist()):
            place = slice(starts[term], starts[term + 1])
            dense[rows[place], column] = weights[place]
        square += dense @ dense.T
    np.fill_diagonal(square, 1.0)
    return square


def inverse_frequency(words: Sequence[frozenset[str]]) -> dict[str, float]:
    """ln((n + 1) / (df + 1)) of every word, n texts given as sets of words."""
    df = Counter(chain.from_iterable(words))
    return {word: log((len(words) + 1) / (often + 1)) for word, often in df.items()}
