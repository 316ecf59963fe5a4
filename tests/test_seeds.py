"""The first real issue: five messy scrapes through the whole command, judged as a reader would."""

from __future__ import annotations

import json
import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import AT, TOP, Run

if TYPE_CHECKING:
    from pathlib import Path

JUNK = (
    "Ahmed Jalil", "Basmaya", "Besmaya", "Greg Nash", "Related coverage", "Dutch Foreign Ministry", "May 18", "Iyyar", "Share On Facebook",
    "reCAPTCHA", "Join the Algemeiner", "read more.", "automatically translated", "Michelle Obama", "TrumpDonald", "Francois Lenoir",
    "Let your voice",
)  # fmt: skip
UNRESOLVED = re.compile(r"(He|She|They|It|It’s|And|But|This|These|However)\b")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the seeds' issue, built by the command."""
    import os
    import subprocess
    import sys

    out = tmp_path_factory.mktemp("issues")
    subprocess.run(
        [sys.executable, "-m", "digest", "build", "--at", AT, "--out", str(out)],
        cwd=TOP, check=True, capture_output=True, env=dict(os.environ),
    )  # fmt: skip
    return out / "nato" / "2026-11-20"


@pytest.fixture(scope="module")
def issue(built: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((built / "issue.json").read_text("utf-8"))
    return data


def stories(issue: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        story["id"][:3]: {**story, "theme": section["theme"]}
        for section in issue["sections"]
        for story in section["stories"]
    }


def test_five_inputs_make_four_stories(issue: dict[str, Any]) -> None:
    assert sorted(stories(issue)) == ["000", "002", "003", "004"]
    assert issue["counts"]["articles"] == 5


def test_the_excerpt_is_credited_under_the_whole_text_and_lends_its_byline(issue: dict[str, Any]) -> None:
    story = stories(issue)["000"]
    assert [(also["id"][:3], also["relation"]) for also in story["also"]] == [("001", "excerpt")]
    assert story["byline"] == "Samuel Stolton"


def test_every_story_is_in_its_theme_with_reasons(issue: dict[str, Any]) -> None:
    found = stories(issue)
    assert found["003"]["theme"] == "Iraq training mission"
    assert found["002"]["theme"] == "Burden-sharing"
    assert found["004"]["theme"] == "Iran escalation"
    assert found["000"]["theme"] in {"Iran escalation", "Burden-sharing"}
    assert all(story["why"] for story in found.values())


@pytest.mark.parametrize("suffix", ["html", "txt", "json"])
def test_nothing_is_printed_that_is_not_the_article(built: Path, suffix: str) -> None:
    text = " ".join((built / f"issue.{suffix}").read_text("utf-8").split())
    assert [junk for junk in JUNK if junk in text] == []


def test_the_sentence_around_a_run_of_links_survives(digest: Run) -> None:
    seed = next((TOP / "seeds").glob("004*")).read_text("utf-8")
    done = digest("stage", "clean", stdin=json.dumps({"id": "004", "text": seed}))
    assert "spoke by phone with President Trump “on developments in the Middle East,”" in done.stdout


def test_dates_and_titles_are_the_articles_own_or_marked_as_made(issue: dict[str, Any]) -> None:
    found = stories(issue)
    assert found["003"]["published"].startswith("2020-02-13")
    assert [key for key, story in found.items() if story["title_made"]] == ["002"]
    assert len(found["002"]["title"]) <= 80
    assert found["000"]["published"] is None


def test_every_sentence_is_verbatim_at_its_place(issue: dict[str, Any], digest: Run) -> None:
    rows = [json.dumps({"id": seed.name, "text": seed.read_text("utf-8")}) for seed in (TOP / "seeds").glob("*.txt")]
    done = digest("stage", "clean", stdin="\n".join(rows))
    articles = {row["id"]: row["paragraphs"] for row in map(json.loads, done.stdout.splitlines())}
    quoted = [*issue["top"], *(s for section in issue["sections"] for s in section["brief"])]
    quoted += [sentence for story in stories(issue).values() for sentence in story["sentences"]]
    assert quoted
    for sentence in quoted:
        paragraph = articles[sentence["article"]][sentence["paragraph"]]
        assert paragraph[sentence["start"] : sentence["end"]] == sentence["text"]


def test_no_summary_opens_in_the_middle_of_a_thought_or_cuts_a_quotation(issue: dict[str, Any]) -> None:
    for story in stories(issue).values():
        assert not UNRESOLVED.match(story["sentences"][0]["text"])
        for sentence in story["sentences"]:
            assert sentence["text"].count("“") == sentence["text"].count("”")
            assert not sentence["text"].endswith(("Gen.", "U.S.", "Feb."))


def test_the_message_has_both_parts_and_the_readers_way_out(built: Path) -> None:
    message = message_from_bytes((built / "issue.eml").read_bytes(), policy=policy.default)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["To"] == "digest@example.org"


def test_the_same_moment_gives_the_same_bytes(built: Path, tmp_path: Path, digest: Run) -> None:
    done = digest("build", "--at", AT, "--out", str(tmp_path), cwd=TOP)
    assert done.returncode == 0
    for name in ("issue.html", "issue.txt", "issue.eml", "issue.json"):
        assert (tmp_path / "nato" / "2026-11-20" / name).read_bytes() == (built / name).read_bytes()
