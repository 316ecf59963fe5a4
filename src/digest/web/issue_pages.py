"""The pages of one issue: its tabs, the letter in the frame, its files as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.archive import evidence
from digest.archive.evidence import asked, reasons
from digest.archive.outline import outline
from digest.archive.read import Proof, headers
from digest.stages.edit import Verb
from digest.web import security
from digest.web.backend import LIVE, Masthead, State
from digest.web.changes import compare
from digest.web.client_support import CLIENTS, level, used
from digest.web.frame import in_scheme, opening_beside
from digest.web.stats import CLIP, facts
from digest.web.view import CHOICES, LIVE_ONLY, TABS, WIDTHS, View, view_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from digest.web.page import Room

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
        masthead = self.room.masthead(edition)
        if masthead is None or tab not in TABS or (tab in LIVE_ONLY and label != LIVE):
            return self.room.missing(f"{edition}/{label}/{tab}")
        state = self._state(edition, label)
        if state is None:
            return self.room.missing(f"{edition}/{label}")
        view = view_of(edition, label, tab, request.query_params)
        if state.proof is None:
            return self.room.page("waiting.html", title=masthead.title, masthead=masthead, view=view, state=state)
        return self.room.page(
            f"{tab}.html",
            title=state.proof.subject,
            masthead=masthead,
            view=view,
            state=state,
            proof=state.proof,
            facts=facts(state.proof),
            tabs={key: name for key, name in TABS.items() if label == LIVE or key not in LIVE_ONLY},
            clip=CLIP,
            **self._further(view, state.proof, masthead, request.query_params),
        )

    def _further(self, view: View, proof: Proof, masthead: Masthead, query: Mapping[str, Any]) -> dict[str, Any]:
        """What only this tab shows."""
        if view.tab == "html":
            return {"widths": WIDTHS, "choices": CHOICES}
        if view.tab == "source":
            return {"headers": headers(proof.message)}
        if view.tab == "checks":
            return {"features": used(proof.html), "clients": CLIENTS, "level": level}
        if view.tab == "explain":
            issue = outline(proof.data)
            return {
                "issue": issue,
                "asked": asked(query, issue, proof.evidence),
                "evidence": proof.evidence,
                "reasons": reasons(proof.evidence),
                "query": evidence.query,
            }
        if view.tab == "edit":
            return {"issue": outline(proof.data), "edits": self.room.desk.edits(masthead.key), "verbs": Verb}
        return self._changes(view, proof, masthead, query) if view.tab == "changes" else {}

    def _changes(self, view: View, proof: Proof, masthead: Masthead, query: Mapping[str, Any]) -> dict[str, Any]:
        """The issue beside another one: the one asked for, or the newest before it."""
        others = [label for label in masthead.past if label != view.label]
        older = [label for label in others if view.label == LIVE or label < view.label]
        wanted = str(query.get("with", ""))
        label = wanted if wanted in others else next(iter(older), next(iter(others), ""))
        other = self.room.desk.past(view.edition, label) if label else None
        changes = compare(outline(other.data), outline(proof.data)) if other else None
        return {"others": others, "other": other, "changes": changes}

    def letter(self, request: Request) -> Response:
        """The letter itself, for the frame: nothing runs in it and nothing is fetched by it."""
        from starlette.responses import HTMLResponse

        edition, label = request.path_params["edition"], request.path_params["label"]
        state = self._state(edition, label)
        if state is None or state.proof is None:
            return self.room.missing(f"{edition}/{label}")
        view = view_of(edition, label, "html", request.query_params)
        page = opening_beside(in_scheme(state.proof.html, view.scheme))
        images = security.REMOTE if view.images == "on" else security.NO_REQUESTS
        policy = {"content-security-policy": security.LETTER_POLICY.format(images=images)}
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

    def _state(self, edition: str, label: str) -> State | None:
        if self.room.masthead(edition) is None:
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
