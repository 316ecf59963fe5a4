"""What build, send, run and preview share: an edition, a moment and the store become an issue."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest import press
from digest.collect import Visit
from digest.slots import slot_at

if TYPE_CHECKING:
    from digest.config import Config, Edition


def made(
    config: Config,
    edition: Edition,
    when: datetime,
    *,
    only_new: bool = False,
    progress: press.Progress = press.silent,
) -> press.Pressed:
    """A one-off issue at `when`; the store is opened only to leave out what was printed."""
    slot = slot_at(edition.schedule, ZoneInfo(edition.timezone), when).label
    printed = None
    if only_new:
        with config.open_store() as store:
            printed = store.printed(edition.key, before=slot)
    visit = Visit(now=when)
    return press.build(edition, slot=slot, visit=visit, printed=printed, progress=progress)
