"""Stories that readers had in earlier issues: left out when nothing changed, marked when something did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digest.model import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digest.model import Story


def unprinted_stories(stories: Iterable[Story], printed: Mapping[str, str]) -> list[Story]:
    """The stories that readers have not had, in order; `printed` maps article keys to fingerprints.

    A story is dropped when its lead, or a copy of its lead, was printed with the same text. It is marked as an
    update when one of its articles was printed in another form: an older text, an earlier revision, an excerpt.
    """
    result = []
    for story in stories:
        state = _printed_state(story, printed)
        if state != "same":
            result.append(replace(story, update=True) if state == "other" else story)
    return result


def _printed_state(story: Story, printed: Mapping[str, str]) -> str:
    """`same`, `other` or `new`."""
    before = printed.get(story.lead.key)
    if before is not None:
        return "same" if before == story.lead.fingerprint else "other"
    had = [other for other in story.others if other.article.key in printed]
    for other in had:
        if other.relation is Relation.COPY and printed[other.article.key] == other.article.fingerprint:
            return "same"
    return "other" if had else "new"
