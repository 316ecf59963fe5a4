"""One-off issues, made by hand: for `digest build`, a test copy and the preview."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest import pipeline
from digest.app.newsroom import editor_decisions, load_memory, next_issue_slot, open_store
from digest.schedule.slots import slot_at
from digest.stages.collect import FetchContext

if TYPE_CHECKING:
    from datetime import datetime

    from digest.config import Config, Edition
    from digest.model import Memory, Problem
    from digest.stages.edit import Edit


def build_once(
    config: Config,
    edition: Edition,
    when: datetime,
    *,
    collection: pipeline.CollectedArticles | None = None,
    only_new: bool = False,
    progress: pipeline.Progress = pipeline.show_no_progress,
) -> pipeline.BuiltIssue:
    """An issue at `when`; an existing store gives an editor's decisions and, if wanted (`only_new`), what readers had:
    then it is the issue that comes next, under its slot.

    The sources are asked unless what they gave is there already. Nothing is published or remembered.
    """
    slot = slot_at(edition.schedule, ZoneInfo(edition.timezone), when).label
    memory: Memory | None = None
    trouble: list[Problem] = []
    edits: tuple[Edit, ...] = ()
    if only_new or config.has_store():
        with open_store(config) as store:
            if only_new:
                memory, trouble = load_memory(store, edition, when)
                slot = next_issue_slot(store, edition, when).label
            edits = editor_decisions(store, edition.key)
    if collection is None:
        collection = pipeline.collect_articles(edition, visit=FetchContext(now=when), progress=progress)
    collection = replace(collection, problems=(*collection.problems, *trouble))
    return pipeline.build_issue(edition, collection, slot=slot, at=when, memory=memory, edits=edits)
