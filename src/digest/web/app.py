"""The application: addresses to handlers, inside the envelope. Addresses carry ids, never paths of files."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from digest.web.actions import PreviewActions
from digest.web.backend import LIVE
from digest.web.edition_pages import EditionPages
from digest.web.issue_pages import IssuePages
from digest.web.page import FOLDER, PageContext
from digest.web.security import SecurityMiddleware

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from digest.web.backend import PreviewBackend
    from digest.web.events import EventStream
    from digest.web.security import AccessPolicy

STATIC_FILES = ("preview.css", "preview.js")


def create_application(backend: PreviewBackend, *, policy: AccessPolicy, events: EventStream) -> ASGIApp:
    """The preview as an ASGI application."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    pages = PageContext(backend=backend, policy=policy)
    issue, edition, actions = IssuePages(pages=pages), EditionPages(pages=pages), PreviewActions(pages=pages)
    routes = [
        Route("/", _home_handler(pages)),
        Route("/-/static/{name}", serve_static_file),
        Route("/-/events", _events_handler(events)),
        Route("/-/letter/{edition}/{label}", issue.letter_document),
        Route("/-/part/{edition}/{label}/{name}", issue.download_file),
        Route("/-/edit/{edition}", actions.submit_edit, methods=["POST"]),
        Route("/-/rule/{edition}", actions.submit_ruling, methods=["POST"]),
        Route("/-/visit/{edition}", actions.refetch_sources, methods=["POST"]),
        Route("/-/send/{edition}/{label}", actions.send_test_copy, methods=["POST"]),
        Route("/{edition}", _redirect_to_live),
        Route("/{edition}/schedule", edition.schedule_page),
        Route("/{edition}/sources", edition.sources_page),
        Route("/{edition}/{label}", issue.tab_page),
        Route("/{edition}/{label}/{tab}", issue.tab_page),
    ]
    handlers = {404: _not_found_handler(pages), 405: _not_found_handler(pages), 500: _internal_error_page}
    app = Starlette(routes=routes, exception_handlers=handlers)
    return SecurityMiddleware(app, policy=policy)


def _home_handler(pages: PageContext) -> Any:
    def home(_: Request) -> Response:
        """Every edition, or straight to the only one."""
        from starlette.responses import RedirectResponse

        editions = pages.backend.editions()
        if len(editions) == 1 and not pages.backend.configuration_mistakes():
            return RedirectResponse(f"/{editions[0].key}/{LIVE}/html", status_code=307)
        return pages.render_page("home.html", title="digest preview")

    return home


def _redirect_to_live(request: Request) -> Response:
    from starlette.responses import RedirectResponse

    return RedirectResponse(f"{request.url.path}/{LIVE}/html", status_code=307)


def serve_static_file(request: Request) -> Response:
    """The style sheet or the script of the shell."""
    from starlette.responses import PlainTextResponse, Response

    name = request.path_params["name"]
    if name not in STATIC_FILES:
        return PlainTextResponse("no such file\n", status_code=404)
    kind = mimetypes.types_map[name[name.rindex(".") :]]
    return Response((FOLDER / "static" / name).read_bytes(), media_type=kind)


def _events_handler(events: EventStream) -> Any:
    async def stream(_: Request) -> Response:
        """The stream that says when to look again."""
        from starlette.responses import StreamingResponse

        return StreamingResponse(events.event_lines(), media_type="text/event-stream")

    return stream


def _not_found_handler(pages: PageContext) -> Any:
    def missing(request: Request, _: Exception) -> Response:
        return pages.not_found_page(request.url.path)

    return missing


def _internal_error_page(_: Request, __: Exception) -> Response:
    """A bug of ours: the page says so in a line, the terminal has the traceback."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("The preview failed on this page. The terminal says more.\n", status_code=500)
