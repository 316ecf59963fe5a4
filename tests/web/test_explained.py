"""Explain, changes, support: what the tabs say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from digest.archive.evidence import count_drop_reasons, parse_explanation_request
from digest.archive.outline import PrintedIssue, parse_printed_issue
from digest.web.backend import PreviewState
from digest.web.changes import compare_issues
from digest.web.client_support import features_used, support_level
from tests.web.conftest import DATA, EVIDENCE, InMemoryBackend, ask, proof

ISSUE = parse_printed_issue(DATA)


def test_a_sentence_is_marked_where_it_stands() -> None:
    answer = parse_explanation_request({"article": "a.txt", "at": "0-0"}, ISSUE, EVIDENCE)
    assert answer.kind == "document"
    assert [(run.text, run.here) for run in answer.shown[0].runs] == [
        ("Nothing happened, says the harbour master.", True),
        (" He has said so before.", False),
    ]
    assert answer.shown[1].reason == "share"


def test_what_is_not_verbatim_is_not_marked() -> None:
    document = EVIDENCE.documents[0]
    changed = replace(document.pieces[0], text="Something else stands here now, nothing of the issue.")
    evidence = replace(EVIDENCE, documents=(replace(document, pieces=(changed,)),))
    assert len(parse_explanation_request({"article": "a.txt"}, ISSUE, evidence).shown[0].runs) == 1


def test_a_copy_leads_to_the_story_that_credits_it() -> None:
    answer = parse_explanation_request({"article": "b.txt"}, ISSUE, EVIDENCE)
    assert answer.entry is not None
    assert answer.entry.id == "a.txt"


def test_a_theme_shows_its_stories_and_their_words() -> None:
    answer = parse_explanation_request({"theme": "harbour"}, ISSUE, EVIDENCE)
    assert answer.part is not None
    assert answer.part.entries[0].why[0].term == "harbour"


@pytest.mark.parametrize("query", [{"article": "../../etc/passwd"}, {"theme": "none"}])
def test_what_is_not_in_the_evidence_is_missing(query: dict[str, str]) -> None:
    assert parse_explanation_request(query, ISSUE, EVIDENCE).kind == "missing"


def test_reasons_are_counted() -> None:
    assert count_drop_reasons(EVIDENCE) == [("share", 3)]
    assert count_drop_reasons(None) == []


def test_an_issue_without_evidence_says_how_to_get_it(app: Any, backend: InMemoryBackend) -> None:
    backend.states["daily"] = PreviewState(revision=1, proof=proof(evidence=None))
    assert "explain.json" in ask(app, "/daily/live/explain?article=a.txt").text


@pytest.mark.parametrize("data", [{}, {"top": 1, "sections": 2}, {"top": [], "sections": [{"key": 1}]}, {"top": [{}]}])
def test_a_file_that_is_no_issue_is_an_empty_outline(data: dict[str, Any]) -> None:
    assert parse_printed_issue(data) == PrintedIssue(top=(), parts=())


def changed_issue() -> PrintedIssue:
    part = ISSUE.parts[0]
    first = part.entries[0]
    line = replace(first.lines[0], text="Something did happen.")
    return replace(
        ISSUE, parts=(replace(part, name="Sea", entries=(replace(first, id="b.txt", title="Loud", lines=(line,)),)),)
    )


def test_the_same_issue_has_no_changes() -> None:
    changes = compare_issues(ISSUE, ISSUE)
    assert changes.none
    assert changes.same == 2


def test_a_story_is_the_same_under_another_lead_theme_and_headline() -> None:
    changes = compare_issues(ISSUE, changed_issue())
    (change,) = changes.changed
    assert (change.was_title, change.title, change.was_theme, change.theme) == ("Quiet week", "Loud", "Harbour", "Sea")
    assert change.gone == ("Nothing happened, says the harbour master.",)
    assert change.new == ("Something did happen.",)
    assert [one.title for one in changes.went] == ["Second"]
    assert [one.title for one in compare_issues(changed_issue(), ISSUE).came] == ["Second"]


def test_another_issue_can_be_chosen_to_compare_with(app: Any, backend: InMemoryBackend) -> None:
    assert "same 2 stories" in ask(app, "/daily/live/changes").text
    backend.saved["2026-11-19"] = proof(label="2026-11-19", subject="Thursday", data={})
    text = ask(app, "/daily/live/changes?with=2026-11-19").text
    assert "<del>Thursday</del>" in text
    assert "New: 2" in text


def test_features_are_those_that_the_page_uses() -> None:
    names = {
        feature.name
        for feature in features_used('<style>@media (max-width:600px){p{padding:1px}}</style><a href="#x">')
    }
    assert names == {"<style>", "@media", "max-width", "padding", "jump links"}
    assert [support_level(percent) for percent in (100, 75, 74, 25, 24, 0)] == [
        "yes",
        "yes",
        "partly",
        "partly",
        "no",
        "no",
    ]


def test_a_schedule_that_cannot_be_read_says_why(app: Any, backend: InMemoryBackend) -> None:
    backend.wrong = ("config.yaml:1:1: broken",)
    assert "the store is not there" in ask(app, "/daily/schedule").text


def test_a_held_issue_can_be_approved_or_rejected(app: Any) -> None:
    text = ask(app, "/daily/schedule").text
    assert "Approve" in text
    assert "550 no such user" in text
    assert "the clock skips this hour" in text
