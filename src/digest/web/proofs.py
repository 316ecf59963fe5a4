"""An issue that was pressed becomes a proof: what pages show of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from digest import registry
from digest.web.desk import LIVE, Health, Proof, Remark

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from digest.check import Finding
    from digest.config import Edition
    from digest.press import Gathered, Pressed

LEVELS = ("error", "warning", "info")


def proof_of(pressed: Pressed, edition: Edition) -> Proof:
    """An issue as pages show it, with what the gate says of the letter and of the message; nothing is refused here."""
    from digest.check import check_message, literals_of
    from digest.message import personalise, write
    from digest.model import Reader
    from digest.press import as_data, evidence

    desk = Reader(email=edition.envelope.address)
    token = edition.token(desk)
    message = write(pressed.letter, edition.envelope, desk, token=token)
    page = personalise(pressed.letter, token)
    findings = (*pressed.findings, *check_message(message, literals_of(pressed.issue)))
    return Proof(
        edition=edition.key,
        label=LIVE,
        title=edition.title,
        subject=pressed.letter.subject,
        preheader=pressed.letter.preheader,
        html=page.html,
        text=page.text,
        message=message,
        remarks=remarks(findings),
        data=as_data(pressed),
        evidence=evidence(pressed),
    )


def remarks(findings: Iterable[Finding]) -> tuple[Remark, ...]:
    """Findings as shown: each once, errors first."""
    said = dict.fromkeys(Remark(level=str(f.level), code=f.code, message=f.message) for f in findings)
    return tuple(sorted(said, key=lambda remark: LEVELS.index(remark.level) if remark.level in LEVELS else len(LEVELS)))


def health_of(edition: Edition, gathered: Gathered | None, zone: ZoneInfo) -> tuple[Health, ...]:
    """How every source of an edition fared; with nothing gathered yet, what there is to ask."""
    kinds = {source.name: registry.name_of("sources", source) for source in edition.sources}
    if gathered is None:
        return tuple(Health(name=name, kind=kind, documents=0, problems=()) for name, kind in kinds.items())
    problems: dict[str, list[str]] = {}
    for problem in gathered.problems:
        name, _, document = problem.subject.partition(": ")
        problems.setdefault(name, []).append(f"{document}: {problem.message}" if document else problem.message)
    return tuple(
        Health(
            name=summary.source,
            kind=kinds.get(summary.source, ""),
            documents=summary.raws,
            problems=tuple(problems.get(summary.source, ())),
            failure=summary.failure or "",
            last_success=f"{summary.last_success.astimezone(zone):%Y-%m-%d %H:%M %Z}" if summary.last_success else "",
        )
        for summary in gathered.collected.sources
    )
