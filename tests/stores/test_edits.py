"""An editor's decisions in the store."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.delivery.rows import store_at


def test_decisions_are_kept_in_order_one_of_each_verb_for_a_story(tmp_path: Path) -> None:
    with store_at(tmp_path) as store:
        store.edits.keep_edit("daily", "retitle", "a", "First", now=1.0)
        store.edits.keep_edit("daily", "drop", "b", "", now=2.0)
        store.edits.keep_edit("daily", "retitle", "a", "Second", now=3.0)
        store.edits.keep_edit("weekly", "pin", "a", "", now=4.0)
        assert store.edits.edits_of("daily") == [("drop", "b", ""), ("retitle", "a", "Second")]


def test_a_decision_can_be_taken_back_once(tmp_path: Path) -> None:
    with store_at(tmp_path) as store:
        store.edits.keep_edit("daily", "drop", "a", "", now=1.0)
        assert store.edits.forget_edit("daily", "drop", "a")
        assert not store.edits.forget_edit("daily", "drop", "a")
        assert store.edits.edits_of("daily") == []


def test_an_edition_waits_for_its_editor_until_told_otherwise(tmp_path: Path) -> None:
    with store_at(tmp_path) as store:
        assert not store.is_held("daily")
        store.set_hold("daily", wanted=True)
        assert store.is_held("daily")
        assert not store.is_held("weekly")
        store.set_hold("daily", wanted=False)
        assert not store.is_held("daily")


def test_a_store_of_the_first_version_gets_the_table_of_edits(tmp_path: Path) -> None:
    store_at(tmp_path).close()
    with sqlite3.connect(tmp_path / "digest.db") as connection:
        connection.execute("DROP TABLE edit")
        connection.execute("UPDATE schema_version SET version = 1")
    with store_at(tmp_path) as store:
        store.edits.keep_edit("daily", "drop", "a", "", now=1.0)
        assert store.edits.edits_of("daily") == [("drop", "a", "")]
