"""Days in the life of an edition: each event once, what is new marked as new, and everything accounted for."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.sources.feed.feeds import rss
from tests.webserver import Page, Web, web

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

__all__ = ["web"]

CONFIG = """
editions:
  tarn:
    title: The Tarn Letter
    sources: [{name: desk, type: files, path: in}]
    from: "Tarn <desk@example.org>"
    subscribers: [reader@example.org]
    deliver: [{type: folder, path: outbox}]
"""
WALL = """Council of Tarn votes for a second lighthouse

The council of Tarn voted nine to four on Monday to build a second lighthouse on the northern mole.
Ada Moore, who leads the harbour board, said that the tower will cost two million crowns and shine by 2028.
A storm sank three boats near the old mole last autumn, and two sailors of the island of Sund drowned.
Engineers of the Ribe yard had warned the town since 2015 that the old light cannot be seen in fog.
"""
NEWS = "The fund of the Sund islands withdrew its promise of 800,000 crowns on Tuesday night."
HERRING = """Herring prices halve at the auction in Ribe

Fishermen of the Sund islands landed nine thousand barrels of herring in October, more than in any year since 1974.
Prices at the auction in Ribe fell by half within a week, and buyers from Bergen stayed away on Friday.
The cannery on Quay Street hired forty people for the season, its owner Jonas Weber told the town's paper.
"""
MONDAY, TUESDAY, WEDNESDAY = (f"2026-11-2{day}T07:00" for day in (3, 4, 5))


@pytest.fixture
def tarn(tmp_path: Path) -> Path:
    """A project with a folder of articles."""
    (tmp_path / "in").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def put(project: Path, **texts: str) -> None:
    for name, text in texts.items():
        (project / "in" / f"{name}.txt").write_text(text, encoding="utf-8")


def issue(project: Path, day: str) -> dict[str, Any]:
    (found,) = project.glob(f"issues/tarn/{day[:10]}*/issue.json")
    data: dict[str, Any] = json.loads(found.read_text("utf-8"))
    return data


def stories(project: Path, day: str) -> dict[str, dict[str, Any]]:
    return {story["id"]: story for section in issue(project, day)["sections"] for story in section["stories"]}


def test_an_update_prints_its_news_and_nothing_again(tarn: Path, digest: Run) -> None:
    put(tarn, wall=WALL)
    assert digest("send", "--at", MONDAY, cwd=tarn).returncode == 0
    printed = {one["text"] for one in stories(tarn, MONDAY)["wall.txt"]["sentences"]}
    lines = WALL.splitlines()
    put(tarn, wall="\n".join((*lines[:3], NEWS, *lines[3:])), herring=HERRING)
    assert digest("send", "--at", TUESDAY, cwd=tarn).returncode == 0
    found = stories(tarn, TUESDAY)
    assert set(found) == {"wall.txt", "herring.txt"}
    said = [one["text"] for one in found["wall.txt"]["sentences"]]
    assert NEWS in said
    assert printed.isdisjoint(said)
    assert (found["wall.txt"]["update"], found["herring.txt"]["update"]) == (True, False)
    assert found["wall.txt"]["first_told"].startswith("2026-11-23T07:00")
    letter = next((tarn / "issues" / "tarn").glob("2026-11-24*/issue.txt")).read_text("utf-8")
    assert "Update: Council of Tarn votes" in letter
    assert "first told 23 Nov 2026" in " ".join(letter.split())


def test_a_copy_under_another_name_and_headline_is_left_out_with_its_reason(tarn: Path, digest: Run) -> None:
    put(tarn, wall=WALL)
    digest("send", "--at", MONDAY, cwd=tarn)
    put(tarn, again=WALL.replace("Council of Tarn votes for", "Islanders are to get"), herring=HERRING)
    digest("send", "--at", TUESDAY, cwd=tarn)
    assert set(stories(tarn, TUESDAY)) == {"herring.txt"}
    reasons = {one["id"]: one["reason"] for one in issue(tarn, TUESDAY)["left_out"]}
    assert reasons == {"again.txt": "readers had it", "wall.txt": "readers had it"}
    shown = digest("explain", cwd=tarn).stdout
    assert "again.txt: Islanders are to get a second lighthouse (readers had it)" in shown


def test_what_is_built_anew_after_an_issue_holds_nothing_of_it(tarn: Path, digest: Run) -> None:
    put(tarn, wall=WALL, herring=HERRING)
    digest("send", "--at", MONDAY, cwd=tarn)
    done = digest("build", "--new", "--at", TUESDAY, cwd=tarn)
    assert (done.returncode, done.stdout) == (4, "")


def test_what_had_no_room_is_not_kept_for_a_quiet_day(tarn: Path, digest: Run) -> None:
    (tarn / "config.yaml").write_text(CONFIG + "    length: {stories: 1, minutes: 0.3}\n", encoding="utf-8")
    put(tarn, wall=WALL, herring=HERRING)
    digest("send", "--at", MONDAY, cwd=tarn)
    data = issue(tarn, MONDAY)
    assert data["counts"]["available"] == 2
    told = {one["id"] for section in data["sections"] for one in section["stories"] if one["sentences"]}
    named = {one["id"] for section in data["sections"] for one in section["stories"] if not one["sentences"]}
    assert len(told) == 1
    assert told | named | {one["id"] for one in data["left_out"]} == {"wall.txt", "herring.txt"}
    assert "nothing new to print" in digest("send", "--at", TUESDAY, cwd=tarn).stderr


@pytest.mark.parametrize("damage", ["update issue_memory set content = x'00'", "delete from issue_memory"])
def test_a_damaged_or_lost_memory_makes_an_issue_all_the_same(tarn: Path, digest: Run, damage: str) -> None:
    put(tarn, wall=WALL)
    digest("send", "--at", MONDAY, cwd=tarn)
    with closing(sqlite3.connect(tarn / "digest.db")) as database, database:
        database.execute(damage)
    put(tarn, herring=HERRING)
    done = digest("send", "--at", TUESDAY, cwd=tarn)
    assert set(stories(tarn, TUESDAY)) == {"herring.txt"}
    problems = [one["message"] for one in issue(tarn, TUESDAY)["problems"]]
    assert ("update" in damage) == any("is damaged" in message for message in problems), done.stderr


def test_what_is_older_than_the_edition_remembers_is_forgotten(tarn: Path, digest: Run) -> None:
    (tarn / "config.yaml").write_text(CONFIG + "    remember: 1\n", encoding="utf-8")
    put(tarn, wall=WALL)
    digest("send", "--at", MONDAY, cwd=tarn)
    put(tarn, herring=HERRING)
    digest("send", "--at", WEDNESDAY, cwd=tarn)
    with closing(sqlite3.connect(tarn / "digest.db")) as database:
        assert list(database.execute("select issue from issue_memory")) == [("tarn/2026-11-25",)]
    assert set(stories(tarn, WEDNESDAY)) == {"herring.txt"}


@pytest.mark.parametrize(("repeat", "told"), [("never", False), ("updates", True), ("always", True)])
def test_an_edition_says_whether_it_repeats(tarn: Path, digest: Run, repeat: str, *, told: bool) -> None:
    (tarn / "config.yaml").write_text(CONFIG + f"    repeat: {repeat}\n", encoding="utf-8")
    put(tarn, wall=WALL)
    digest("send", "--at", MONDAY, cwd=tarn)
    put(tarn, wall=f"{WALL}{NEWS}\n", herring=HERRING)
    digest("send", "--at", TUESDAY, cwd=tarn)
    assert ("wall.txt" in stories(tarn, TUESDAY)) is told
    assert "herring.txt" in stories(tarn, TUESDAY)


@pytest.mark.slow
def test_a_weekly_beside_a_daily_finds_what_the_daily_had(tmp_path: Path, digest: Run, web: Web) -> None:
    """The feed holds one entry a day; each edition gets everything that is its own."""
    shared = (
        f'    sources: [{{name: wires, type: feed, url: "{web.url("/rss")}", allow_private: true, full_text: never}}]\n'
        '    from: "Tarn <desk@example.org>"\n'
        "    subscribers: [reader@example.org]\n"
        "    deliver: [{type: folder, path: outbox}]\n"
        "    length: {minutes: null}\n"
    )
    (tmp_path / "config.yaml").write_text(
        f"editions:\n  daily:\n    title: Daily\n{shared}  weekly:\n    title: Weekly\n{shared}", encoding="utf-8"
    )
    days = range(1, 9)
    for day in days:
        web["/rss"] = Page(rss(story_of_day(day)))
        assert digest("send", "--edition", "daily", "--at", f"2026-11-{day:02}T07:00", cwd=tmp_path).returncode == 0
        if day in (1, 8):
            digest("send", "--edition", "weekly", "--at", f"2026-11-{day:02}T08:00", cwd=tmp_path)
    everything = {f"g{day}" for day in days}
    assert told(tmp_path, "daily") == everything
    assert told(tmp_path, "weekly") == everything


def story_of_day(day: int) -> str:
    text = f"{HARBOURS[day]} opened a quay of {day * 37} metres, which its mayor had promised since {1990 + day}."
    return f"<item><title>{HARBOURS[day]}</title><guid>g{day}</guid><description>{text}</description></item>"


HARBOURS = ("None", "Asker", "Bodo", "Cuxhaven", "Dagebull", "Emden", "Fredericia", "Gdansk", "Halmstad")


def told(project: Path, edition: str) -> set[str]:
    """Every article that stories of an edition tell."""
    issues = [json.loads(path.read_text("utf-8")) for path in project.glob(f"issues/{edition}/*/issue.json")]
    stories = [story for data in issues for section in data["sections"] for story in section["stories"]]
    return {one["id"] for story in stories for one in (story, *story["also"])}


def test_a_slot_that_was_published_by_hand_is_noted(tarn: Path, digest: Run) -> None:
    (tarn / "config.yaml").write_text(CONFIG + '    schedule: {cron: "0 7 * * *"}\n', encoding="utf-8")
    put(tarn, wall=WALL)
    ahead = digest("schedule", "next", "-n", "2", "--from", "2026-11-23T04:00", cwd=tarn).stdout
    assert "published" not in ahead
    digest("send", "--at", "2026-11-23T04:30", cwd=tarn)
    lines = digest("schedule", "next", "-n", "2", "--from", "2026-11-23T04:00", cwd=tarn).stdout.splitlines()
    assert "(is published already: nothing more is made for it)" in lines[0]
    assert "published" not in lines[1]


def test_a_build_of_what_is_new_stands_under_the_slot_that_comes_next(tarn: Path, digest: Run) -> None:
    (tarn / "config.yaml").write_text(CONFIG + '    schedule: {cron: "0 7 * * *"}\n', encoding="utf-8")
    put(tarn, wall=WALL)
    digest("send", "--at", "2026-11-23T07:30", cwd=tarn)
    put(tarn, herring=HERRING)
    done = digest("build", "--new", "--json", "--dry-run", "--at", "2026-11-23T09:00", cwd=tarn)
    assert json.loads(done.stdout)["id"] == "tarn/2026-11-24"
