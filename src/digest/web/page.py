"""What the handlers of all pages share: the templates, the backend that answers, the parts of every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from digest.errors import DigestError

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.responses import Response

    from digest.web.backend import EditionEntry, PreviewBackend
    from digest.web.security import AccessPolicy

Answer = TypeVar("Answer")
FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class PageContext:
    """What the handlers share."""

    backend: PreviewBackend
    policy: AccessPolicy

    @cached_property
    def templates(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader(FOLDER / "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(token=self.policy.token, here="")
        return environment

    def render_page(self, name: str, *, status: int = 200, **values: Any) -> Response:
        """A page of the shell."""
        from starlette.responses import HTMLResponse

        text = self.templates.get_template(name).render(
            editions=self.backend.editions(), broken=self.backend.configuration_mistakes(), **values
        )
        return HTMLResponse(text.encode("utf-8", "replace"), status_code=status)

    def find_edition(self, key: str) -> EditionEntry | None:
        """The edition of that key; None when there is none."""
        return next((found for found in self.backend.editions() if found.key == key), None)

    def try_question(self, ask: Callable[[], Answer]) -> tuple[Answer | None, str]:
        """What `ask` gives, or None and the reason why there is nothing."""
        try:
            return ask(), ""
        except DigestError as error:
            return None, str(error)

    def not_found_page(self, what: str) -> Response:
        """The page of an address that names nothing."""
        return self.render_page("missing.html", status=404, what=what, title="Not here")
