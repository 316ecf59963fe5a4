"""What the store tells of the past: a daemon at work, issues that failed or wait, copies that are stuck. And the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from digest.app.doctor.finding import Diagnosis, failed_diagnosis, ok_diagnosis, warning_diagnosis
from digest.errors import AlreadyRunningError

if TYPE_CHECKING:
    from digest.config import Config
    from digest.stores.sql import Store

CLOCK_TOLERANCE = timedelta(hours=1)


def diagnose_clock(config_path: Path, now: datetime) -> Diagnosis:
    """A clock that is behind is seen by files that come from its future."""
    written = datetime.fromtimestamp(config_path.stat().st_mtime, UTC)
    said = f"{now:%Y-%m-%d %H:%M} UTC, local zone {now.astimezone():%Z}"
    if written > now + CLOCK_TOLERANCE:
        remedy = "set the clock; systems with systemd: timedatectl set-ntp true"
        return failed_diagnosis(
            "clock", f"{said}, but {config_path} was written at {written:%Y-%m-%d %H:%M} UTC", remedy
        )
    return ok_diagnosis("clock", said)


def diagnose_store(config: Config) -> Iterator[Diagnosis]:
    """What stands in the store; nothing when there is none yet."""
    if not config.has_store():
        yield ok_diagnosis("store", "not there yet; the first issue makes it")
        return
    with config.open_store() as store:
        yield ok_diagnosis("store", config.store.rpartition("@")[2])
        yield _diagnose_daemon(store)
        yield from _diagnose_issues(store)
        yield from _diagnose_deliveries(store)


def _diagnose_daemon(store: Store) -> Diagnosis:
    try:
        with store.hold_daemon_lock():
            return ok_diagnosis("daemon", "none is running")
    except AlreadyRunningError as error:
        return ok_diagnosis("daemon", str(error))


def _diagnose_issues(store: Store) -> Iterator[Diagnosis]:
    rows = store.issues.list_issues(limit=20)
    if rows:
        newest = rows[0]
        yield ok_diagnosis(
            "last issue", f"{newest.name}: {newest.state}{f', {newest.reason}' if newest.reason else ''}"
        )
    for row in rows:
        if row.state == "failed":
            yield failed_diagnosis(
                "issue", f"{row.name}: {row.reason or 'failed'}", "mend the cause, then `digest send` for its slot"
            )
        if row.state == "held":
            yield warning_diagnosis("issue", f"{row.name}: is held", "approve or reject it: `digest preview`, Schedule")


def _diagnose_deliveries(store: Store) -> Iterator[Diagnosis]:
    counts = store.operator.count_by_state()
    for state, remedy in (
        ("dead", "see the reasons in `digest preview`, Schedule"),
        ("unknown", "choose `ambiguous:`"),
    ):
        if counts.get(state):
            yield warning_diagnosis("copies", f"{counts[state]} {state}", remedy)
