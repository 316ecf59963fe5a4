"""The measurable part of good names: a class name occurs once, functions are no bare participles, nothing is too long."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import TOP

MODULES = sorted((TOP / "src" / "digest").rglob("*.py"))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PARTICIPLE = re.compile(
    r"_?(?:[a-z]+ed|made|told|kept|found|given|sent|said|built|held|taken|shown|seen|drawn|met|written)"
)
# Words that end like participles and are none, and names that protocols of others ask for.
NO_PARTICIPLES = {"feed", "_feed", "embed", "need", "speed", "seed", "handle_exit"}
METAPHORS = {"desk", "door", "doors", "bell", "room", "crowd", "shelf", "press", "zygote", "paper", "stencil", "parcel"}


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, FUNCTIONS) and not node.name.startswith("__"):
                yield path, node


def class_names() -> list[str]:
    trees = (ast.parse(path.read_text("utf-8")) for path in MODULES)
    return [node.name.lstrip("_") for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def test_a_class_name_occurs_once():
    assert [name for name, count in Counter(class_names()).items() if count > 1] == []


def test_no_function_is_a_bare_participle():
    names = {node.name for _, node in functions()}
    assert sorted(name for name in names if PARTICIPLE.fullmatch(name) and name not in NO_PARTICIPLES) == []


def test_most_function_names_say_verb_and_object():
    names = [node.name.strip("_") for _, node in functions()]
    one_word = [name for name in names if "_" not in name]
    assert len(one_word) / len(names) <= 0.25


def test_no_name_is_a_metaphor():
    words = {part.lower() for name in class_names() for part in re.findall(r"[A-Z][a-z]+", name)}
    words |= {part for _, node in functions() for part in node.name.strip("_").split("_")}
    assert words & METAPHORS == set()


@pytest.mark.parametrize(("name", "is_one"), [("made", True), ("_asked", True), ("feed", False), ("read_rows", False)])
def test_the_rule_knows_a_participle(name, is_one):
    assert (bool(PARTICIPLE.fullmatch(name)) and name not in NO_PARTICIPLES) is is_one


def test_no_function_has_more_than_forty_lines():
    long = {f"{path.name}:{node.name}": node.end_lineno - node.lineno + 1 for path, node in functions()}
    assert {name: lines for name, lines in long.items() if lines > 40} == {}


def test_no_file_has_more_than_three_hundred_lines():
    lines = {path.name: path.read_text("utf-8").count("\n") for path in MODULES}
    assert {name: count for name, count in lines.items() if count > 300} == {}


def test_every_module_says_what_it_is_for():
    assert [path.name for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []
