"""The beginning of each document: the baseline that news is hard to beat with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSummariser:
    """Rank sentences by their place: the first of every document, then the second of every document, ..."""

    def choose(self, documents: Sequence[Sequence[str]], budget: Budget, language: str) -> list[tuple[int, int]]:
        """Every position (document, sentence), best first."""
        del budget, language
        places = [(number, place) for number, document in enumerate(documents) for place in range(len(document))]
        return sorted(places, key=lambda position: (position[1], position[0]))
