"""`digest query test`, and queries in a configuration: of an edition, of a source, of a theme."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_days import CONFIG, HERRING, MONDAY, WALL, issue, put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


@pytest.fixture
def tarn(tmp_path: Path) -> Path:
    """A project with two articles."""
    (tmp_path / "in").mkdir()
    put(tmp_path, wall=WALL, herring=HERRING)
    return tmp_path


def build(project: Path, digest: Run, extra: str, *, source: str = "") -> dict[str, str]:
    """Where each article of a build ended: under a theme, or left out with its reason."""
    text = CONFIG.replace("path: in}", f"path: in{source}}}") + extra
    (project / "config.yaml").write_text(text, encoding="utf-8")
    done = digest("build", "--at", MONDAY, cwd=project)
    assert done.returncode == 0, done.stderr
    data = issue(project, MONDAY)
    told = {story["id"]: section["theme"] for section in data["sections"] for story in section["stories"]}
    return told | {one["id"]: one["reason"] for one in data["left_out"]}


def test_a_query_is_tried_on_documents(tarn: Path, digest: Run) -> None:
    done = digest("query", "test", "mole AND NOT herring", "in/wall.txt", "in/herring.txt", cwd=tarn)
    assert (done.returncode, done.stdout) == (0, "wall.txt: mole\nherring.txt: no match\n")
    done = digest("query", "test", "--json", '"northern mole"', "in/wall.txt", cwd=tarn)
    assert json.loads(done.stdout)[0]["hits"] == ["northern mole"]
    assert digest("query", "test", "zebra", "in/wall.txt", cwd=tarn).returncode == 4


def test_a_wrong_query_is_told_with_its_column(tarn: Path, digest: Run) -> None:
    done = digest("query", "test", "(mole", "in/wall.txt", cwd=tarn)
    assert (done.returncode, done.stdout) == (2, "")
    assert "column 1: this bracket is not closed" in done.stderr


@pytest.mark.parametrize(
    ("extra", "source", "left_out"),
    [
        ("    include: lighthouse OR light*\n", "", {"herring.txt": "matches no `include:`"}),
        ("    exclude: text:herring\n", "", {"herring.txt": "matches `exclude:`: herring"}),
        ("", ", exclude: herring", {"herring.txt": "matches `exclude:`: Herring, herring"}),
        ("    languages: [de]\n", "", None),
        ("    languages: [en-GB, de]\n", "", {}),
    ],
)
def test_an_edition_and_a_source_take_what_their_queries_say(tarn, digest, extra, source, left_out):
    if left_out is None:
        (tarn / "config.yaml").write_text(CONFIG + extra, encoding="utf-8")
        assert digest("build", "--at", MONDAY, cwd=tarn).returncode == 4
        return
    found = build(tarn, digest, extra, source=source)
    assert {key: found[key] for key in left_out} == left_out
    assert set(found) == {"wall.txt", "herring.txt"}


def test_a_theme_may_be_a_query_alone_and_its_hits_are_the_reasons(tarn: Path, digest: Run) -> None:
    themes = "    themes:\n      - {name: Things of the sea, include: '\"northern mole\" OR zebra'}\n"
    found = build(tarn, digest, themes)
    assert found == {"wall.txt": "Things of the sea", "herring.txt": "Other"}
    (story,) = issue(tarn, MONDAY)["sections"][0]["stories"]
    assert story["why"] == [{"term": "northern mole", "weight": 1.0, "where": "query"}]


def test_a_list_of_excluded_words_stays_a_list_and_a_text_is_a_query(tarn: Path, digest: Run) -> None:
    words = "    themes:\n      - {name: Herring prices, keywords: [auction, cannery], exclude: EXCLUDE}\n"
    assert build(tarn, digest, words.replace("EXCLUDE", "[zebra]"))["herring.txt"] == "Herring prices"
    assert build(tarn, digest, words.replace("EXCLUDE", "cannery AND Ribe"))["herring.txt"] == "Other"


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ("    include: (mole\n", "editions.tarn.include: column 1: this bracket is not closed"),
        ("    themes: [{name: A, include: 'near/3 x'}]\n", "editions.tarn.themes.0.include: column 1: 'near/3' needs"),
        ("    themes: [{name: A, exclude: '/(a+)+/'}]\n", "editions.tarn.themes.0.exclude: column 1: a repetition"),
        ("    length: {minutes: 0}\n", "editions.tarn.length.minutes: is more than 0"),
        ("    length: {hours: 1}\n", "editions.tarn.length.hours: unknown key"),
        ("    repeat: often\n", "editions.tarn.repeat: "),
    ],
)
def test_mistakes_are_told_with_their_place(tarn: Path, digest: Run, extra: str, says: str) -> None:
    (tarn / "config.yaml").write_text(CONFIG + extra, encoding="utf-8")
    done = digest("config", "check", cwd=tarn)
    assert done.returncode == 3
    assert says in done.stderr


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (", tier: 9", "sources.0.tier: is 1 (counts most), 2 (as others) or 3 (counts least)"),
        (", include: [a]", "sources.0.include: is a query"),
        (", display_name: ''", "sources.0.display_name: is a line of at most 40 characters"),
        (", labels: opinion", "sources.0.labels: is a list of short words"),
        (", paywall: perhaps", "sources.0.paywall: is true or false"),
        (", languages: en", "sources.0.languages: is a list of language codes"),
        (", exclude: 'a OR'", "sources.0.exclude: column 5: something is missing here"),
    ],
)
def test_mistakes_of_a_source_are_told_with_their_place(tarn: Path, digest: Run, source: str, says: str) -> None:
    (tarn / "config.yaml").write_text(CONFIG.replace("path: in}", f"path: in{source}}}"), encoding="utf-8")
    done = digest("config", "check", cwd=tarn)
    assert done.returncode == 3
    assert says in done.stderr


def test_a_source_is_credited_as_an_editor_says(tarn: Path, digest: Run) -> None:
    build(tarn, digest, "", source=", display_name: The Sund Post, labels: [official], paywall: true")
    data = issue(tarn, MONDAY)
    found = [story for section in data["sections"] for story in section["stories"]]
    assert {(one["publisher"], tuple(one["labels"]), one["paywall"]) for one in found} == {
        ("The Sund Post", ("official",), True)
    }
    letter = next(tarn.glob("issues/tarn/*/issue.txt")).read_text("utf-8")
    assert letter.count("paywall · official") == len(found)
