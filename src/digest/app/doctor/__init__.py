"""Everything that would keep the next issue from going out, with the remedy."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from digest.app.doctor import mail, store
from digest.app.doctor.finding import Diagnosis
from digest.config import load as load_config
from digest.errors import ConfigError, DigestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from digest.config import Edition

ENOUGH_DISK_BYTES = 200 * 1024 * 1024  # bytes of disk: several years of issues


def examine(config_path: Path, out: Path, now: datetime, *, online: bool = False) -> Iterator[Diagnosis]:
    """Every finding, in the order in which an issue would meet them."""
    yield diagnose_program()
    try:
        config = load_config(config_path)
    except ConfigError as error:
        for mistake in error.mistakes:
            yield Diagnosis(
                subject="configuration",
                state="failed",
                detail=mistake,
                remedy="digest config check shows every mistake",
            )
        return
    yield Diagnosis(subject="configuration", state="ok", detail=f"{config_path}: {len(config.editions)} edition(s)")
    for warning in config.warnings:
        yield Diagnosis(subject="configuration", state="warning", detail=warning)
    yield store.diagnose_clock(config_path, now)
    for edition in config.editions.values():
        yield diagnose_by_trying(f"{edition.key}: template", partial(load_template, edition), "digest template check")
        yield diagnose_by_trying(
            f"{edition.key}: sources", partial(fetch_sources, edition, now), "see each one in `digest preview`, Sources"
        )
        yield diagnose_schedule(edition, now)
        yield diagnose_delivery(edition)
        yield from collect_diagnoses("delivery", partial(mail.diagnose_channels, edition), "look at `deliver:`")
        yield from (
            collect_diagnoses("DNS", partial(mail.diagnose_sender_dns, edition), "look at `from:`") if online else ()
        )
    yield from collect_diagnoses(
        "store", partial(store.diagnose_store, config), "mend the address `store:` or the folder's permissions"
    )
    yield diagnose_disk(out)


def collect_diagnoses(subject: str, look: Callable[[], Iterable[Diagnosis]], remedy: str) -> list[Diagnosis]:
    """What `look` found; failed when it could not look."""
    try:
        return list(look())
    except DigestError as error:
        return [Diagnosis(subject=subject, state="failed", detail=str(error), remedy=remedy)]


def diagnose_by_trying(subject: str, look: Callable[[], str], remedy: str) -> Diagnosis:
    """ok with what `look` found, failed with what it raised."""
    try:
        return Diagnosis(subject=subject, state="ok", detail=look())
    except DigestError as error:
        return Diagnosis(subject=subject, state="failed", detail=str(error), remedy=remedy)


def diagnose_program() -> Diagnosis:
    """Versions that decide what comes out."""
    from importlib.metadata import version

    from digest.version import __version__

    python = ".".join(map(str, sys.version_info[:3]))
    detail = f"digest {__version__}, Python {python}, time zone data {version('tzdata')}"
    return Diagnosis(subject="program", state="ok", detail=detail)


def load_template(edition: Edition) -> str:
    """Loads and inlines the template."""
    assert edition.renderer
    return "loads"


def fetch_sources(edition: Edition, now: datetime) -> str:
    """Fetches once, remembering nothing."""
    from digest.errors import SourceError
    from digest.stages.collect import FetchContext, collect

    collected = collect(edition.sources, FetchContext(now=now))
    if collected.problems:
        raise SourceError("; ".join(f"{problem.subject}: {problem.message}" for problem in collected.problems[:5]))
    return f"{len(collected.raws)} documents from {len(edition.sources)} source(s)"


def diagnose_schedule(edition: Edition, now: datetime) -> Diagnosis:
    """When the next issue is due."""
    from zoneinfo import ZoneInfo

    from digest.schedule.slots import next_slots

    subject = f"{edition.key}: schedule"
    if edition.schedule is None:
        return Diagnosis(
            subject=subject, state="warning", detail="none: issues are made by hand only", remedy="add `schedule:`"
        )
    coming = next_slots(edition.schedule, ZoneInfo(edition.timezone), now, 1)
    if not coming:
        return Diagnosis(subject=subject, state="failed", detail="is never due again", remedy="mend the cron line")
    local = coming[0].instant.astimezone(ZoneInfo(edition.timezone))
    return Diagnosis(subject=subject, state="ok", detail=f"next issue {local:%Y-%m-%d %H:%M %Z}")


def diagnose_delivery(edition: Edition) -> Diagnosis:
    """Whether there is anyone to deliver to, and a way to."""
    subject = f"{edition.key}: delivery"
    if not edition.channels:
        return Diagnosis(subject=subject, state="warning", detail="no channel", remedy="add `deliver:`")
    readers = sum(1 for _ in edition.readers)
    if not readers:
        return Diagnosis(subject=subject, state="warning", detail="no reader", remedy="add `subscribers:`")
    detail = f"{readers} reader(s), {len(edition.channels)} channel(s)"
    if edition.secret_env is None:
        return Diagnosis(
            subject=subject,
            state="warning",
            detail=f"{detail}; readers' tokens are not signed",
            remedy="set `token_secret_env:` to the name of an environment variable that holds a secret",
        )
    return Diagnosis(subject=subject, state="ok", detail=detail)


def diagnose_disk(out: Path) -> Diagnosis:
    """Room for issues, in the nearest folder that exists."""
    folder = out.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state = "ok" if free >= ENOUGH_DISK_BYTES else "warning"
    return Diagnosis(subject="disk", state=state, detail=f"{free // 1024**2:,} MB free for {out}")
