"""Events that enough texts tell of: their name, and what makes each text one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from digest.groupers.relevance import ScorePart
from digest.groupers.theme_names import name_from_titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.groupers.clusters import LanguageClusters
    from digest.model import Article

MAX_CLUSTER_TERMS = 12  # words of an event that a text is held against


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterDescription:
    """A name for a cluster, and for each of its texts the shared words that make it one of them."""

    name: str
    parts: tuple[tuple[ScorePart, ...], ...]


def describe_cluster(
    articles: Sequence[Article], found: LanguageClusters, members: Sequence[int]
) -> ClusterDescription:
    """Name the cluster `members` of `found`; `articles` is the whole input that `found` was made from.

    The name is "" where no title has a word. The parts of a text sum to its cosine with the cluster's TERMS
    strongest words.
    """
    rows = [found.vectors.row_weights(member) for member in members]
    inside = [articles[found.positions[member]] for member in members]
    centre = _mean_weights(rows)
    strongest = dict(sorted(centre.items(), key=lambda term: (-term[1], term[0]))[:MAX_CLUSTER_TERMS])
    norm = sqrt(sum(weight * weight for weight in strongest.values())) or 1.0
    parts = tuple(
        tuple(
            ScorePart(stems=(stem,), weight=row[stem] * weight / norm)
            for stem, weight in strongest.items()
            if stem in row
        )
        for row in rows
    )
    return ClusterDescription(
        name=name_from_titles([article.title or "" for article in inside], centre, inside[0].language), parts=parts
    )


def _mean_weights(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for row in rows:
        for stem, weight in row.items():
            total[stem] += weight / len(rows)  # type: ignore[assignment]
    return dict(total)
