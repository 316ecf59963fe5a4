"""How much a text is about something named in a few words: coverage of the words, and what the surest texts lend."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from digest.text.words import stems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Article

SURE = 0.45  # score from which a text is about the named thing
TITLE = 3  # a word of the title counts as this many in the text
LENDERS = 3  # texts whose words are lent to the theme
LENT = 60  # words that they lend
SHARE = 0.4  # of the score that the lent words make
GAIN = 1.6  # cosine with the lent words that counts as full: 1 / GAIN
DENSE = 8  # occurrences from which a word says no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Addend:
    """One part of a score."""

    stem: str
    weight: float
    learnt: bool  # from the lent words, not from the theme's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Texts as counts of stems, with what their collection says about each stem."""

    titles: tuple[Counter[str], ...]
    bodies: tuple[Counter[str], ...]
    idf: Mapping[str, float]  # ln((n + 1) / (df + 1)); of a stem in no text, that of df = 1
    unseen: float
    length: float  # mean number of stems in a text

    @classmethod
    def of(cls, articles: Sequence[Article]) -> Corpus:
        """Count the stems of articles of one language."""
        titles = tuple(Counter(stems(article.title or "", article.language)) for article in articles)
        bodies = tuple(Counter(stems(article.text, article.language)) for article in articles)
        df = Counter(stem for title, body in zip(titles, bodies, strict=True) for stem in title.keys() | body.keys())
        idf = {stem: log((len(articles) + 1) / (often + 1)) for stem, often in sorted(df.items())}
        lengths = [body.total() or title.total() for title, body in zip(titles, bodies, strict=True)]
        length = sum(lengths) / max(1, len(lengths))
        return cls(titles=titles, bodies=bodies, idf=idf, unseen=log((len(articles) + 1) / 2), length=max(1.0, length))

    def __len__(self) -> int:
        return len(self.titles)

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a stem, never quite nothing."""
        return max(0.05, self.idf.get(stem, self.unseen))

    def often(self, position: int, stem: str) -> int:
        """Occurrences of a stem in one text, those of the title counted TITLE times."""
        return self.bodies[position][stem] + TITLE * self.titles[position][stem]

    def coverage(self, position: int, query: Mapping[str, float]) -> list[Addend]:
        """The parts of the coverage of a query (stem -> weight), 0..1 in sum: idf-weighted, saturating (BM25's curve)."""
        whole = sum(weight * self.rarity(stem) for stem, weight in query.items())
        length = (self.bodies[position].total() or self.titles[position].total()) / self.length
        parts = []
        for stem, weight in query.items():
            often = self.often(position, stem)
            if often:
                full = min(1.0, 2.2 * often / (often + 1.2 * (0.25 + 0.75 * length)))
                parts.append(Addend(stem=stem, weight=weight * self.rarity(stem) * full / whole, learnt=False))
        return parts

    def vector(self, position: int) -> dict[str, float]:
        """The unit vector of a text over its stems."""
        title, body = self.titles[position], self.bodies[position]
        counts = body or title
        weights = {stem: (1 + log(often + 2 * title[stem])) * self.idf[stem] for stem, often in counts.items()}
        return _unit(weights)

    def density(self, position: int, query: Mapping[str, float], rarity: Mapping[str, float]) -> float:
        """How densely a text uses the words of a query that tell the competing texts apart."""
        return sum(
            weight * self.rarity(stem) * max(0.1, rarity.get(stem, 1.0)) * min(DENSE, self.often(position, stem))
            for stem, weight in query.items()
        )


def lent_words(vectors: Sequence[Mapping[str, float]], covers: Sequence[float]) -> dict[str, float]:
    """The unit vector of the words that the texts of highest coverage lend; empty where none is sure."""
    best = sorted(range(len(covers)), key=lambda position: (-covers[position], position))[:LENDERS]
    centre: Counter[str] = Counter()
    for position in best:
        if covers[position] >= SURE:
            for stem, weight in vectors[position].items():
                centre[stem] += covers[position] * weight  # type: ignore[assignment]
    return _unit(dict(sorted(centre.items(), key=lambda term: (-term[1], term[0]))[:LENT]))


def blended(cover: Sequence[Addend], vector: Mapping[str, float], lent: Mapping[str, float]) -> list[Addend]:
    """The parts of a score: coverage, and the cosine with the lent words where there are some."""
    if not lent:
        return list(cover)
    shared = [
        Addend(stem=stem, weight=vector[stem] * weight, learnt=True) for stem, weight in lent.items() if stem in vector
    ]
    cosine = sum(part.weight for part in shared)
    scale = SHARE * min(1.0, GAIN * cosine) / cosine if cosine else 0.0
    own = [Addend(stem=part.stem, weight=(1 - SHARE) * part.weight, learnt=False) for part in cover]
    return own + [Addend(stem=part.stem, weight=scale * part.weight, learnt=True) for part in shared]


def total(parts: Sequence[Addend]) -> float:
    """The score that the parts make."""
    return sum(part.weight for part in parts)


def _unit(weights: dict[str, float]) -> dict[str, float]:
    norm = sqrt(sum(weight * weight for weight in weights.values()))
    return {stem: weight / norm for stem, weight in weights.items()} if norm else {}
