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
BACKGROUND = 100  # unseen texts assumed beside those at hand
USUAL = 0.02  # share of them that hold a word, whichever it is
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

    def place(self, position: int) -> slice:
        """Where the words of one text stand in `terms` and `weights`."""
        return slice(int(self.starts[position]), int(self.starts[position + 1]))

    def row(self, position: int) -> dict[str, float]:
        """The words of one text and their weights."""
        named = (self.names[term] for term in self.terms[self.place(position)].tolist())
        return dict(zip(named, self.weights[self.place(position)].tolist(), strict=True))


def rarity(often: int, texts: int) -> float:
    """How rare a word is that `often` of `texts` hold, with BACKGROUND unseen texts that hold it at the rate USUAL.

    Without them the texts of a small issue would call whatever only one of them says a rarity.
    """
    return log((texts + BACKGROUND + 1) / (often + BACKGROUND * USUAL + 1))


def tfidf(counts: Sequence[Mapping[str, int]]) -> Vectors:
    """Unit vectors by 1 + ln((1 + n) / (1 + df)) (Salton & Buckley 1988, smoothed); common words left out."""
    df = Counter(chain.from_iterable(counts))
    most = COMMON * len(counts) if len(counts) > MANY else len(counts)
    kept = {word: 1 + log((1 + len(counts)) / (1 + often)) for word, often in df.items() if often <= most}
    return unit_vectors(counts, kept)


def unit_vectors(counts: Sequence[Mapping[str, int]], worth: Mapping[str, float]) -> Vectors:
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
    return Vectors(names=tuple(names), starts=starts, terms=terms, weights=weights / np.maximum(norms, 1e-12)[rows])


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
