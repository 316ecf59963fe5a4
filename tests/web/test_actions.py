"""Forms: what they do, and what they say when it cannot be done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from digest.stages.edit import Edit, EditVerb
from tests.web.conftest import TOKEN, Answer, InMemoryBackend, ask


def post(app: Any, path: str, **fields: str) -> Answer:
    body = urlencode({"token": TOKEN, **fields}).encode()
    return ask(app, path, method="POST", headers={"sec-fetch-site": "same-origin"}, body=body)


def test_an_edit_is_kept_and_taken_back(app: Any, backend: InMemoryBackend) -> None:
    answer = post(app, "/-/edit/daily", verb="retitle", story="a.txt", value="Better")
    assert (answer.status, answer.headers["location"]) == (303, "/daily/live/edit")
    assert backend.made == [Edit(verb=EditVerb.RETITLE, story="a.txt", value="Better")]
    assert "“Better”" in ask(app, "/daily/live/edit").text
    assert post(app, "/-/edit/daily", verb="retitle", story="a.txt", undo="yes").status == 303
    assert backend.made == []


@pytest.mark.parametrize("fields", [{"verb": "burn", "story": "a"}, {"verb": "retitle", "story": "a.txt"}, {}])
def test_a_form_that_makes_no_sense_is_answered_in_a_line(
    app: Any, backend: InMemoryBackend, fields: dict[str, str]
) -> None:
    answer = post(app, "/-/edit/daily", **fields)
    assert answer.status == 400
    assert 'role="alert"' in answer.text
    assert backend.made == []


def test_an_edit_that_waits_says_so(app: Any, backend: InMemoryBackend) -> None:
    late = Edit(verb=EditVerb.DROP, story="gone.txt")
    backend.made, backend.late = [late], [late]
    assert "its story is not here" in ask(app, "/daily/live/edit").text


def test_a_test_copy_says_by_which_way_it_went(app: Any, backend: InMemoryBackend) -> None:
    answer = post(app, "/-/send/daily/live", address="me@example.org")
    assert answer.status == 200
    assert "One copy went to me@example.org by daily/folder" in answer.text
    assert backend.did == ["send daily/live me@example.org"]


def test_a_test_copy_that_cannot_leave_says_why(app: Any) -> None:
    answer = post(app, "/-/send/daily/live", address="<script>")
    assert answer.status == 400
    assert "is not an address" in answer.text
    assert "<script>'" not in answer.text


def test_an_editor_rules_on_what_comes_and_on_what_is_held(app: Any, backend: InMemoryBackend) -> None:
    post(app, "/-/rule/daily", verdict="hold")
    post(app, "/-/rule/daily", verdict="approve", issue="7")
    post(app, "/-/rule/daily", verdict="approve", issue="７; drop table")
    assert backend.did == ["hold daily None", "approve daily 7", "approve daily None"]


@pytest.mark.parametrize("path", ["/-/edit/none", "/-/rule/none", "/-/visit/none", "/-/send/none/live"])
def test_an_unknown_edition_is_not_here(app: Any, path: str) -> None:
    assert post(app, path).status == 404
