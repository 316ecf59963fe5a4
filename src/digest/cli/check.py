"""`digest check PATH`: the gate, for anything that was saved."""

from __future__ import annotations

import json
from pathlib import Path

import click

from digest.cli.options import json_option, print_json, printable_line
from digest.errors import UsageError


@click.command("check", short_help="Check a saved issue: markup, contrast, links, headers, text.")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings fail as well.")
@json_option
def command(path: Path, *, strict: bool, as_json: bool) -> int:
    """Check a saved .eml or .html, or every one in a folder, with the gate that each issue passes before it leaves.

    \b
    Example:
      digest check issues/nato/2026-11-23
    """
    from digest.stages.check import check_html, check_message

    results = []
    for file in files_to_check(path):
        data, told = file.read_bytes(), source_texts_beside(file)
        found = (
            check_message(data, told) if file.suffix == ".eml" else check_html(data.decode("utf-8", "replace"), told)
        )
        results += [(file, finding) for finding in found]
    if as_json:
        print_json(
            [
                {"file": str(file), "level": found.level, "code": found.code, "message": found.message}
                for file, found in results
            ]
        )
    else:
        for file, finding in results:
            click.echo(printable_line(f"{file}: {finding.level}: {finding.code}: {finding.message}"))
    errors = sum(finding.level == "error" for _, finding in results)
    warnings = sum(finding.level == "warning" for _, finding in results)
    click.echo(f"{errors} errors, {warnings} warnings", err=True)
    return 1 if errors or (strict and warnings) else 0


def source_texts_beside(file: Path) -> tuple[str, ...]:
    """What sources said, from the issue.json in the same folder: the gate knows it as well when an issue is built."""
    from digest.stages.check import source_texts_in_json

    try:
        return source_texts_in_json(json.loads((file.parent / "issue.json").read_bytes()))
    except (OSError, ValueError, RecursionError):  # none there, or none of ours: then every mark counts
        return ()


def files_to_check(path: Path) -> list[Path]:
    """The message and the page to check."""
    if path.is_file():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix in {".eml", ".html"})
    if not found:
        raise UsageError(f"{path}: holds no .eml and no .html file")
    return found
