"""Lines that a source prints under many articles: its template, not its news. They are remembered for each source.

Only the edges of an article are looked at, where templates stand. A line counts once for each article that has it, and
not for another version of the same article, which shares most of its lines.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from digest.model import DroppedPiece
from digest.text.boilerplate import comparison_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.model import Article

MIN_ARTICLES = 3  # of one source that have a line
EDGE_PARAGRAPHS = (2, 4)  # at the beginning and at the end of an article
MAX_REMEMBERED_LINES = 5_000  # of a source; the oldest go
VERSION_SHARE = 0.5  # of an article's edge lines that another has: it is a version of it


@dataclass(slots=True)
class RecurringLines:
    """Edge lines of the articles of one source, hashed, with the articles that have each."""

    articles_by_line: dict[str, list[str]] = field(default_factory=dict)  # the newest lines last

    @classmethod
    def from_json(cls, text: str) -> RecurringLines:
        """What `as_json` gave; nothing for what is something else."""
        try:
            read = json.loads(text)
            return cls({str(line): [str(one) for one in articles][:MIN_ARTICLES] for line, articles in read.items()})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def as_json(self) -> str:
        """The newest lines, for `from_json`."""
        newest = list(self.articles_by_line.items())[-MAX_REMEMBERED_LINES:]
        return json.dumps(dict(newest), separators=(",", ":"))

    def note_articles(self, articles: Iterable[Article]) -> None:
        """Count the edge lines of articles of the source."""
        for article in articles:
            own = _hash(article.key)
            for line in dict.fromkeys(_edge_lines(article).values()):
                holders = self.articles_by_line.pop(line, [])
                if own not in holders and len(holders) < 2 * MIN_ARTICLES:
                    holders.append(own)
                self.articles_by_line[line] = holders

    def drop_from(self, article: Article) -> Article:
        """The article without the lines that other articles of the source have as well; never without all of its text."""
        edges, own = _edge_lines(article), _hash(article.key)
        shared = Counter(one for line in set(edges.values()) for one in self.articles_by_line.get(line, ()))
        versions = {one for one, often in shared.items() if often > VERSION_SHARE * len(set(edges.values()))} | {own}
        recurring = {
            place
            for place, line in edges.items()
            if len(set(self.articles_by_line.get(line, ())) - versions) >= MIN_ARTICLES - 1
        }
        kept = tuple(text for place, text in enumerate(article.paragraphs) if place not in recurring)
        if not recurring or not kept:
            return article
        pieces = [DroppedPiece(text=article.paragraphs[place], reason="recurring line") for place in sorted(recurring)]
        return replace(article, paragraphs=kept, dropped=(*article.dropped, *pieces))


def drop_recurring_lines(articles: Sequence[Article], known: dict[str, RecurringLines]) -> list[Article]:
    """The articles without their sources' recurring lines; `known` (by source) is brought up to date."""
    by_source: dict[str, list[Article]] = {}
    for article in articles:
        by_source.setdefault(article.source, []).append(article)
    for source, inside in by_source.items():
        known.setdefault(source, RecurringLines()).note_articles(inside)
    return [known[article.source].drop_from(article) for article in articles]


def _edge_lines(article: Article) -> dict[int, str]:
    """The lines at the edges by their place, hashed in loose form."""
    first, last = EDGE_PARAGRAPHS
    count = len(article.paragraphs)
    places = [place for place in range(count) if place < first or place >= count - last]
    keys = {place: comparison_key(article.paragraphs[place]) for place in places}
    return {place: _hash(key) for place, key in keys.items() if key}


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()
