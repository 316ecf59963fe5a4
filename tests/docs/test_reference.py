"""The reference is what the code says, and says something about everything."""

from __future__ import annotations

import importlib.util
import re
import runpy
import sys
from types import ModuleType
from typing import Any

import pytest

from digest.cli import COMMANDS
from digest.config import config_schema
from tests.conftest import TOP


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", TOP / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "configuration.md"])
def test_the_pages_are_what_the_code_says(reference: ModuleType, name: str) -> None:
    saved = (TOP / "docs" / "reference" / name).read_text("utf-8")
    assert saved == reference.pages()[name], "run `python docs/reference.py`"


def test_every_option_of_every_command_and_every_key_is_explained(reference: ModuleType) -> None:
    for page in reference.pages().values():
        bare = [line for line in page.splitlines() if re.search(r"\|\s*\|$", line)]
        assert bare == []


def test_every_command_is_there(reference: ModuleType) -> None:
    page = reference.pages()["commands.md"]
    assert [name for name in COMMANDS if f"## digest {name}" not in page] == []


def keys(node: Any) -> set[str]:
    if isinstance(node, list):
        return {key for item in node for key in keys(item)}
    if not isinstance(node, dict):
        return set()
    own = set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
    return own | {key for value in node.values() for key in keys(value)}


def test_every_key_that_the_schema_knows_is_there(reference: ModuleType) -> None:
    page = reference.pages()["configuration.md"]
    assert sorted(key for key in keys(config_schema()) - {"type", "method"} if f"| `{key}` |" not in page) == []


def test_the_pictures_of_the_architecture_are_what_the_code_says() -> None:
    pictures = runpy.run_path(str(TOP / "docs" / "architecture.py"))["pictures"]()
    for name, picture in pictures.items():
        assert (TOP / "docs" / name).read_text("utf-8") == picture, f"{name}: run `make docs`"
