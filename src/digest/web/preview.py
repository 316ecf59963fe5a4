"""The real desk: builds in a thread of its own whenever something changed, and keeps the last good issue."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest import registry
from digest.app.build import build_once
from digest.app.editorial import Calendar, Ledger
from digest.app.send import send_test_copy
from digest.archive.read import Proof, Remark, labels, saved_letter, saved_proof
from digest.errors import ConfigError, DigestError, UsageError
from digest.stages.edit import Edit, waiting
from digest.web.backend import LIVE, Edits, Health, Masthead, State
from digest.web.watch import Watched, Watcher, watched

if TYPE_CHECKING:
    from digest.clock import Clock
    from digest.config import Config, Edition
    from digest.pipeline import Gathered, Pressed
    from digest.stages.check import Finding
    from digest.web.events import Bell

FIRST_ANSWER = 1.5  # seconds that a page waits for the first issue before it says that it is being made
AFTER_EDIT = 5.0  # seconds that a form waits for the issue with its edit in it


@dataclass(slots=True)
class Work:
    """What is known of one edition."""

    state: State = field(default_factory=lambda: State(revision=0))
    pressed: Pressed | None = None  # the last good issue with all that was made on the way
    gathered: Gathered | None = None  # None: ask the sources at the next build
    sources: Sequence[object] = ()  # that gave it


class LiveDesk:
    """A `Desk` over a configuration file. `start` begins, `close` ends."""

    def __init__(
        self,
        config_path: Path,
        *,
        issues: Path,
        bell: Bell,
        clock_in: Callable[[str], Clock],  # the command's clock, for a time zone in which `--at` is read
        report_bug: Callable[[str], None],  # takes a traceback
    ) -> None:
        self.config_path = config_path
        self.issues = issues
        self._bell = bell
        self._clock_in = clock_in
        self._report_bug = report_bug
        self._config: Config | None = None
        self._troubles: tuple[str, ...] = ()
        self._work: dict[str, Work] = {}
        self._news = threading.Condition()
        self._dirty = threading.Event()
        self._loaded = threading.Event()
        self._watched: Watched | None = None
        self._watcher = Watcher(self._changed)

    def start(self) -> None:
        """Load, build the first edition, and watch from then on."""
        self._dirty.set()
        threading.Thread(target=self._press, daemon=True, name="press").start()

    def close(self) -> None:
        """Stop watching."""
        self._watcher.close()

    def editions(self) -> Sequence[Masthead]:
        self._loaded.wait(10)
        found = self._config.editions.values() if self._config else ()
        return tuple(Masthead(key=e.key, title=e.title, past=labels(self.issues, e.key)) for e in found)

    def troubles(self) -> Sequence[str]:
        return self._troubles

    def live(self, edition: str) -> State:
        with self._news:
            if edition not in self._work:
                self._work[edition] = Work()
                self._dirty.set()
            work = self._work[edition]
            self._news.wait_for(lambda: not work.state.waiting, FIRST_ANSWER)
            state = work.state
        return replace(state, troubles=(*self._troubles, *self._watcher.troubles, *state.troubles))

    def past(self, edition: str, label: str) -> Proof | None:
        if label not in labels(self.issues, edition):
            return None
        title = self._edition(edition).title
        return saved_proof(self.issues / edition / label, edition=edition, label=label, title=title)

    def edits(self, edition: str) -> Edits:
        ours = self._edition(edition)
        made = self._ledger().edits(edition)
        work = self._work.get(edition)
        stories = [brief.story for brief in work.pressed.issue.briefs] if work and work.pressed else []
        dropped = [one for one in made if one.verb != "drop"]  # a dropped story is not there because it was dropped
        return Edits(made=made, waiting=tuple(waiting(stories, dropped)), themes=ours.theme_names)

    def decide(self, edition: str, edit: Edit, *, undo: bool = False) -> None:
        self._ledger().decide(edition, edit, undo=undo, now=self._now(self._edition(edition)))
        self._build_again(edition)

    def calendar(self, edition: str) -> Calendar:
        ours = self._edition(edition)
        return self._ledger().calendar(ours, self._now(ours))

    def sources(self, edition: str) -> Sequence[Health]:
        self.live(edition)
        ours = self._edition(edition)
        return health_of(ours, self._work[edition].gathered, ZoneInfo(ours.timezone))

    def visit(self, edition: str) -> None:
        with self._news:
            self._work.setdefault(edition, Work()).gathered = None
        self._build_again(edition)

    def send_test(self, edition: str, label: str, address: str) -> str:
        ours = self._edition(edition)
        if label == LIVE:
            pressed = self._work.get(edition, Work()).pressed
            letter = pressed.letter if pressed else None
        else:
            known = label in labels(self.issues, edition)
            letter = saved_letter(self.issues / edition / label, ours) if known else None
        if letter is None:
            raise UsageError(f"{edition}/{label}: there is no issue to send")
        return send_test_copy(ours, letter, address)

    def rule(self, edition: str, verdict: str, issue: int | None = None) -> None:
        self._ledger().rule(edition, verdict, issue, self._now(self._edition(edition)))
        self._bell.ring()

    def _edition(self, key: str) -> Edition:
        if self._config is None or key not in self._config.editions:
            raise UsageError(f"no edition is called {key!r}")
        return self._config.editions[key]

    def _ledger(self) -> Ledger:
        if self._config is None:
            raise UsageError("the configuration cannot be read")
        return Ledger(config=self._config)

    def _build_again(self, edition: str) -> None:
        """Build, and wait for the outcome: who sent a form wants to see what it did."""
        with self._news:
            work = self._work.setdefault(edition, Work())
            before = work.state.revision
            self._dirty.set()
            self._news.wait_for(lambda: work.state.revision > before, AFTER_EDIT)

    def _changed(self, paths: Sequence[Path]) -> None:
        """Files were written: articles are read again, for the rest what was gathered is good."""
        if self._watched and any(self._watched.is_article(path) for path in paths):
            for work in self._work.values():
                work.gathered = None
        self._dirty.set()

    def _press(self) -> None:
        while True:
            self._dirty.wait()
            self._dirty.clear()
            self._load()
            if self._config is not None and not self._troubles:
                for edition in list(self._config.editions.values()):
                    if edition.key in self._work and not self._dirty.is_set():
                        self._build(self._config, edition, self._work[edition.key])
            self._bell.ring()

    def _load(self) -> None:
        from digest.config import load

        try:
            config = load(self.config_path)
        except ConfigError as error:
            self._troubles = error.mistakes
        except Exception as error:  # noqa: BLE001 - the preview outlives a bug and says so
            self._troubles = (self._bug(error),)
        else:
            self._config, self._troubles = config, ()
            if not self._work:
                self._work[next(iter(config.editions))] = Work()
        self._watched = watched(self.config_path, self._config)
        self._watcher.follow(self._watched)
        self._loaded.set()

    def _build(self, config: Config, edition: Edition, work: Work) -> None:
        proof: Proof | None = None
        troubles: tuple[str, ...] = ()
        try:
            proof = self._build_proof(config, edition, work)
        except ConfigError as error:
            troubles = error.mistakes
        except DigestError as error:
            troubles = tuple(str(error).splitlines())
        except Exception as error:  # noqa: BLE001 - the preview outlives a bug and says so
            troubles = (self._bug(error),)
        with self._news:
            before = work.state
            work.state = State(revision=before.revision + 1, proof=proof or before.proof, troubles=troubles)
            self._news.notify_all()

    def _build_proof(self, config: Config, edition: Edition, work: Work) -> Proof:
        gathered = work.gathered if work.sources == edition.sources else None
        pressed = build_once(config, edition, self._now(edition), gathered=gathered)
        work.gathered, work.sources = pressed.gathered, edition.sources
        proof = proof_of(pressed, edition)
        work.pressed = pressed
        return proof

    def _now(self, edition: Edition) -> datetime:
        return self._clock_in(edition.timezone).now().replace(microsecond=0)

    def _bug(self, error: Exception) -> str:
        self._report_bug("".join(traceback.format_exception(error)))
        return f"a bug of digest's own: {type(error).__name__}. The terminal has the details."


LEVELS = ("error", "warning", "info")


def proof_of(pressed: Pressed, edition: Edition) -> Proof:
    """An issue as pages show it, with what the gate says of the letter and of the message; nothing is refused here."""
    from digest.archive.write import as_data
    from digest.mail.message import personalise, write
    from digest.model import Reader
    from digest.pipeline import evidence
    from digest.stages.check import check_message, literals_of

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
