"""The pages of one issue: its tabs, the letter in the frame, its files as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.archive import evidence
from digest.archive.evidence import count_drop_reasons, parse_explanation_request
from digest.archive.outline import parse_printed_issue
from digest.archive.read import IssuePreview, decode_headers
from digest.stages.edit import EditVerb
from digest.web import security
from digest.web.backend import LIVE, EditionEntry, PreviewState
from digest.web.changes import compare_issues
from digest.web.client_support import CLIENTS, features_used, support_level
from digest.web.frame import force_colour_scheme, open_links_in_new_tabs
from digest.web.stats import GMAIL_CLIP_BYTES, issue_stats
from digest.web.view import CHOICES, LIVE_ONLY, TABS, WIDTHS, PageView, parse_view

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from digest.web.page import PageContext

DOWNLOADS = {
    "issue.html": "text/plain; charset=utf-8",  # as source: only the frame shows it as a page
    "issue.txt": "text/plain; charset=utf-8",
    "issue.eml": "message/rfc822",
    "issue.json": "application/json",
}


@dataclass(frozen=True, kw_only=True)
class IssuePages:
    """Handlers of everything below /EDITION/LABEL."""

    pages: PageContext

    def tab_page(self, request: Request) -> Response:
        """A tab of an issue."""
        edition, label = request.path_params["edition"], request.path_params["label"]
        tab = request.path_params.get("tab", "html")
        masthead = self.pages.find_edition(edition)
        if masthead is None or tab not in TABS or (tab in LIVE_ONLY and label != LIVE):
            return self.pages.not_found_page(f"{edition}/{label}/{tab}")
        state = self._preview_state(edition, label)
        if state is None:
            return self.pages.not_found_page(f"{edition}/{label}")
        view = parse_view(edition, label, tab, request.query_params)
        if state.proof is None:
            return self.pages.render_page(
                "waiting.html", title=masthead.title, masthead=masthead, view=view, state=state
            )
        return self.pages.render_page(
            f"{tab}.html",
            title=state.proof.subject,
            masthead=masthead,
            view=view,
            state=state,
            proof=state.proof,
            facts=issue_stats(state.proof),
            tabs={key: name for key, name in TABS.items() if label == LIVE or key not in LIVE_ONLY},
            clip=GMAIL_CLIP_BYTES,
            **self._tab_values(view, state.proof, masthead, request.query_params),
        )

    def _tab_values(
        self, view: PageView, proof: IssuePreview, masthead: EditionEntry, query: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What only this tab shows."""
        if view.tab == "html":
            return {"widths": WIDTHS, "choices": CHOICES}
        if view.tab == "source":
            return {"headers": decode_headers(proof.message)}
        if view.tab == "checks":
            return {"features": features_used(proof.html), "clients": CLIENTS, "level": support_level}
        if view.tab == "explain":
            issue = parse_printed_issue(proof.data)
            return {
                "issue": issue,
                "asked": parse_explanation_request(query, issue, proof.evidence),
                "evidence": proof.evidence,
                "reasons": count_drop_reasons(proof.evidence),
                "query": evidence.explanation_query,
            }
        if view.tab == "edit":
            return {
                "issue": parse_printed_issue(proof.data),
                "edits": self.pages.backend.editor_decisions(masthead.key),
                "verbs": EditVerb,
            }
        return self._changes_tab_values(view, proof, masthead, query) if view.tab == "changes" else {}

    def _changes_tab_values(
        self, view: PageView, proof: IssuePreview, masthead: EditionEntry, query: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The issue beside another one: the one asked for, or the newest before it."""
        others = [label for label in masthead.past if label != view.label]
        older = [label for label in others if view.label == LIVE or label < view.label]
        wanted = str(query.get("with", ""))
        label = wanted if wanted in others else next(iter(older), next(iter(others), ""))
        other = self.pages.backend.past_issue(view.edition, label) if label else None
        changes = compare_issues(parse_printed_issue(other.data), parse_printed_issue(proof.data)) if other else None
        return {"others": others, "other": other, "changes": changes}

    def letter_document(self, request: Request) -> Response:
        """The letter itself, for the frame: nothing runs in it and nothing is fetched by it."""
        from starlette.responses import HTMLResponse

        edition, label = request.path_params["edition"], request.path_params["label"]
        state = self._preview_state(edition, label)
        if state is None or state.proof is None:
            return self.pages.not_found_page(f"{edition}/{label}")
        view = parse_view(edition, label, "html", request.query_params)
        page = open_links_in_new_tabs(force_colour_scheme(state.proof.html, view.scheme))
        images = security.REMOTE_IMAGES if view.images == "on" else security.NO_REQUESTS
        policy = {"content-security-policy": security.LETTER_POLICY.format(images=images)}
        return HTMLResponse(page.encode("utf-8", "replace"), headers=policy)

    def download_file(self, request: Request) -> Response:
        """A file of the issue, to be saved."""
        from starlette.responses import Response

        edition, label, name = (request.path_params[key] for key in ("edition", "label", "name"))
        state = self._preview_state(edition, label)
        if state is None or state.proof is None or name not in DOWNLOADS:
            return self.pages.not_found_page(f"{edition}/{label}/{name}")
        saved_as = f'attachment; filename="{name}"'
        return Response(
            file_content(state.proof, name), media_type=DOWNLOADS[name], headers={"content-disposition": saved_as}
        )

    def _preview_state(self, edition: str, label: str) -> PreviewState | None:
        if self.pages.find_edition(edition) is None:
            return None
        if label == LIVE:
            return self.pages.backend.live_issue(edition)
        proof = self.pages.backend.past_issue(edition, label)
        return PreviewState(revision=1, proof=proof) if proof else None


def file_content(proof: IssuePreview, name: str) -> bytes:
    """The bytes of a file of the issue."""
    import json

    if name == "issue.eml":
        return proof.message
    if name == "issue.json":
        return json.dumps(proof.data, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    text = proof.html if name == "issue.html" else proof.text
    return text.encode("utf-8", "replace")
