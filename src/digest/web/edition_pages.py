"""The pages of an edition: its schedule and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from digest.web.page import Room


@dataclass(frozen=True, kw_only=True)
class EditionPages:
    """Handlers of /EDITION/schedule and /EDITION/sources."""

    room: Room

    def schedule(self, request: Request) -> Response:
        """What is due, what was, and what is stuck."""
        masthead = self.room.masthead(request.path_params["edition"])
        if masthead is None:
            return self.room.missing(request.url.path)
        calendar, trouble = self.room.tried(lambda: self.room.desk.calendar(masthead.key))
        return self.room.page(
            "schedule.html", title="Schedule", masthead=masthead, here="schedule", calendar=calendar, trouble=trouble
        )

    def sources(self, request: Request) -> Response:
        """Every source and how it fared."""
        masthead = self.room.masthead(request.path_params["edition"])
        if masthead is None:
            return self.room.missing(request.url.path)
        sources = self.room.desk.sources(masthead.key)
        return self.room.page("sources.html", title="Sources", masthead=masthead, here="sources", sources=sources)
