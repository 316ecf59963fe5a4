"""The library: ten lines from articles to an e-mail, everything imported when it is asked for."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import digest
from digest.errors import UsageError
from digest.groupers.configured import ThemeRule
from tests.conftest import TOP
from tests.environment import child_environment

AT = datetime(2026, 11, 20, 7, tzinfo=UTC)
SEEDS = sorted((TOP / "seeds").glob("*.txt"))
STORY = "The council of the harbour town voted on Monday for a new ferry to the island. The vote was close. " * 4


def readme_example() -> str:
    """The Python in the README."""
    (code,) = re.findall(r"```python\n(.*?)```", (TOP / "README.md").read_text("utf-8"), re.DOTALL)
    return code


def test_the_example_of_the_readme_runs_and_is_ten_lines_at_most(monkeypatch):
    code = readme_example()
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    monkeypatch.chdir(TOP)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert str(names["html"]).startswith("<!DOCTYPE html>")


def test_the_seeds_make_the_issue_that_the_command_makes():
    themes = [
        ThemeRule(name="Iraq training mission", keywords=("train", "advise", "Iraqi forces")),
        ThemeRule(name="Burden-sharing", keywords=("defence spending", "defense spending", "GDP", "dues")),
        ThemeRule(name="Iran escalation", keywords=("Soleimani", "Tehran", "missile strikes")),
    ]
    built = digest.build(SEEDS, themes=themes, title="NATO & the Middle East", at=AT)
    assert [(section.name, len(section.briefs)) for section in built.issue.sections] == [
        ("Iran escalation", 2),
        ("Burden-sharing", 1),
        ("Iraq training mission", 1),
    ]


def test_the_same_articles_at_the_same_time_give_the_same_bytes():
    first, second = (digest.build(SEEDS, at=AT) for _ in range(2))
    assert (first.html, first.text) == (second.html, second.text)


def test_texts_paths_and_clean_articles_mix(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><article><h1>Ferry vote</h1><p>{STORY}</p></article></body></html>", "utf-8")
    clean = digest.Article(
        key="mine", source="me", title="Mine", paragraphs=("A bridge was opened on Tuesday in Oban.",)
    )
    built = digest.build([STORY.replace("ferry", "school"), page, clean], at=AT)
    keys = {article.key for brief in built.issue.briefs for article in brief.story.articles}
    assert keys == {"1", "page.html", "mine"}


def test_fields_of_an_edition_can_be_given():
    built = digest.build([STORY], at=AT, language="de", timezone="Asia/Tokyo")
    assert (built.issue.language, built.issue.timezone) == ("de", "Asia/Tokyo")


@pytest.mark.parametrize("articles", [[], [""], ["\n\n"]])
def test_nothing_to_print_is_an_error(articles):
    with pytest.raises(UsageError, match="no story"):
        digest.build(articles, at=AT)


@pytest.mark.parametrize(("name", "message"), [("a.xyz", "unknown kind of file"), ("gone.txt", "cannot be read")])
def test_a_path_that_cannot_be_read_is_named(tmp_path: Path, name: str, message: str):
    (tmp_path / "a.xyz").write_text("x")
    with pytest.raises(UsageError, match=message):
        digest.build([tmp_path / name], at=AT)


def test_a_configuration_is_loaded():
    assert list(digest.load(TOP / "config.yaml").editions) == ["nato"]


def test_everything_public_can_be_had_and_nothing_else():
    assert all(getattr(digest, name) is not None for name in digest.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        digest.nothing  # noqa: B018


def test_importing_the_library_imports_nothing_heavy(tmp_path: Path):
    code = "import digest, sys; print(sorted(set(sys.modules) & {'numpy', 'lxml', 'jinja2', 'pydantic', 'sqlalchemy'}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=child_environment(tmp_path), check=True
    )
    assert done.stdout == "[]\n"


def test_users_types_are_checked_against_ours():
    assert (TOP / "src" / "digest" / "py.typed").is_file()
