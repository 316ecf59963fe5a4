"""What changed from one issue to another: stories that came, went, moved, were retitled or say something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.archive.outline import PrintedIssue, PrintedStory


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChange:
    """One story in both issues, or in one."""

    title: str
    theme: str
    was_title: str = ""  # only when it was another
    was_theme: str = ""  # only when it was another
    gone: tuple[str, ...] = ()  # sentences
    new: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.was_title or self.was_theme or self.gone or self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueChanges:
    """Everything that differs between two issues."""

    came: tuple[StoryChange, ...]
    went: tuple[StoryChange, ...]
    changed: tuple[StoryChange, ...]
    same: int  # stories that are equal in both

    @property
    def none(self) -> bool:
        return not (self.came or self.went or self.changed)


def compare_issues(before: PrintedIssue, after: PrintedIssue) -> IssueChanges:
    """From one issue to the other; stories are recognised by any of their articles."""
    old, new = _stories_with_themes(before), _stories_with_themes(after)
    known = {key: place for place, (_, entry) in enumerate(old) for key in _article_keys(entry)}
    met: set[int] = set()
    came, changed, same = [], [], 0
    for theme, entry in new:
        place = next((known[key] for key in _article_keys(entry) if key in known and known[key] not in met), None)
        if place is None:
            came.append(_one_sided_change(theme, entry, new=True))
            continue
        met.add(place)
        change = _change_between(*old[place], theme, entry)
        changed += [change] if change.any else []
        same += not change.any
    went = [_one_sided_change(theme, entry, new=False) for place, (theme, entry) in enumerate(old) if place not in met]
    return IssueChanges(came=tuple(came), went=tuple(went), changed=tuple(changed), same=same)


def _stories_with_themes(issue: PrintedIssue) -> list[tuple[str, PrintedStory]]:
    return [(part.name, entry) for part in issue.parts for entry in part.entries]


def _article_keys(entry: PrintedStory) -> tuple[str, ...]:
    return (entry.id, *(other.id for other in entry.also))


def _one_sided_change(theme: str, entry: PrintedStory, *, new: bool) -> StoryChange:
    texts = tuple(line.text for line in entry.lines)
    return StoryChange(title=entry.title, theme=theme, new=texts if new else (), gone=() if new else texts)


def _change_between(was_theme: str, was: PrintedStory, theme: str, now: PrintedStory) -> StoryChange:
    old, new = [line.text for line in was.lines], [line.text for line in now.lines]
    return StoryChange(
        title=now.title,
        theme=theme,
        was_title=was.title if was.title != now.title else "",
        was_theme=was_theme if was_theme != theme else "",
        gone=tuple(text for text in old if text not in new),
        new=tuple(text for text in new if text not in old),
        kept=tuple(text for text in new if text in old),
    )
