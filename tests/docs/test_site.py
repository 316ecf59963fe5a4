"""The site builds without a warning, its examples work, its commands exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from digest.cli import COMMANDS
from digest.config import load
from tests.conftest import TOP

PAGES = sorted(path for path in (TOP / "docs").rglob("*.md") if "log" not in path.parts)
TOLD = [*PAGES, TOP / "README.md"]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def examples() -> list[tuple[str, str]]:
    found = [(page.name, text) for page in PAGES for text in blocks(page, "yaml")]
    return [(name, text) for name, text in found if text.startswith("editions:")]


@pytest.mark.parametrize(("page", "text"), examples(), ids=lambda value: value[:20].replace("\n", " "))
def test_every_whole_configuration_in_the_pages_is_right(page: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(text, "utf-8")
    (tmp_path / "subscribers.csv").write_text("email\nme@example.org\n", "utf-8")
    (tmp_path / "feeds.opml").write_text("<opml version='2.0'><body/></opml>", "utf-8")
    assert load(tmp_path / "config.yaml").editions


def command_lines() -> list[str]:
    lines = [line for page in TOLD for text in blocks(page, "sh") for line in text.splitlines()]
    lines += [match for page in TOLD for match in re.findall(r"`(digest [^`\n]+)`", page.read_text("utf-8"))]
    lines += [
        line[4:] for page in TOLD for line in page.read_text("utf-8").splitlines() if line.startswith("    digest ")
    ]
    return sorted({line for line in lines if line.startswith("digest ") and "[OPTIONS]" not in line})


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_in_the_pages_is_one(line: str) -> None:
    words = shlex.split(
        line.partition(" | ")[0].partition(" && ")[0].partition(" > ")[0].partition(" < ")[0], comments=True
    )
    if words[1].startswith("-"):
        return
    assert words[1] in COMMANDS, line
    command: click.Command = import_module(f"digest.cli.{words[1]}").command
    rest = words[2:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        assert rest[0] in command.commands, line
        command, rest = command.commands[rest[0]], rest[1:]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {
        "--help",
        "--debug",
    }
    assert [word for word in rest if word.startswith("-") and word != "-" and word.partition("=")[0] not in known] == []


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed")
    built = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--site-dir",
        str(tmp_path / "site"),
    ]
    done = subprocess.run(
        built, cwd=TOP, capture_output=True, text=True, check=False, env={"PATH": "", "HOME": str(tmp_path)}
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert not re.findall(r'(?:src|href)="https?://[^"]*\.(?:js|css)', page)
