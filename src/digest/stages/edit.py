"""edit: what an editor decided by hand, applied to themes and sections. Survives every rebuild, because it names stories.

    themes -> edit -> themes -> summarise -> sections -> retitle -> sections

An edit names a story by the key of any of its articles, so it still holds when another article becomes the lead. What
names nothing any more waits and changes nothing. No edit can change a quoted word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from digest.errors import UsageError
from digest.model import Placed, Placement, Related, Relation, Section, Story, Theme, Why

LONGEST_TITLE = 200  # characters
LONGEST_KEY = 2000


class Verb(StrEnum):
    """What an editor can do to a story."""

    PIN = "pin"  # first in its theme, and the theme first: it gives the issue its subject
    DROP = "drop"  # not printed
    RETITLE = "retitle"  # printed under another headline, marked as made
    MOVE = "move"  # printed under another theme
    MERGE = "merge"  # credited under another story instead of standing alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One decision. At most one of each verb for a story."""

    verb: Verb
    story: str  # key of an article of the story
    value: str = ""  # retitle: the headline; move: key of the theme; merge: key of an article of the other story


def checked(verb: str, story: str, value: str = "", *, undo: bool = False) -> Edit:
    """An edit out of a form; UsageError says what is wrong with it. To undo one, its value does not matter."""
    try:
        known = Verb(verb)
    except ValueError as error:
        raise UsageError(f"{verb!r} is no edit (known: {', '.join(Verb)})") from error
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if not story or len(story) > LONGEST_KEY or len(value) > LONGEST_KEY:
        raise UsageError(f"{verb}: names no story")
    if known in {Verb.RETITLE, Verb.MOVE, Verb.MERGE} and not line and not undo:
        raise UsageError(f"{verb}: needs a value")
    if known is Verb.RETITLE and len(line) > LONGEST_TITLE:
        raise UsageError(f"retitle: a headline has at most {LONGEST_TITLE} characters")
    return Edit(verb=known, story=story, value=line if known is Verb.RETITLE else value)


def edit(themes: Sequence[Theme], edits: Iterable[Edit], *, names: Mapping[str, str] | None = None) -> list[Theme]:
    """The themes after every edit but the headlines: merge, drop, move, pin, in this order.

    `names` (key -> name, in reading order) holds the themes that a story can be moved to though it is empty so far.
    """
    given = list(edits)
    stories = [(theme, placed) for theme in themes for placed in theme.stories]
    stories = _merged(stories, given)
    stories = [pair for pair in stories if _find(given, Verb.DROP, pair[1].story) is None]
    places = {theme.key: theme.name for theme in themes}
    order = [*dict.fromkeys([*(names or {}), *places])]
    places = {**(names or {}), **places}
    moved: dict[str, list[Placed]] = {key: [] for key in order}
    for theme, placed in stories:
        target = _find(given, Verb.MOVE, placed.story)
        if target is None or target.value not in places or target.value == theme.key:
            moved[theme.key].append(placed)
        else:
            moved[target.value].append(_moved(placed, theme, target.value, places[target.value]))
    rest = [theme.key for theme in themes]
    ranked = sorted(order, key=lambda key: _rank(key, rest, order))
    made = [Theme(key=key, name=places[key], stories=tuple(moved[key])) for key in ranked if moved[key]]
    return _pinned(made, given)


def retitle(sections: Sequence[Section], edits: Iterable[Edit]) -> list[Section]:
    """The sections with an editor's headlines, each marked as made: it is not the article's own."""
    given = list(edits)
    done = []
    for section in sections:
        briefs = []
        for brief in section.briefs:
            found = _find(given, Verb.RETITLE, brief.story)
            briefs.append(replace(brief, title=found.value, title_made=True) if found else brief)
        done.append(replace(section, briefs=tuple(briefs)))
    return done


def waiting(stories: Iterable[Story], edits: Iterable[Edit]) -> list[Edit]:
    """The edits that name no story any more, or not yet."""
    keys = {article.key for story in stories for article in story.articles}
    return [one for one in edits if one.story not in keys or (one.verb is Verb.MERGE and one.value not in keys)]


def _find(edits: Iterable[Edit], verb: Verb, story: Story) -> Edit | None:
    keys = {article.key for article in story.articles}
    return next((one for one in edits if one.verb is verb and one.story in keys), None)


def _merged(stories: list[tuple[Theme, Placed]], edits: Iterable[Edit]) -> list[tuple[Theme, Placed]]:
    for one in edits:
        if one.verb is Verb.MERGE:
            source, target = _holding(stories, one.story), _holding(stories, one.value)
            if source is None or target is None or source == target:
                continue
            theme, placed = stories[target]
            story = _with(placed.story, stories[source][1].story)
            stories = [
                (theme, replace(placed, story=story)) if number == target else pair
                for number, pair in enumerate(stories)
                if number != source
            ]
    return stories


def _holding(stories: Sequence[tuple[Theme, Placed]], key: str) -> int | None:
    for number, (_, placed) in enumerate(stories):
        if any(article.key == key for article in placed.story.articles):
            return number
    return None


def _with(story: Story, other: Story) -> Story:
    joined = Related(article=other.lead, relation=Relation.MERGED, overlap=0.0)
    return replace(story, others=(*story.others, joined, *other.others))


def _moved(placed: Placed, before: Theme, key: str, name: str) -> Placed:
    placement = Placement(
        theme=key,
        name=name,
        event=placed.placement.event,
        score=1.0,
        why=(Why(term=f"moved here from {before.name}", weight=1.0, where="edit"),),
        secondary=(before.name,),
    )
    return replace(placed, placement=placement)


def _rank(key: str, themes: Sequence[str], order: Sequence[str]) -> float:
    """Themes keep their order; one that was empty stands behind the last named one before it."""
    if key in themes:
        return float(themes.index(key))
    before = [themes.index(known) for known in order[: order.index(key)] if known in themes]
    return (max(before) if before else -1) + 0.5


def _pinned(themes: list[Theme], edits: Sequence[Edit]) -> list[Theme]:
    for one in reversed([found for found in edits if found.verb is Verb.PIN]):
        for theme in themes:
            chosen = [placed for placed in theme.stories if _find([one], Verb.PIN, placed.story)]
            if chosen:
                rest = [placed for placed in theme.stories if placed not in chosen]
                front = replace(theme, stories=(*(replace(placed, pinned=True) for placed in chosen), *rest))
                themes = [front, *(other for other in themes if other.key != theme.key)]
                break
    return themes
