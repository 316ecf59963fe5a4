"""A file of themes becomes the grouper that it describes, or a list of what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.config import read_grouper_file
from digest.errors import ConfigError
from digest.groupers.configured import ConfiguredGrouper
from digest.groupers.discovered import DiscoveredGrouper


def written(folder: Path, text: str) -> Path:
    path = folder / "themes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read_grouper_file(written(folder, text), discover=False)
    return caught.value.mistakes


@pytest.mark.parametrize("discover", [True, False])
def test_themes_are_read_in_their_order_with_all_they_say(tmp_path: Path, discover: bool) -> None:
    text = "themes:\n  - {name: Harbour, keywords: [ferry, quay], exclude: [ship]}\n  - {name: B, key: bee, description: X}\n"
    grouper = read_grouper_file(written(tmp_path, text), discover=discover)
    assert isinstance(grouper, ConfiguredGrouper)
    assert grouper.discover is discover
    harbour, bee = grouper.themes
    assert (harbour.name, harbour.identity, harbour.keywords, harbour.exclude) == (
        "Harbour", "harbour", ("ferry", "quay"), ("ship",),
    )  # fmt: skip
    assert (bee.name, bee.identity, bee.description) == ("B", "bee", "X")


@pytest.mark.parametrize("discover", [True, False])
def test_without_themes_they_are_discovered(tmp_path: Path, discover: bool) -> None:
    assert isinstance(read_grouper_file(None, discover=discover), DiscoveredGrouper)
    assert isinstance(read_grouper_file(written(tmp_path, "themes: []\n"), discover=discover), DiscoveredGrouper)


@pytest.mark.parametrize(
    "text", ["- {name: A}\n", "topics: []\n", "themes: {name: A}\n", "themes: A\n", "themes:\n", "A"]
)
def test_a_file_without_a_list_of_themes_is_told(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text) == ("themes.yaml:1:1: holds no list `themes:`",)


@pytest.mark.parametrize(
    ("theme", "told"),
    [
        ("{keywords: [x]}", "2:5: themes.0.name: is missing"),
        ("{name: A, keyword: [x]}", "2:15: themes.0.keyword: unknown key (did you mean 'keywords'?)"),
        (
            "{name: A, zzz: 1}",
            "2:15: themes.0.zzz: unknown key (known: name, key, description, keywords, include, exclude)",
        ),
        ("{name: 5}", "2:12: themes.0.name: is text"),
        ("{name: A, keywords: x}", "2:25: themes.0.keywords: is a list"),
        ("{name: A, keywords: [x, 5]}", "2:29: themes.0.keywords.1: is text"),
        ("A", "2:5: themes.0: is a mapping"),
    ],
)
def test_a_mistake_in_a_theme_is_told_with_its_place(tmp_path: Path, theme: str, told: str) -> None:
    assert mistakes(tmp_path, f"themes:\n  - {theme}\n") == (f"themes.yaml:{told}",)


@pytest.mark.parametrize("key", ["", "a b", "-a", "a-", "a/b", "../a", "x" * 65])
def test_a_key_that_cannot_stand_in_an_address_is_refused(tmp_path: Path, key: str) -> None:
    (told,) = mistakes(tmp_path, f"themes:\n  - {{name: A, key: '{key}'}}\n")
    assert told.startswith("themes.yaml:2:20: themes.0.key: ")


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("{name: HARBOUR}", "3:12: themes.1.name: two themes have this name"),
        ("{name: ' Harbour '}", "3:12: themes.1.name: two themes have this name"),
        ("{name: Port, key: harbour}", "3:23: themes.1.key: two themes have this key"),
        ("{name: Harbour!}", "3:5: themes.1.key: two themes have this key"),
    ],
)
def test_two_themes_are_never_the_same(tmp_path: Path, second: str, told: str) -> None:
    assert mistakes(tmp_path, f"themes:\n  - {{name: Harbour}}\n  - {second}\n") == (f"themes.yaml:{told}",)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, "themes:\n  - {nam: A}\n  - {name: [B]}\n  - 7\n")) == 4


def test_a_file_that_is_not_there_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: no such file"):
        read_grouper_file(tmp_path / "none.yaml", discover=False)
