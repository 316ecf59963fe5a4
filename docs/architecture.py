"""Draws the layers and the pipeline from the code: `python docs/architecture.py`. A test fails when they are not current.

The layers are the import contract of pyproject.toml; what each package is for is the first line of its docstring; the
pipeline is the order in which `digest.pipeline.build_issue` calls its stages.
"""

from __future__ import annotations

import ast
import html
import sys
import tomllib
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
SOURCE = TOP / "src" / "digest"
WIDTH, ROW, GAP = 960, 46, 8
STYLE = """
text { font: 13px -apple-system, Segoe UI, Helvetica, Arial, sans-serif; fill: #1b1f24 }
.name { font-weight: 600 } .box { fill: #ffffff; stroke: #57606a } .page { fill: #f4f5f7 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .box { fill: #161b22; stroke: #9da7b3 } .page { fill: #0d1117 } }
"""


def pictures() -> dict[str, str]:
    """Every picture by its path below docs/."""
    return {"images/layers.svg": draw_layers(), "images/pipeline.svg": draw_pipeline()}


def layers() -> list[list[str]]:
    """The layers of the first import contract, the highest first; names in one row never import each other."""
    contracts = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return [[name.strip() for name in row.split("|")] for row in contracts[0]["layers"]]


def purpose(name: str) -> str:
    """The first sentence of a module's or package's docstring."""
    place = SOURCE / name / "__init__.py"
    place = place if place.is_file() else SOURCE / f"{name}.py"
    text = (ast.get_docstring(ast.parse(place.read_text("utf-8"))) or "").split("\n")[0]
    return text.split(". ")[0].rstrip(".")


def stage_calls() -> list[str]:
    """The stages that `build_issue` calls, in the order of its statements; collecting and cleaning come before it."""
    trees = [ast.parse((SOURCE / "pipeline" / name).read_text("utf-8")) for name in ("__init__.py", "stories.py")]
    stage_of = {
        alias.asname or alias.name: node.module.split(".")[2]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("digest.stages.")
        for alias in node.names
    }
    bodies = {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}
    found: list[str] = []
    functions = ("collect_articles", "clean_all", "gather_stories", "tell_stories", "build_issue", "_render_and_check")
    for function in functions:
        calls = [node for node in ast.walk(bodies[function]) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda call: (call.lineno, -call.col_offset)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if isinstance(call.func, ast.Attribute) and call.func.attr == "render":
                found.append("render")
            elif name in stage_of and name not in ("headline_of", "remember_issue"):
                found.append(stage_of[name])
    return list(dict.fromkeys(found))


def draw_layers() -> str:
    """One row for each layer: who may import whom is read from top to bottom."""
    parts, y = [], GAP
    for row in layers():
        width = (WIDTH - GAP * (len(row) + 1)) / len(row)
        for number, name in enumerate(row):
            x = GAP + number * (width + GAP)
            room = int(width / 6.6)
            said = purpose(name)
            said = said if len(said) <= room else said[: room - 1].rstrip() + "…"
            parts.append(f'<rect class="box" x="{x:.0f}" y="{y}" width="{width:.0f}" height="{ROW}" rx="5"/>')
            parts.append(f'<text class="name" x="{x + 10:.0f}" y="{y + 19}">{name}</text>')
            parts.append(f'<text x="{x + 10:.0f}" y="{y + 37}">{html.escape(said)}</text>')
        y += ROW + GAP
    return as_svg(parts, y, "The layers of digest: imports point down, names in one row never meet")


def draw_pipeline() -> str:
    """The stages from left to right."""
    stages, parts = [*stage_calls(), "deliver"], []
    width = (WIDTH - GAP) / len(stages) - GAP
    for number, name in enumerate(stages):
        x = GAP + number * (width + GAP)
        parts.append(f'<rect class="box" x="{x:.1f}" y="{GAP}" width="{width:.1f}" height="{ROW}" rx="5"/>')
        parts.append(f'<text class="name" text-anchor="middle" x="{x + width / 2:.1f}" y="{GAP + 28}">{name}</text>')
    return as_svg(parts, ROW + 2 * GAP, f"The pipeline: {', '.join(stages)}")


def as_svg(parts: list[str], height: int, title: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"><title>{title}</title>'
    ground = f'<rect class="page" width="{WIDTH}" height="{height}"/>'
    return "\n".join([head, f"<style>{STYLE}</style>", ground, *parts, "</svg>", ""])


def main() -> int:
    for name, picture in pictures().items():
        (TOP / "docs" / name).write_text(picture, encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
