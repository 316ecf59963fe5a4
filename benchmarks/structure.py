"""The code base beside others of the field, read from their sources by the same rules: names, sizes, tests.

The peers are libraries of the test environment that are known for their code; they are read, not run.
"""

from __future__ import annotations

import ast
import statistics
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.table import TOP, Row, Skipped

PEERS = ("starlette", "uvicorn", "click", "jinja2", "sqlalchemy", "pytest")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def rows() -> list[Row | Skipped]:
    ours = measure(TOP / "src" / "digest")
    found = {name: measure(folder) for name in PEERS if (folder := folder_of(name)) is not None}
    result: list[Row | Skipped] = []
    for what, goal, unit in (
        ("class names that occur twice", "0", "%"),
        ("one-word function names", "<= 50", "%"),
        ("median length of a function's name", "8 to 15 elsewhere", "characters"),
        ("functions over 40 lines", "0", "%"),
        ("files over 300 lines", "0", "%"),
        ("longest file", "300", "lines"),
    ):
        peer = min(
            found, key=lambda name: abs(found[name][what] - statistics.median(one[what] for one in found.values()))
        )
        result.append(
            Row(area="structure", what=what, ours=ours[what], peer=f"{peer} (median of {len(found)})",
                theirs=found[peer][what], goal=goal, unit=unit)
        )  # fmt: skip
    lines, tests = (count_lines(TOP / folder) for folder in ("src", "tests"))
    result.append(
        Row(
            area="structure",
            what="lines of tests to lines of source",
            ours=tests / lines,
            peer="nobody",
            theirs=1.0,
            goal=">= .7",
        )
    )
    return result


def folder_of(name: str) -> Path | None:
    """Where an installed package lies; None when it is not there."""
    spec = find_spec("_pytest" if name == "pytest" else name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def measure(folder: Path) -> dict[str, float]:
    """What can be counted in the Python files of a folder."""
    texts = {
        path: path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.py")) if "tests" not in path.parts
    }
    trees = [ast.parse(text) for text in texts.values()]
    classes = Counter(node.name.lstrip("_") for node in nodes(trees, ast.ClassDef))
    functions = [node for node in nodes(trees, *FUNCTIONS) if not node.name.startswith("__")]
    names = [node.name.strip("_") for node in functions]
    sizes = [text.count("\n") for text in texts.values()]
    return {
        "class names that occur twice": percent(sum(n for n in classes.values() if n > 1), sum(classes.values())),
        "one-word function names": percent(sum("_" not in name for name in names), len(names)),
        "median length of a function's name": statistics.median(map(len, names)),
        "functions over 40 lines": percent(sum(f.end_lineno - f.lineno >= 40 for f in functions), len(functions)),
        "files over 300 lines": percent(sum(size > 300 for size in sizes), len(sizes)),
        "longest file": max(sizes),
    }


def nodes(trees: list[ast.Module], *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for tree in trees for node in ast.walk(tree) if isinstance(node, kinds))


def percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def count_lines(folder: Path) -> int:
    return sum(path.read_text("utf-8").count("\n") for path in folder.rglob("*.py"))
