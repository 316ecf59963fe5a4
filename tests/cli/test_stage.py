"""The stages on their own: a row that does not fit is answered, and its neighbours too."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Run

STAGES = ("clean", "dedupe", "group", "summarise")
TEXT = "The bridge opens again\n\nThe bridge over the river opens again on Monday, the town said. Repairs took a year."


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("misfit", [{}, {"text": 5}, {"paragraphs": "str"}, {"text": ["a"]}, {"text": {}}])
def test_a_row_that_does_not_fit_is_answered_in_its_place(digest: Run, stage: str, misfit: dict[str, object]) -> None:
    rows = [{"id": "z", "text": TEXT}, {"id": "y", **misfit}, {"id": "w", "text": TEXT}]
    done = digest("stage", stage, stdin="\n".join(map(json.dumps, rows)))
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["z", "y", "w"]
    assert ["error" in answer for answer in answers] == [False, True, False]


@pytest.mark.parametrize("stage", ["dedupe", "group"])
def test_a_title_alone_can_be_compared(digest: Run, stage: str) -> None:
    done = digest("stage", stage, stdin=json.dumps({"id": 1, "title": "The bridge opens again"}))
    assert "error" not in json.loads(done.stdout)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_know_is_no_row(digest: Run, stage: str, number: str) -> None:
    done = digest("stage", stage, stdin=f'{{"id": "a", "text": "One.", "mine": {number}}}')
    (answer,) = [json.loads(line, parse_constant=pytest.fail) for line in done.stdout.splitlines()]
    assert answer["id"] is None
    assert "is no number" in answer["error"]
