"""The application: addresses to handlers, inside the envelope. Addresses carry ids, never paths of files."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from digest.web.actions import Actions
from digest.web.backend import LIVE
from digest.web.edition_pages import EditionPages
from digest.web.issue_pages import IssuePages
from digest.web.page import FOLDER, Room
from digest.web.security import Envelope

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from digest.web.backend import Desk
    from digest.web.events import Bell
    from digest.web.security import Door

STATIC = ("preview.css", "preview.js")


def application(desk: Desk, *, door: Door, bell: Bell) -> ASGIApp:
    """The preview as an ASGI application."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    room = Room(desk=desk, door=door)
    issue, edition, actions = IssuePages(room=room), EditionPages(room=room), Actions(room=room)
    routes = [
        Route("/", _home(room)),
        Route("/-/static/{name}", static),
        Route("/-/events", _events(bell)),
        Route("/-/letter/{edition}/{label}", issue.letter),
        Route("/-/part/{edition}/{label}/{name}", issue.part),
        Route("/-/edit/{edition}", actions.edit, methods=["POST"]),
        Route("/-/rule/{edition}", actions.rule, methods=["POST"]),
        Route("/-/visit/{edition}", actions.visit, methods=["POST"]),
        Route("/-/send/{edition}/{label}", actions.send, methods=["POST"]),
        Route("/{edition}", _to_live),
        Route("/{edition}/schedule", edition.schedule),
        Route("/{edition}/sources", edition.sources),
        Route("/{edition}/{label}", issue.tab),
        Route("/{edition}/{label}/{tab}", issue.tab),
    ]
    handlers = {404: _missing(room), 405: _missing(room), 500: _broken}
    app = Starlette(routes=routes, exception_handlers=handlers)
    return Envelope(app, door=door)


def _home(room: Room) -> Any:
    def home(_: Request) -> Response:
        """Every edition, or straight to the only one."""
        from starlette.responses import RedirectResponse

        editions = room.desk.editions()
        if len(editions) == 1 and not room.desk.troubles():
            return RedirectResponse(f"/{editions[0].key}/{LIVE}/html", status_code=307)
        return room.page("home.html", title="digest preview")

    return home


def _to_live(request: Request) -> Response:
    from starlette.responses import RedirectResponse

    return RedirectResponse(f"{request.url.path}/{LIVE}/html", status_code=307)


def static(request: Request) -> Response:
    """The style sheet or the script of the shell."""
    from starlette.responses import PlainTextResponse, Response

    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("no such file\n", status_code=404)
    kind = mimetypes.types_map[name[name.rindex(".") :]]
    return Response((FOLDER / "static" / name).read_bytes(), media_type=kind)


def _events(bell: Bell) -> Any:
    async def events(_: Request) -> Response:
        """The stream that says when to look again."""
        from starlette.responses import StreamingResponse

        return StreamingResponse(bell.strokes(), media_type="text/event-stream")

    return events


def _missing(room: Room) -> Any:
    def missing(request: Request, _: Exception) -> Response:
        return room.missing(request.url.path)

    return missing


def _broken(_: Request, __: Exception) -> Response:
    """A bug of ours: the page says so in a line, the terminal has the traceback."""
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("The preview failed on this page. The terminal says more.\n", status_code=500)
