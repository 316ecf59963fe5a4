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
from digest.model import PlacedStory, Placement, RelatedArticle, Relation, ScoreTerm, Section, Story, Theme

MAX_TITLE_CHARACTERS = 200  # characters
MAX_KEY_CHARACTERS = 2000


class EditVerb(StrEnum):
    """What an editor can do to a story."""

    PIN = "pin"  # first in its theme, and the theme first: it gives the issue its subject
    DROP = "drop"  # not printed
    RETITLE = "retitle"  # printed under another headline, marked as made
    MOVE = "move"  # printed under another theme
    MERGE = "merge"  # credited under another story instead of standing alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One decision. At most one of each verb for a story."""

    verb: EditVerb
    story: str  # key of an article of the story
    value: str = ""  # retitle: the headline; move: key of the theme; merge: key of an article of the other story


def parse_edit(verb: str, story: str, value: str = "", *, undo: bool = False) -> Edit:
    """An edit out of a form; UsageError says what is wrong with it. To undo one, its value does not matter."""
    try:
        known = EditVerb(verb)
    except ValueError as error:
        raise UsageError(f"{verb!r} is no edit (known: {', '.join(EditVerb)})") from error
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if not story or len(story) > MAX_KEY_CHARACTERS or len(value) > MAX_KEY_CHARACTERS:
        raise UsageError(f"{verb}: names no story")
    if known in {EditVerb.RETITLE, EditVerb.MOVE, EditVerb.MERGE} and not line and not undo:
        raise UsageError(f"{verb}: needs a value")
    if known is EditVerb.RETITLE and len(line) > MAX_TITLE_CHARACTERS:
        raise UsageError(f"retitle: a headline has at most {MAX_TITLE_CHARACTERS} characters")
    return Edit(verb=known, story=story, value=line if known is EditVerb.RETITLE else value)


def apply_edits(
    themes: Sequence[Theme], edits: Iterable[Edit], *, names: Mapping[str, str] | None = None
) -> list[Theme]:
    """The themes after every edit but the headlines: merge, drop, move, pin, in this order.

    `names` (key -> name, in reading order) holds the themes that a story can be moved to though it is empty so far.
    """
    given = list(edits)
    stories = [(theme, placed) for theme in themes for placed in theme.stories]
    stories = _merge_stories(stories, given)
    stories = [pair for pair in stories if _find_edit(given, EditVerb.DROP, pair[1].story) is None]
    places = {theme.key: theme.name for theme in themes}
    order = [*dict.fromkeys([*(names or {}), *places])]
    places = {**(names or {}), **places}
    moved: dict[str, list[PlacedStory]] = {key: [] for key in order}
    for theme, placed in stories:
        target = _find_edit(given, EditVerb.MOVE, placed.story)
        if target is None or target.value not in places or target.value == theme.key:
            moved[theme.key].append(placed)
        else:
            moved[target.value].append(_move_story(placed, theme, target.value, places[target.value]))
    rest = [theme.key for theme in themes]
    ranked = sorted(order, key=lambda key: _theme_rank(key, rest, order))
    made = [Theme(key=key, name=places[key], stories=tuple(moved[key])) for key in ranked if moved[key]]
    return _pin_stories(made, given)


def apply_headlines(sections: Sequence[Section], edits: Iterable[Edit]) -> list[Section]:
    """The sections with an editor's headlines, each marked as made: it is not the article's own."""
    given = list(edits)
    done = []
    for section in sections:
        briefs = []
        for brief in section.briefs:
            found = _find_edit(given, EditVerb.RETITLE, brief.story)
            briefs.append(replace(brief, title=found.value, title_made=True) if found else brief)
        done.append(replace(section, briefs=tuple(briefs)))
    return done


def unapplied_edits(stories: Iterable[Story], edits: Iterable[Edit]) -> list[Edit]:
    """The edits whose story is not in the issue: it has gone, or has not come yet."""
    keys = {article.key for story in stories for article in story.articles}
    return [one for one in edits if one.story not in keys or (one.verb is EditVerb.MERGE and one.value not in keys)]


def _find_edit(edits: Iterable[Edit], verb: EditVerb, story: Story) -> Edit | None:
    keys = {article.key for article in story.articles}
    return next((one for one in edits if one.verb is verb and one.story in keys), None)


def _merge_stories(stories: list[tuple[Theme, PlacedStory]], edits: Iterable[Edit]) -> list[tuple[Theme, PlacedStory]]:
    for one in edits:
        if one.verb is EditVerb.MERGE:
            source, target = _position_of_story(stories, one.story), _position_of_story(stories, one.value)
            if source is None or target is None or source == target:
                continue
            theme, placed = stories[target]
            story = _add_related_story(placed.story, stories[source][1].story)
            stories = [
                (theme, replace(placed, story=story)) if number == target else pair
                for number, pair in enumerate(stories)
                if number != source
            ]
    return stories


def _position_of_story(stories: Sequence[tuple[Theme, PlacedStory]], key: str) -> int | None:
    for number, (_, placed) in enumerate(stories):
        if any(article.key == key for article in placed.story.articles):
            return number
    return None


def _add_related_story(story: Story, other: Story) -> Story:
    joined = RelatedArticle(article=other.lead, relation=Relation.MERGED, overlap=0.0)
    return replace(story, others=(*story.others, joined, *other.others))


def _move_story(placed: PlacedStory, before: Theme, key: str, name: str) -> PlacedStory:
    placement = Placement(
        theme=key,
        name=name,
        event=placed.placement.event,
        score=1.0,
        why=(ScoreTerm(term=f"moved here from {before.name}", weight=1.0, where="edit"),),
        secondary=(before.name,),
    )
    return replace(placed, placement=placement)


def _theme_rank(key: str, themes: Sequence[str], order: Sequence[str]) -> float:
    """Themes keep their order; one that was empty stands behind the last named one before it."""
    if key in themes:
        return float(themes.index(key))
    before = [themes.index(known) for known in order[: order.index(key)] if known in themes]
    return (max(before) if before else -1) + 0.5


def _pin_stories(themes: list[Theme], edits: Sequence[Edit]) -> list[Theme]:
    for one in reversed([found for found in edits if found.verb is EditVerb.PIN]):
        for theme in themes:
            chosen = [placed for placed in theme.stories if _find_edit([one], EditVerb.PIN, placed.story)]
            if chosen:
                rest = [placed for placed in theme.stories if placed not in chosen]
                front = replace(theme, stories=(*(replace(placed, pinned=True) for placed in chosen), *rest))
                themes = [front, *(other for other in themes if other.key != theme.key)]
                break
    return themes
