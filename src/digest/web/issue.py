"""The pages of one issue: its tabs, the letter in the frame, its files as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.web import envelope
from digest.web.desk import LIVE, Masthead, Proof, State
from digest.web.facts import CLIP, facts, headers
from digest.web.letter import in_scheme, opening_beside
from digest.web.view import CHOICES, TABS, WIDTHS, View, view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from digest.web.room import Room

PARTS = {
    "issue.html": "text/plain; charset=utf-8",  # as source: only the frame shows it as a page
    "issue.txt": "text/plain; charset=utf-8",
    "issue.eml": "message/rfc822",
    "issue.json": "application/json",
}


@dataclass(frozen=True, kw_only=True)
class IssuePages:
    """Handlers of everything below /EDITION/LABEL."""

    room: Room

    def tab(self, request: Request) -> Response:
        """A tab of an issue."""
        edition, label = request.path_params["edition"], request.path_params["label"]
        tab = request.path_params.get("tab", "html")
        masthead = self._masthead(edition)
        if masthead is None or tab not in TABS:
            return self.room.missing(f"{edition}/{label}/{tab}")
        state = self._state(edition, label)
        if state is None:
            return self.room.missing(f"{edition}/{label}")
        return self._page(masthead, view_of(edition, label, tab, request.query_params), state)

    def _page(self, masthead: Masthead, view: View, state: State) -> Response:
        proof = state.proof
        return self.room.page(
            "waiting.html" if proof is None else f"{view.tab}.html",
            title=masthead.title if proof is None else proof.subject,
            masthead=masthead,
            view=view,
            state=state,
            proof=proof,
            facts=facts(proof) if proof else None,
            headers=headers(proof.message) if proof else [],
            tabs=TABS,
            widths=WIDTHS,
            choices=CHOICES,
            clip=CLIP,
        )

    def letter(self, request: Request) -> Response:
        """The letter itself, for the frame: nothing runs in it and nothing is fetched by it."""
        from starlette.responses import HTMLResponse

        edition, label = request.path_params["edition"], request.path_params["label"]
        state = self._state(edition, label)
        if state is None or state.proof is None:
            return self.room.missing(f"{edition}/{label}")
        view = view_of(edition, label, "html", request.query_params)
        page = opening_beside(in_scheme(state.proof.html, view.scheme))
        images = envelope.REMOTE if view.images == "on" else envelope.NO_REQUESTS
        policy = {"content-security-policy": envelope.LETTER_POLICY.format(images=images)}
        return HTMLResponse(page.encode("utf-8", "replace"), headers=policy)

    def part(self, request: Request) -> Response:
        """A file of the issue, to be saved."""
        from starlette.responses import Response

        edition, label, name = (request.path_params[key] for key in ("edition", "label", "name"))
        state = self._state(edition, label)
        if state is None or state.proof is None or name not in PARTS:
            return self.room.missing(f"{edition}/{label}/{name}")
        saved_as = f'attachment; filename="{name}"'
        return Response(content(state.proof, name), media_type=PARTS[name], headers={"content-disposition": saved_as})

    def _masthead(self, edition: str) -> Masthead | None:
        return next((found for found in self.room.desk.editions() if found.key == edition), None)

    def _state(self, edition: str, label: str) -> State | None:
        if self._masthead(edition) is None:
            return None
        if label == LIVE:
            return self.room.desk.live(edition)
        proof = self.room.desk.past(edition, label)
        return State(revision=1, proof=proof) if proof else None


def content(proof: Proof, name: str) -> bytes:
    """The bytes of a file of the issue."""
    import json

    if name == "issue.eml":
        return proof.message
    if name == "issue.json":
        return json.dumps(proof.data, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    text = proof.html if name == "issue.html" else proof.text
    return text.encode("utf-8", "replace")
