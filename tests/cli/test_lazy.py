"""Starting is cheap, help is complete, and what the table says is what the commands say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module

import click
import pytest

from digest.cli import COMMANDS
from tests.conftest import TOP, Run

HEAVY = {
    "apscheduler", "cssutils", "feedparser", "jinja2", "lxml", "nltk", "numpy", "premailer", "pydantic", "rich", "sqlalchemy",
    "starlette", "sumy", "trafilatura", "urllib3", "uvicorn", "yaml",
}  # fmt: skip


def leaves(command: click.Command, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        return [leaf for name, sub in command.commands.items() for leaf in leaves(sub, (*path, name))]
    return [(path, command)]


EVERY = [leaf for name in COMMANDS for leaf in leaves(import_module(f"digest.cli.{name}").command, (name,))]


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "digest", "--help"],
        capture_output=True, text=True, check=True, env=dict(os.environ),
    )  # fmt: skip
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert not imported & HEAVY
    assert "click" in imported


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_table_and_the_command_say_the_same(name: str) -> None:
    assert import_module(f"digest.cli.{name}").command.short_help == COMMANDS[name]


@pytest.mark.parametrize(
    ("path", "command"), EVERY, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_has_help_and_an_example(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help, path
    assert "Example:" in command.help
    assert f"digest {' '.join(path)}" in command.help


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert re.search(rf"digest {name}\b", (TOP / "README.md").read_text("utf-8"))


def test_a_mistyped_command_is_answered_with_the_right_one(digest: Run) -> None:
    done = digest("bulid")
    assert done.returncode == 2
    assert "did you mean 'build'?" in done.stderr


def test_an_error_is_one_line_and_a_traceback_only_with_debug(digest: Run) -> None:
    plain, debug = digest("build"), digest("build", "--debug")
    assert plain.returncode == 3
    assert plain.stderr == "digest: config.yaml: no such file (`digest init` writes one)\n"
    assert "Traceback" in debug.stderr
