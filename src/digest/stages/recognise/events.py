"""Which event of earlier issues a story goes on with: the cosine of weighted words, as inside an issue."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import log, sqrt
from typing import TYPE_CHECKING

from digest.groupers.clusters import weighted_stem_counts
from digest.text.novelty import stem_hash

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Memory, PlacedStory, RememberedEvent, Theme

MIN_EVENT_COSINE = 0.2
MIN_COMMON_EVENTS = 20  # events that hold a word before it can be too common to count
MAX_EVENT_STEMS = 80  # words of an event that are remembered


def event_stems(placed: PlacedStory) -> Counter[int]:
    """The hashed content words of a story's articles, each article's counts divided by their number, scaled by ten."""
    total = Counter[int]()
    articles = [placed.story.lead, *(other.article for other in placed.story.others)]
    for article in articles:
        for stem, often in weighted_stem_counts(article).items():
            total[stem_hash(stem)] += often
    scaled = {code: round(10 * often / len(articles)) for code, often in total.items()}
    return Counter(dict(sorted(scaled.items(), key=lambda item: (-item[1], item[0]))[:MAX_EVENT_STEMS]))


def link_events(themes: Sequence[Theme], memory: Memory) -> list[Theme]:
    """The themes with every story that goes on with a told event marked as its update, under the event's own key.

    The stories of one event of today are judged together, so that merging keeps them together.
    """
    events = list(memory.events.values())
    if not events:
        return list(themes)
    told: dict[str, list[PlacedStory]] = {}
    for theme in themes:
        for placed in theme.stories:
            told.setdefault(placed.placement.event, []).append(placed)
    index = _EventIndex(events, [_total_stems(stories) for stories in told.values()])
    links = {}
    for (event, stories), stems in zip(told.items(), index.today, strict=True):
        known = next((memory.events[one.story.event] for one in stories if one.story.event in memory.events), None)
        links[event] = known or index.nearest_event(stems)
    return [
        replace(theme, stories=tuple(_link_story(placed, links[placed.placement.event]) for placed in theme.stories))
        for theme in themes
    ]


def _total_stems(stories: Sequence[PlacedStory]) -> Counter[int]:
    total = Counter[int]()
    for placed in stories:
        total.update(event_stems(placed))
    return total


def _link_story(placed: PlacedStory, event: RememberedEvent | None) -> PlacedStory:
    if event is None:
        return placed
    story = replace(placed.story, event=event.key, update=True, first_told=event.first_told)
    return replace(placed, story=story, placement=replace(placed.placement, event=event.key))


class _EventIndex:
    """Remembered events as weighted vectors, word by word; the rarity of a word is that among them and today's."""

    def __init__(self, events: Sequence[RememberedEvent], today: Sequence[Counter[int]]) -> None:
        import numpy as np

        self.today = today
        self._events = events
        count = Counter(code for stems in (*(event.stems for event in events), *today) for code in stems)
        total = len(events) + len(today)
        self._rarity = {
            code: 1 + log((1 + total) / (1 + often))
            for code, often in count.items()
            if often <= max(MIN_COMMON_EVENTS, total / 4)
        }
        holding: dict[int, list[tuple[int, float]]] = {}
        for place, event in enumerate(events):
            for code, weight in self._unit_vector(event.stems).items():
                holding.setdefault(code, []).append((place, weight))
        self._holding = {
            code: (np.array([place for place, _ in held]), np.array([weight for _, weight in held]))
            for code, held in holding.items()
        }

    def nearest_event(self, stems: Mapping[int, int]) -> RememberedEvent | None:
        """The event that is most like these words, if it is like enough."""
        import numpy as np

        near = np.zeros(len(self._events))
        for code, weight in self._unit_vector(stems).items():
            if code in self._holding:
                places, weights = self._holding[code]
                near[places] += weight * weights
        best = int(near.argmax())
        return self._events[best] if near[best] >= MIN_EVENT_COSINE else None

    def _unit_vector(self, stems: Mapping[int, int]) -> dict[int, float]:
        weights = {
            code: (1 + log(often)) * self._rarity[code]
            for code, often in stems.items()
            if often > 0 and code in self._rarity
        }
        norm = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {code: weight / norm for code, weight in weights.items()}
