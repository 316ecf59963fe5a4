"""`digest issues`: what was made, what waits for an editor, what was skipped and why."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli.options import (
    at_option,
    common_clock,
    config_option,
    json_option,
    load_config,
    print_json,
    printable_line,
)
from digest.cli.outbox import iso_timestamp, issue_row_id, operator_name
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.delivery.model import IssueRow
    from digest.stores.sql import Store


@click.group("issues", short_help="List issues; approve or reject one that is held.")
def command() -> None:
    """List issues with their states, look at one, and decide on those that wait for an editor.

    \b
    Example:
      digest issues list
      digest issues approve nato/2026-11-23
    """


@command.command("list", short_help="The newest issues and what became of them.")
@config_option
@click.option("--edition", metavar="KEY", help="Only of this edition.")
@click.option("-n", "limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@json_option
def list_command(config_path: Path, edition: str | None, limit: int, *, as_json: bool) -> int:
    """List the newest issues: every slot has a row, also one that was skipped.

    \b
    Example:
      digest issues list --edition nato -n 5
    """
    with closing(load_config(config_path).open_store()) as store:
        rows = [issue_as_data(issue) for issue in store.issues.list_issues(edition, limit=limit)]
    if as_json:
        print_json({"issues": rows})
        return 0
    for row in rows:
        click.echo(printable_line(f"{row['issue']}  {row['state']:<9} {row['reason']}".rstrip()))
    return 0


@command.command("show", short_help="One issue: its copies, its letters, where its files are.")
@config_option
@click.argument("issue", metavar="EDITION/SLOT")
@json_option
def show_command(config_path: Path, issue: str, *, as_json: bool) -> int:
    """Show one issue with the number of its copies in each state.

    \b
    Example:
      digest issues show nato/2026-11-23 --json
    """
    with closing(load_config(config_path).open_store()) as store:
        found = store.issues.get_issue(issue_row_id(store, issue) or 0)
        assert found is not None
        data = {**issue_as_data(found), "copies": store.operator.count_by_state(found.id)}
    if as_json:
        print_json(data)
        return 0
    for key, value in data.items():
        shown = ", ".join(f"{count} {state}" for state, count in value.items()) if isinstance(value, dict) else value
        click.echo(printable_line(f"{key}: {shown}"))
    return 0


@command.command("approve", short_help="Let a held issue go.")
@config_option
@click.argument("issue", metavar="EDITION/SLOT")
@at_option
def approve_command(config_path: Path, issue: str, at: str | None) -> int:
    """Let an issue go that waits for an editor; the next run sends it.

    \b
    Example:
      digest issues approve nato/2026-11-23
    """
    return decide_held_issue(config_path, issue, at, approved=True)


@command.command("reject", short_help="Never send a held issue.")
@config_option
@click.argument("issue", metavar="EDITION/SLOT")
@at_option
def reject_command(config_path: Path, issue: str, at: str | None) -> int:
    """Put away an issue that waits for an editor. It stays on record as skipped.

    \b
    Example:
      digest issues reject nato/2026-11-23
    """
    return decide_held_issue(config_path, issue, at, approved=False)


@command.command("resume", short_help="Go on with an issue that was stopped.")
@config_option
@click.argument("issue", metavar="EDITION/SLOT")
@at_option
def resume_command(config_path: Path, issue: str, at: str | None) -> int:
    """Send the open copies of an issue that was stopped because it was refused again and again.

    \b
    Example:
      digest issues resume nato/2026-11-23
    """
    config = load_config(config_path)
    clock = common_clock(config, at)
    with closing(config.open_store()) as store:
        which = issue_row_id(store, issue) or 0
        if not store.issues.resume(which, who=operator_name(), now=clock.seconds_since_epoch()):
            raise UsageError(f"{issue} is not stopped: {issue_state(store, which)}")
    click.echo(f"{issue}: goes on")
    return 0


def decide_held_issue(config_path: Path, issue: str, at: str | None, *, approved: bool) -> int:
    """Approve or reject; UsageError when the issue is not held."""
    config = load_config(config_path)
    clock = common_clock(config, at)
    with closing(config.open_store()) as store:
        which = issue_row_id(store, issue) or 0
        verb = store.issues.approve if approved else store.issues.reject
        if not verb(which, who=operator_name(), now=clock.seconds_since_epoch()):
            raise UsageError(f"{issue} is not held: {issue_state(store, which)}")
    click.echo(f"{issue}: {'approved' if approved else 'rejected'}")
    return 0


def issue_as_data(issue: IssueRow) -> dict[str, Any]:
    """An issue as data, with moments in ISO 8601."""
    return {
        "issue": issue.name,
        "edition": issue.edition,
        "slot": issue.slot,
        "due": iso_timestamp(issue.slot_utc),
        "state": issue.state,
        "reason": issue.reason,
        "files": issue.artefact,
        "leaves": iso_timestamp(issue.not_before) if issue.state == "held" and issue.not_before else None,
        "updated": iso_timestamp(issue.updated),
    }


def issue_state(store: Store, which: int) -> str:
    found = store.issues.get_issue(which)
    return found.state if found else "gone"
