"""What changes something: every form of the preview. The envelope has proven origin and token before these run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from digest.errors import DigestError
from digest.stages.edit import parse_edit
from digest.web.backend import LIVE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from digest.web.backend import EditionEntry
    from digest.web.page import PageContext


@dataclass(frozen=True, kw_only=True)
class PreviewActions:
    """Handlers of POST."""

    pages: PageContext

    async def submit_edit(self, request: Request) -> Response:
        """Keep an edit or take it back."""
        form = await read_form(request)

        def act(masthead: EditionEntry) -> None:
            undo = form.get("undo") == "yes"
            made = parse_edit(form.get("verb", ""), form.get("story", ""), form.get("value", ""), undo=undo)
            self.pages.backend.record_decision(masthead.key, made, undo=undo)

        return await self._act_and_redirect(request, act, f"{LIVE}/edit")

    async def submit_ruling(self, request: Request) -> Response:
        """Hold or release the next issue; approve or reject one that is held."""
        form = await read_form(request)
        number = form.get("issue", "")
        issue = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None

        def act(masthead: EditionEntry) -> None:
            self.pages.backend.apply_ruling(masthead.key, form.get("verdict", ""), issue)

        return await self._act_and_redirect(request, act, "schedule")

    async def refetch_sources(self, request: Request) -> Response:
        """Ask the sources again."""
        return await self._act_and_redirect(
            request, lambda masthead: self.pages.backend.refetch_sources(masthead.key), "sources"
        )

    async def send_test_copy(self, request: Request) -> Response:
        """Send a test, and show what the other side said."""
        from starlette.concurrency import run_in_threadpool

        form = await read_form(request)
        label, address = request.path_params["label"], form.get("address", "").strip()
        masthead = self.pages.find_edition(request.path_params["edition"])
        if masthead is None:
            return self.pages.not_found_page(request.url.path)
        answer, trouble = await run_in_threadpool(
            self.pages.try_question, lambda: self.pages.backend.send_test_copy(masthead.key, label, address)
        )
        return self.pages.render_page(
            "sent.html", status=400 if trouble else 200, title="A test", masthead=masthead, label=label,
            address=address, answer=answer, trouble=trouble,
        )  # fmt: skip

    async def _act_and_redirect(self, request: Request, act: object, then: str) -> Response:
        """Act, then lead back; what went wrong is a page of its own."""
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import RedirectResponse

        masthead = self.pages.find_edition(request.path_params["edition"])
        if masthead is None:
            return self.pages.not_found_page(request.url.path)
        assert callable(act)
        try:
            await run_in_threadpool(act, masthead)
        except DigestError as error:
            return self.pages.render_page(
                "refused.html", status=400, title="Not done", masthead=masthead, trouble=str(error), back=then
            )
        return RedirectResponse(f"/{masthead.key}/{then}", status_code=303)


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields of a form, the first value of each."""
    given = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in given.items()}
