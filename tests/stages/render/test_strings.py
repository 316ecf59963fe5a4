"""Labels in the edition's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.errors import TemplateError
from digest.stages.check import Level, check_letter
from digest.stages.render import Style, load_renderer, sample_issue
from digest.stages.render.strings import read_strings
from digest.stages.render.templates import packaged_folder, template_folders
from tests.issues import envelope

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = sorted(path.stem for path in (packaged_folder() / "strings").glob("*.toml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_edition_in_each_language_passes_the_gate(language: str) -> None:
    issue = sample_issue(language)
    letter = load_renderer(Style(), envelope=envelope()).render(issue, number=7)
    assert [found for found in check_letter(letter, issue) if found.level is not Level.INFO] == []
    assert f'<html lang="{language}"' in letter.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_has_every_month_and_day(language: str) -> None:
    say = read_strings(template_folders("default"), language)
    assert (len(say.months), len(say.months_short), len(say.weekdays)) == (12, 12, 7)
    assert len({*say.months}) == 12


def test_the_seven_languages_of_the_word_lists_have_labels() -> None:
    assert LANGUAGES == ["de", "en", "es", "fr", "it", "nl", "pt"]


def test_dates_and_numbers_follow_the_language() -> None:
    letter = load_renderer(Style(), envelope=envelope()).render(sample_issue("de"), number=3)
    assert "Ausgabe 3 · Freitag, 20. November 2026 · 2 Min. Lesezeit" in letter.text
    assert "Das war alles: 6 Berichte, 3 Themen, 2 Minuten." in letter.text
    assert ">Abmelden</a>" in letter.html


def test_one_is_not_many() -> None:
    say = read_strings(template_folders("default"), "en")
    assert say.that_is_all(1, 1, 1) == "That is all: 1 story, 1 theme, 1 minute."
    assert say.more(1) == "and 1 more story"


def test_a_language_without_labels_gets_english_ones() -> None:
    renderer = load_renderer(Style(), envelope=envelope())
    assert ">Unsubscribe</a>" in renderer.render(sample_issue("fi")).html
    assert ">Cancelar a subscrição</a>" in renderer.render(sample_issue("pt-BR")).html


def test_labels_of_ones_own_replace_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / "strings").mkdir()
    table = (packaged_folder() / "strings" / "en.toml").read_text("utf-8").replace('"Unsubscribe"', '"Leave this list"')
    (tmp_path / "strings" / "en.toml").write_text(table, "utf-8")
    assert (
        ">Leave this list</a>"
        in load_renderer(Style(templates=tmp_path), envelope=envelope()).render(sample_issue()).html
    )


@pytest.mark.parametrize(("text", "named"), [("top = ", "en.toml"), ('top = "x"', "months is missing")])
def test_a_broken_table_is_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "strings").mkdir()
    (tmp_path / "strings" / "en.toml").write_text(text, "utf-8")
    with pytest.raises(TemplateError, match=named):
        load_renderer(Style(templates=tmp_path), envelope=envelope())
