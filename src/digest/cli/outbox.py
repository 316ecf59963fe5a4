"""`digest outbox`: what is where, what is stuck, and moving it by hand."""

from __future__ import annotations

import getpass
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
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
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.delivery.model import DeliveryRecord, DeliveryState
    from digest.stores.sql import Store

DELIVERY_STATES = ("pending", "claimed", "sending", "sent", "deferred", "dead", "unknown", "suppressed")
STUCK_STATES = ("dead", "unknown", "deferred")


@click.group("outbox", short_help="Show readers' copies and move those that are stuck.")
def command() -> None:
    """Show readers' copies of issues, send stuck ones again, and keep the suppression list.

    \b
    Example:
      digest outbox status
      digest outbox list --state unknown
      digest outbox redrive --unknown
    """


@command.command("status", short_help="Copies per state, issues at work, hosts in trouble.")
@config_option
@json_option
def status_command(config_path: Path, *, as_json: bool) -> int:
    """Show how many copies are in which state, every copy in doubt, and hosts that are left alone.

    \b
    Example:
      digest outbox status --json
    """
    with closing(load_config(config_path).open_store()) as store:
        data = delivery_overview(store)
    if as_json:
        print_json(data)
        return 0
    for state, count in data["copies"].items():
        click.echo(f"{count:>9}  {state}")
    for issue in data["issues"]:
        click.echo(
            printable_line(f"{issue['issue']}: {issue['state']}" + (f" ({issue['reason']})" * bool(issue["reason"])))
        )
    for row in data["unknown"]:
        click.echo(printable_line(f"in doubt: {row['rcpt']} {row['issue']} <{row['message_id']}>"))
    for host, told in data["hosts"].items():
        click.echo(printable_line(f"{host}: failed {told['fails']} times in a row"))
    return 0


@command.command("list", short_help="Copies, by default those that are stuck.")
@config_option
@click.option(
    "--state", "states", type=click.Choice(DELIVERY_STATES), multiple=True, help="Only these (default: the stuck ones)."
)
@click.option("--issue", "issue", metavar="EDITION/SLOT", help="Only of this issue.")
@click.option("-n", "limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
@json_option
def list_command(config_path: Path, states: tuple[str, ...], issue: str | None, limit: int, *, as_json: bool) -> int:
    """List copies with what was last said about them.

    \b
    Example:
      digest outbox list --state dead --issue nato/2026-11-23
    """
    with closing(load_config(config_path).open_store()) as store:
        found = store.operator.list_deliveries(
            *parse_states(states or STUCK_STATES), issue_id=issue_row_id(store, issue), limit=limit
        )
    rows = [delivery_as_data(row) for row in found]
    if as_json:
        print_json({"copies": rows})
        return 0
    for row in rows:
        said = " ".join(str(part) for part in (row["code"], row["text"]) if part)
        click.echo(printable_line(f"{row['state']:<10} {row['issue']}  {row['rcpt']}  {row['channel']}  {said}"))
    return 0


@command.command("redrive", short_help="Send dead copies, or those in doubt, again.")
@config_option
@click.option("--dead", is_flag=True, help="Copies that were refused or given up.")
@click.option("--unknown", is_flag=True, help="Copies in doubt: their readers may get a second one, with the same id.")
@click.option("--issue", metavar="EDITION/SLOT", help="Only of this issue.")
@at_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def redrive_command(
    config_path: Path, issue: str | None, at: str | None, *, dead: bool, unknown: bool, yes: bool
) -> int:
    """Put copies back into the queue, with a record of who did it; the next run sends them.

    \b
    Example:
      digest outbox redrive --unknown --issue nato/2026-11-23 --yes
    """
    states = [state for state, asked in (("dead", dead), ("unknown", unknown)) if asked]
    if not states:
        raise click.UsageError("say --dead or --unknown, or both")
    config = load_config(config_path)
    clock = common_clock(config, at)
    with closing(config.open_store()) as store:
        which = issue_row_id(store, issue)
        count = len(store.operator.list_deliveries(*parse_states(states), issue_id=which, limit=1_000_000))
        if count and not yes:
            click.confirm(f"send {count} copies again?", abort=True, err=True)
        moved = store.operator.redrive(
            *parse_states(states), who=operator_name(), now=clock.seconds_since_epoch(), issue_id=which
        )
    click.echo(f"{moved} copies will be sent again")
    return 0 if moved else 4


@command.command("suppress", short_help="Never write to an address, or to one again.")
@config_option
@click.argument("address")
@click.option("--reason", default="asked us to", show_default=True, help="Why; it is shown with the address.")
@click.option("--remove", is_flag=True, help="Take the address off the list.")
@at_option
def suppress_command(config_path: Path, address: str, reason: str, at: str | None, *, remove: bool) -> int:
    """Put an address on the suppression list, or take it off. It holds for copies that are already waiting, too.

    \b
    Example:
      digest outbox suppress gone@example.org --reason "left the company"
    """
    from digest.mail.address import parse_address as parsed

    try:
        key = parsed(address).key
    except ValueError as error:
        raise UsageError(f"{address!r} {error}") from error
    config = load_config(config_path)
    clock = common_clock(config, at)
    with closing(config.open_store()) as store:
        if remove:
            changed = store.operator.unsuppress_address(key)
        else:
            changed = store.operator.suppress_address(
                key, reason=reason, source=f"by {operator_name()}", now=clock.seconds_since_epoch()
            )
    click.echo(
        f"{key}: {'taken off the list' if remove else 'on the list'}" if changed else f"{key}: nothing to change"
    )
    return 0


@command.command("suppressed", short_help="The suppression list.")
@config_option
@json_option
def suppressed_command(config_path: Path, *, as_json: bool) -> int:
    """Show the addresses that are never written to, and why.

    \b
    Example:
      digest outbox suppressed --json
    """
    with closing(load_config(config_path).open_store()) as store:
        rows = [
            {"address": address, "reason": reason, "since": iso_timestamp(since), "source": source}
            for address, reason, since, source in store.operator.suppression_list()
        ]
    if as_json:
        print_json({"suppressed": rows})
        return 0
    for row in rows:
        click.echo(printable_line(f"{row['address']}  {row['since']}  {row['source']}: {row['reason']}"))
    return 0


def delivery_overview(store: Store) -> dict[str, Any]:
    """The state of delivery as data."""
    limits = store.operator.host_states()
    return {
        "copies": store.operator.count_by_state(),
        "issues": [
            {"issue": issue.name, "state": issue.state, "reason": issue.reason, "slot": iso_timestamp(issue.slot_utc)}
            for issue in store.issues.list_issues(limit=10)
        ],
        "unknown": [
            delivery_as_data(row) for row in store.operator.list_deliveries(*parse_states(("unknown",)), limit=1000)
        ],
        "hosts": {
            host: {"fails": fails, "until": iso_timestamp(until) if until else None}
            for host, (_, until, fails) in limits.items()
            if fails
        },
    }


def delivery_as_data(row: DeliveryRecord) -> dict[str, Any]:
    """A copy as data, with moments in ISO 8601."""
    data = asdict(row)
    data["issue"] = f"{data.pop('edition')}/{data.pop('slot')}"
    data["code"], data["text"] = data.pop("last_code"), data.pop("last_text")
    data["not_before"] = iso_timestamp(row.not_before) if row.not_before else None
    return data


def parse_states(states: tuple[str, ...] | list[str]) -> list[DeliveryState]:
    from digest.delivery.model import DeliveryState

    return [DeliveryState(state) for state in states]


def issue_row_id(store: Store, name: str | None) -> int | None:
    """The row of an issue named `<edition>/<slot>`; UsageError when there is none."""
    if name is None:
        return None
    edition, _, slot = name.partition("/")
    found = store.issues.find_issue(edition, slot)
    if found is None:
        found = next((issue for issue in store.issues.list_issues(edition, limit=10_000) if issue.name == name), None)
    if found is None:
        raise UsageError(f"no issue is called {name!r}; `digest issues list` shows them")
    return found.id


def iso_timestamp(stamp: float) -> str:
    return datetime.fromtimestamp(stamp, UTC).isoformat(timespec="seconds")


def operator_name() -> str:
    """Who sits at the keyboard, for the records."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
