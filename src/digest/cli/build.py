"""`digest build`: one issue, saved, nothing sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.archive import write
from digest.cli.options import (
    Console,
    at_option,
    clock_at,
    config_option,
    edition_option,
    json_option,
    load_config,
    out_option,
    pick_edition,
    print_json,
    quiet_option,
)

if TYPE_CHECKING:
    from digest.config import Edition
    from digest.pipeline import BuiltIssue


@click.command("build", short_help="Build one issue from the sources and save it.")
@config_option
@edition_option
@at_option
@out_option
@click.option("--new", "only_new", is_flag=True, help="Leave out what published issues printed.")
@click.option("--dry-run", is_flag=True, help="Save nothing.")
@json_option
@quiet_option
def command(  # noqa: PLR0913 - one parameter for each option
    config_path: Path,
    edition_key: str | None,
    at: str | None,
    out: Path,
    *,
    only_new: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Build one issue from all that the sources hold now, and save it as .html, .txt, .eml and .json.

    Nothing is sent and nothing is remembered; the same sources and the same --at give the same bytes.

    \b
    Example:
      digest build --at 2026-11-23T07:00 --out issues
    """
    from digest.app.build import build_once
    from digest.cli.progress import progress_bar

    console = Console(quiet=quiet, verbose=verbose)
    config = load_config(config_path)
    edition = pick_edition(config, edition_key)
    when = clock_at(at, edition.timezone).start
    with progress_bar(quiet=quiet) as progress:
        built = build_once(config, edition, when, only_new=only_new, progress=progress)
    return print_and_save(built, edition, console, out=None if dry_run else out, as_json=as_json)


def print_and_save(built: BuiltIssue, edition: Edition, console: Console, *, out: Path | None, as_json: bool) -> int:
    """Say what was built, save it under `out` (None: do not), and give the exit code."""
    for problem in built.issue.problems:
        console.warn(f"{problem.subject}: {problem.message}")
    if built.is_empty:
        console.warn(f"{edition.key}: there is no story to print")
        return 1 if built.issue.problems else 4
    files = write.issue_files(built, edition)
    if as_json:
        print_json(write.built_issue_as_data(built))
    folder = None if out is None else write.save_issue_files(files, out, built.issue.id)
    if folder is not None or not as_json:
        console.note(describe_issue(built))
        for line in describe_left_out(built):
            console.note_detail(line)
    if folder is not None and not as_json:
        for name in files:
            if name.startswith("issue."):  # explain.json is for `digest explain` and the preview
                click.echo(folder / name)
    return 5 if built.issue.problems else 0


def describe_issue(built: BuiltIssue) -> str:
    """`nato/2026-11-23: 4 stories from 5 articles in 3 themes, 3 minutes to read`; `22 of 169 stories` where not all fit."""
    issue = built.issue
    parts: dict[str, Any] = {
        "story": issue.counts.stories,
        "article": issue.counts.articles,
        "theme": len(issue.sections),
        "minute": issue.counts.minutes,
    }
    shown = {noun: f"{number} {noun if number == 1 else _plural_of(noun)}" for noun, number in parts.items()}
    if issue.counts.available > issue.counts.stories:
        shown["story"] = f"{issue.counts.stories} of {issue.counts.available} stories"
    return f"{issue.id}: {shown['story']} from {shown['article']} in {shown['theme']}, {shown['minute']} to read"


def describe_left_out(built: BuiltIssue) -> list[str]:
    """A line for each article that is not printed, with its reason."""
    return [f"left out: {one.title or one.id}: {one.reason}" for one in built.issue.left_out]


def _plural_of(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
