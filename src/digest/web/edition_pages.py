"""The pages of an edition: its schedule and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from digest.web.page import PageContext


@dataclass(frozen=True, kw_only=True)
class EditionPages:
    """Handlers of /EDITION/schedule and /EDITION/sources."""

    pages: PageContext

    def schedule_page(self, request: Request) -> Response:
        """What is due, what was, and what is stuck."""
        masthead = self.pages.find_edition(request.path_params["edition"])
        if masthead is None:
            return self.pages.not_found_page(request.url.path)
        calendar, trouble = self.pages.try_question(lambda: self.pages.backend.edition_calendar(masthead.key))
        return self.pages.render_page(
            "schedule.html", title="Schedule", masthead=masthead, here="schedule", calendar=calendar, trouble=trouble
        )

    def sources_page(self, request: Request) -> Response:
        """Every source and how it fared."""
        masthead = self.pages.find_edition(request.path_params["edition"])
        if masthead is None:
            return self.pages.not_found_page(request.url.path)
        sources = self.pages.backend.source_health(masthead.key)
        return self.pages.render_page(
            "sources.html", title="Sources", masthead=masthead, here="sources", sources=sources
        )
