"""What changes something: every form of the preview. The envelope has proven origin and token before these run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from digest.errors import DigestError
from digest.stages.edit import checked
from digest.web.backend import LIVE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from digest.web.backend import Masthead
    from digest.web.page import Room


@dataclass(frozen=True, kw_only=True)
class Actions:
    """Handlers of POST."""

    room: Room

    async def edit(self, request: Request) -> Response:
        """Keep an edit or take it back."""
        form = await fields(request)

        def act(masthead: Masthead) -> None:
            undo = form.get("undo") == "yes"
            made = checked(form.get("verb", ""), form.get("story", ""), form.get("value", ""), undo=undo)
            self.room.desk.decide(masthead.key, made, undo=undo)

        return await self._done(request, act, f"{LIVE}/edit")

    async def rule(self, request: Request) -> Response:
        """Hold or release the next issue; approve or reject one that is held."""
        form = await fields(request)
        number = form.get("issue", "")
        issue = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None

        def act(masthead: Masthead) -> None:
            self.room.desk.rule(masthead.key, form.get("verdict", ""), issue)

        return await self._done(request, act, "schedule")

    async def visit(self, request: Request) -> Response:
        """Ask the sources again."""
        return await self._done(request, lambda masthead: self.room.desk.visit(masthead.key), "sources")

    async def send(self, request: Request) -> Response:
        """Send a test, and show what the other side said."""
        from starlette.concurrency import run_in_threadpool

        form = await fields(request)
        label, address = request.path_params["label"], form.get("address", "").strip()
        masthead = self.room.masthead(request.path_params["edition"])
        if masthead is None:
            return self.room.missing(request.url.path)
        answer, trouble = await run_in_threadpool(
            self.room.tried, lambda: self.room.desk.send_test(masthead.key, label, address)
        )
        return self.room.page(
            "sent.html", status=400 if trouble else 200, title="A test", masthead=masthead, label=label,
            address=address, answer=answer, trouble=trouble,
        )  # fmt: skip

    async def _done(self, request: Request, act: object, then: str) -> Response:
        """Act, then lead back; what went wrong is a page of its own."""
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import RedirectResponse

        masthead = self.room.masthead(request.path_params["edition"])
        if masthead is None:
            return self.room.missing(request.url.path)
        assert callable(act)
        try:
            await run_in_threadpool(act, masthead)
        except DigestError as error:
            return self.room.page(
                "refused.html", status=400, title="Not done", masthead=masthead, trouble=str(error), back=then
            )
        return RedirectResponse(f"/{masthead.key}/{then}", status_code=303)


async def fields(request: Request) -> Mapping[str, str]:
    """The fields of a form, the first value of each."""
    given = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in given.items()}
