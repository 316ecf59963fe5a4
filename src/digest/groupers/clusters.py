"""Which texts tell of one event: average link on the cosine of weighted words, within a language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING

from digest.groupers.vectors import TextVectors, cosine_matrix, near_pairs, tfidf_vectors
from digest.text.dates import moment_in_utc
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from digest.groupers.vectors import FloatArray, IntArray
    from digest.model import Article

OPENING_WORDS = 300  # words of the text that count; what comes later is background
TITLE_WEIGHT = 3  # a word of the title counts as this many in the text
MAX_DISTANCE = 0.84  # mean distance (1 - cosine) up to which texts are of one event
MAX_DISTANCE_TITLES_ONLY = 0.80  # the same where there are only headlines
MAX_DISTANCE_FEW_TEXTS = (
    0.80  # and where there are so few texts that the words of their common subject weigh as much as others
)
FEW_TEXTS = 20
MAX_TEXTS_ALL_PAIRS = 2000  # texts from which only near ones are compared
MIN_NEAR_COSINE = 0.3  # cosine from which two of many texts are near
COSINE_STEP = 0.05  # by how much that grows where it connects too many
NEAR_WINDOW_DAYS = 2  # days between near ones of many
MIN_COMMON_TEXTS = 3  # of few texts, that hold a word of their common subject, and half of them
MIN_PAIR_COSINE, MIN_PAIR_TITLE_WORDS = 0.24, 2  # two texts alone: nearer than this, or two words of a title in common
MIN_MEMBER_COSINE = 0.22  # mean cosine to the others below which a member needs a word of their titles


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageClusters:
    """Texts of one language, as vectors and as clusters of positions."""

    positions: tuple[int, ...]  # the texts' places in the whole input
    vectors: TextVectors
    members: tuple[tuple[int, ...], ...]  # each cluster's rows of `vectors`, in order of its first row
    events: tuple[tuple[int, ...], ...]  # rows that tell of one event: parts of clusters, where precision counts


def cluster_articles(articles: Sequence[Article]) -> list[LanguageClusters]:
    """The clusters of articles that tell of one event, language by language."""
    languages: dict[str, list[int]] = {}
    for position, article in enumerate(articles):
        languages.setdefault(article.language, []).append(position)
    return [_cluster_language(articles, positions) for positions in languages.values()]


def event_key(keys: Iterable[str]) -> str:
    """A name of an event from its members' keys; a new member rarely changes it."""
    return "event-" + min(sha256(key.encode("utf-8", "replace")).hexdigest() for key in keys)[:12]


def event_keys(articles: Sequence[Article], found: Iterable[LanguageClusters]) -> dict[int, str]:
    """The key of the event of every article, by its position."""
    events: dict[int, str] = {}
    for one in found:
        for members in one.events:
            positions = [one.positions[member] for member in members]
            events |= dict.fromkeys(positions, event_key(articles[position].key for position in positions))
    return events


def weighted_stem_counts(article: Article) -> Counter[str]:
    """Stems of the title, TITLE times, and of the first OPENING words."""
    counts = Counter(content_stems(" ".join(_opening_words(article)), article.language))
    for stem in content_stems(article.title or "", article.language):
        counts[stem] += TITLE_WEIGHT
    return counts


def cluster_by_average_link(
    alike: FloatArray, cut: float, groups: Sequence[Sequence[int]] | None = None
) -> list[list[int]]:
    """Clusters whose mean distance (1 - alike) stays within `cut`, by nearest-neighbour chains (Murtagh 1983).

    `groups` are what the rows stand for when clustering goes on where it stopped; single texts by default.
    """
    import numpy as np

    count = len(alike)
    likeness = alike.copy()
    np.fill_diagonal(likeness, -np.inf)
    members = {row: [row] if groups is None else list(groups[row]) for row in range(count)}
    chain: list[int] = []
    waiting = list(range(count - 1, -1, -1))
    while chain or waiting:
        if not chain:
            start = waiting.pop()
            if start not in members:
                continue
            chain.append(start)
        last = chain[-1]
        nearest = int(likeness[last].argmax())
        best = likeness[last, nearest]
        if len(chain) > 1 and likeness[last, chain[-2]] >= best:
            nearest = chain[-2]
        if best < 1 - cut:
            likeness[last, :] = likeness[:, last] = -np.inf  # nothing near enough will ever come nearer
            chain.pop()
        elif len(chain) > 1 and nearest == chain[-2]:
            del chain[-2:]
            _merge_clusters(likeness, members, *sorted((last, nearest)))
            waiting.append(min(last, nearest))
        else:
            chain.append(nearest)
    return [members[first] for first in sorted(members, key=lambda first: members[first][0])]


def _merge_clusters(likeness: FloatArray, members: dict[int, list[int]], one: int, other: int) -> None:
    import numpy as np

    first, second = len(members[one]), len(members[other])
    joined = (first * likeness[one] + second * likeness[other]) / (first + second)
    likeness[one, :] = likeness[:, one] = joined
    likeness[one, one] = -np.inf
    likeness[other, :] = likeness[:, other] = -np.inf
    members[one] = sorted(members[one] + members.pop(other))


def _cluster_language(articles: Sequence[Article], positions: Sequence[int]) -> LanguageClusters:
    vectors = tfidf_vectors([weighted_stem_counts(articles[position]) for position in positions])
    full = sum(bool(articles[position].paragraphs) for position in positions) * 2 > len(positions)
    cut = (
        (MAX_DISTANCE_FEW_TEXTS if len(positions) <= FEW_TEXTS else MAX_DISTANCE) if full else MAX_DISTANCE_TITLES_ONLY
    )
    if len(positions) <= MAX_TEXTS_ALL_PAIRS:
        found = cluster_by_average_link(cosine_matrix(vectors), cut)
    else:
        found = _cluster_many(vectors, [articles[position].published for position in positions], cut)
    found.sort(key=lambda rows: rows[0])
    events = _find_events([articles[position] for position in positions], vectors, found)
    return LanguageClusters(
        positions=tuple(positions), vectors=vectors, members=tuple(map(tuple, found)), events=tuple(map(tuple, events))
    )


def _find_events(articles: Sequence[Article], vectors: TextVectors, found: list[list[int]]) -> list[list[int]]:
    """The clusters without strangers; of a few texts, clusters that share more than their common subject.

    Few texts are often gathered for one subject ("NATO"): the words of half of them tell no event apart.
    """
    if len(articles) <= FEW_TEXTS:
        counts = [weighted_stem_counts(article) for article in articles]
        held = Counter(stem for count in counts for stem in count)
        common = {stem for stem, often in held.items() if often >= max(MIN_COMMON_TEXTS, len(articles) / 2)}
        telling = [{stem: often for stem, often in count.items() if stem not in common} for count in counts]
        found = cluster_by_average_link(cosine_matrix(tfidf_vectors(telling)), MAX_DISTANCE)
    titles = [frozenset(content_stems(article.title or "", article.language)) for article in articles]
    return [part for rows in found for part in _split_off_strangers(rows, vectors, titles)]


def _split_off_strangers(
    rows: Sequence[int], vectors: TextVectors, titles: Sequence[frozenset[str]]
) -> list[list[int]]:
    """The cluster without members that are only loosely near and share too few words of their titles with any other's."""
    import numpy as np

    rest, alone = list(rows), list[list[int]]()
    while 1 < len(rest) <= MAX_TEXTS_ALL_PAIRS:
        alike = cosine_matrix(vectors.subset(rest))
        np.fill_diagonal(alike, 0.0)
        means = alike.sum(axis=1) / (len(rest) - 1)
        least, words = (MIN_PAIR_COSINE, MIN_PAIR_TITLE_WORDS) if len(rest) == 2 else (MIN_MEMBER_COSINE, 1)
        strangers = [
            place
            for place in np.flatnonzero(means < least).tolist()
            if titles[rest[place]] and _shared_title_words(titles, rest[place], rest) < words
        ]
        if not strangers:
            break
        alone.append([rest.pop(min(strangers, key=lambda place: (means[place], place)))])
    return [rest, *alone]


def _shared_title_words(titles: Sequence[frozenset[str]], row: int, rows: Sequence[int]) -> int:
    """How many words of its title a text shares with the title of another of these, at most."""
    return max(len(titles[row] & titles[other]) for other in rows if other != row)


def _cluster_many(vectors: TextVectors, published: Sequence[datetime | date | None], cut: float) -> list[list[int]]:
    """Average link where all pairs are too many: inside what near ones connect, then between the means of what came out.

    The mean likeness of two clusters is the product of their mean vectors, so going on from means is no approximation.
    """
    import numpy as np

    days = np.array([moment_in_utc(date, UTC).toordinal() if date else 0 for date in published], np.int64)
    if not all(published):
        days[:] = 0
    groups, least = [[row] for row in range(len(vectors))], MIN_NEAR_COSINE
    while True:
        means = vectors.group_means(groups)
        first = np.array([days[rows].min() for rows in groups])
        joined: list[list[int]] = []
        for piece in _connected_groups(means, first, least):
            inside = [groups[row] for row in piece]
            joined += (
                cluster_by_average_link(cosine_matrix(means.subset(piece)), cut, inside) if len(piece) > 1 else inside
            )
        if len(joined) == len(groups):
            return joined
        groups, least = joined, 1 - cut


def _connected_groups(vectors: TextVectors, days: IntArray, least: float) -> list[list[int]]:
    """Texts that no chain of likeness connects; where a piece is too large for all its pairs, a stricter likeness."""
    import numpy as np

    one, other, cosine = near_pairs(vectors, least, days, NEAR_WINDOW_DAYS)
    pieces, waiting = list[list[int]](), np.arange(len(vectors))
    while len(waiting):
        label = _component_labels(len(vectors), one, other)
        ranked = waiting[np.argsort(label[waiting], kind="stable")]
        groups = np.split(ranked, np.flatnonzero(np.diff(label[ranked])) + 1)
        if least + COSINE_STEP > 1:  # a flood of equal texts: any share of them will do, their means meet later
            groups = [
                group[first : first + MAX_TEXTS_ALL_PAIRS]
                for group in groups
                for first in range(0, len(group), MAX_TEXTS_ALL_PAIRS)
            ]
        pieces += [group.tolist() for group in groups if len(group) <= MAX_TEXTS_ALL_PAIRS]
        waiting = np.concatenate(
            [np.zeros(0, np.int64), *(group for group in groups if len(group) > MAX_TEXTS_ALL_PAIRS)]
        )
        least += COSINE_STEP
        keep = (cosine >= least) & np.isin(one, waiting)
        one, other, cosine = one[keep], other[keep], cosine[keep]
    return pieces


def _component_labels(count: int, one: IntArray, other: IntArray) -> IntArray:
    """The least position that each text is connected to."""
    import numpy as np

    label = np.arange(count)
    while True:
        before = label.copy()
        least = np.minimum(label[one], label[other])
        np.minimum.at(label, one, least)
        np.minimum.at(label, other, least)
        label = label[label]
        if (label == before).all():
            return label


def _opening_words(article: Article) -> list[str]:
    opening: list[str] = []
    for paragraph in article.paragraphs:
        opening += paragraph.split()
        if len(opening) >= OPENING_WORDS:
            break
    return opening[:OPENING_WORDS]
