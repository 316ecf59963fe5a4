"""The backend of the preview: builds in a thread of its own whenever something changed, and keeps the last good issue."""

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
from digest.app.editorial import EditionCalendar, EditorialStore
from digest.app.send import send_test_copy
from digest.archive.read import GateRemark, IssuePreview, read_issue_preview, read_letter, saved_slots
from digest.errors import ConfigError, DigestError, UsageError
from digest.stages.edit import Edit, unapplied_edits
from digest.web.backend import LIVE, EditionEntry, EditorDecisions, PreviewState, SourceHealth
from digest.web.watch import FileWatcher, WatchedPaths, paths_to_watch

if TYPE_CHECKING:
    from digest.clock import Clock
    from digest.config import Config, Edition
    from digest.pipeline import BuiltIssue, CollectedArticles
    from digest.stages.check import Finding
    from digest.web.events import EventStream

FIRST_BUILD_WAIT = 1.5  # seconds that a page waits for the first issue before it says that it is being made
REBUILD_WAIT = 5.0  # seconds that a form waits for the issue with its edit in it


@dataclass(slots=True)
class EditionWork:
    """What is known of one edition."""

    state: PreviewState = field(default_factory=lambda: PreviewState(revision=0))
    built: BuiltIssue | None = None  # the last good issue with all that was made on the way
    collection: CollectedArticles | None = None  # None: ask the sources at the next build
    sources: Sequence[object] = ()  # that gave it


class LivePreview:
    """A `Desk` over a configuration file. `start` begins, `close` ends."""

    def __init__(
        self,
        config_path: Path,
        *,
        issues: Path,
        events: EventStream,
        clock_in: Callable[[str], Clock],  # the command's clock, for a time zone in which `--at` is read
        report_bug: Callable[[str], None],  # takes a traceback
    ) -> None:
        self.config_path = config_path
        self.issues = issues
        self._events = events
        self._clock_in = clock_in
        self._report_bug = report_bug
        self._config: Config | None = None
        self._troubles: tuple[str, ...] = ()
        self._work: dict[str, EditionWork] = {}
        self._news = threading.Condition()
        self._dirty = threading.Event()
        self._loaded = threading.Event()
        self._watched: WatchedPaths | None = None
        self._watcher = FileWatcher(self._note_file_changes)

    def start(self) -> None:
        """Load, build the first edition, and watch from then on."""
        self._dirty.set()
        threading.Thread(target=self._build_forever, daemon=True, name="build").start()

    def close(self) -> None:
        """Stop watching."""
        self._watcher.close()

    def editions(self) -> Sequence[EditionEntry]:
        self._loaded.wait(10)
        found = self._config.editions.values() if self._config else ()
        return tuple(EditionEntry(key=e.key, title=e.title, past=saved_slots(self.issues, e.key)) for e in found)

    def configuration_mistakes(self) -> Sequence[str]:
        return self._troubles

    def live_issue(self, edition: str) -> PreviewState:
        with self._news:
            if edition not in self._work:
                self._work[edition] = EditionWork()
                self._dirty.set()
            work = self._work[edition]
            self._news.wait_for(lambda: not work.state.is_first_build_pending, FIRST_BUILD_WAIT)
            state = work.state
        return replace(state, troubles=(*self._troubles, *self._watcher.troubles, *state.troubles))

    def past_issue(self, edition: str, label: str) -> IssuePreview | None:
        if label not in saved_slots(self.issues, edition):
            return None
        title = self._find_edition(edition).title
        return read_issue_preview(self.issues / edition / label, edition=edition, label=label, title=title)

    def editor_decisions(self, edition: str) -> EditorDecisions:
        ours = self._find_edition(edition)
        made = self._editorial_store().editor_decisions(edition)
        work = self._work.get(edition)
        stories = [brief.story for brief in work.built.issue.briefs] if work and work.built else []
        dropped = [one for one in made if one.verb != "drop"]  # a dropped story is not there because it was dropped
        return EditorDecisions(made=made, waiting=tuple(unapplied_edits(stories, dropped)), themes=ours.theme_names)

    def record_decision(self, edition: str, edit: Edit, *, undo: bool = False) -> None:
        self._editorial_store().record_decision(edition, edit, undo=undo, now=self._now(self._find_edition(edition)))
        self._rebuild_and_wait(edition)

    def edition_calendar(self, edition: str) -> EditionCalendar:
        ours = self._find_edition(edition)
        return self._editorial_store().edition_calendar(ours, self._now(ours))

    def source_health(self, edition: str) -> Sequence[SourceHealth]:
        self.live_issue(edition)
        ours = self._find_edition(edition)
        return health_of_sources(ours, self._work[edition].collection, ZoneInfo(ours.timezone))

    def refetch_sources(self, edition: str) -> None:
        with self._news:
            self._work.setdefault(edition, EditionWork()).collection = None
        self._rebuild_and_wait(edition)

    def send_test_copy(self, edition: str, label: str, address: str) -> str:
        ours = self._find_edition(edition)
        if label == LIVE:
            built = self._work.get(edition, EditionWork()).built
            letter = built.letter if built else None
        else:
            known = label in saved_slots(self.issues, edition)
            letter = read_letter(self.issues / edition / label, ours) if known else None
        if letter is None:
            raise UsageError(f"{edition}/{label}: there is no issue to send")
        return send_test_copy(ours, letter, address)

    def apply_ruling(self, edition: str, verdict: str, issue: int | None = None) -> None:
        self._editorial_store().apply_ruling(edition, verdict, issue, self._now(self._find_edition(edition)))
        self._events.announce()

    def _find_edition(self, key: str) -> Edition:
        if self._config is None or key not in self._config.editions:
            raise UsageError(f"no edition is called {key!r}")
        return self._config.editions[key]

    def _editorial_store(self) -> EditorialStore:
        if self._config is None:
            raise UsageError("the configuration cannot be read")
        return EditorialStore(config=self._config)

    def _rebuild_and_wait(self, edition: str) -> None:
        """Build, and wait for the outcome: who sent a form wants to see what it did."""
        with self._news:
            work = self._work.setdefault(edition, EditionWork())
            before = work.state.revision
            self._dirty.set()
            self._news.wait_for(lambda: work.state.revision > before, REBUILD_WAIT)

    def _note_file_changes(self, paths: Sequence[Path]) -> None:
        """Files were written: articles are read again, for the rest what was gathered is good."""
        if self._watched and any(self._watched.is_article(path) for path in paths):
            for work in self._work.values():
                work.collection = None
        self._dirty.set()

    def _build_forever(self) -> None:
        while True:
            self._dirty.wait()
            self._dirty.clear()
            self._load_configuration()
            if self._config is not None and not self._troubles:
                for edition in list(self._config.editions.values()):
                    if edition.key in self._work and not self._dirty.is_set():
                        self._build_edition(self._config, edition, self._work[edition.key])
            self._events.announce()

    def _load_configuration(self) -> None:
        from digest.config import load

        try:
            config = load(self.config_path)
        except ConfigError as error:
            self._troubles = error.mistakes
        except Exception as error:  # noqa: BLE001 - the preview outlives a bug and says so
            self._troubles = (self._report_and_describe_bug(error),)
        else:
            self._config, self._troubles = config, ()
            if not self._work:
                self._work[next(iter(config.editions))] = EditionWork()
        self._watched = paths_to_watch(self.config_path, self._config)
        self._watcher.watch_paths(self._watched)
        self._loaded.set()

    def _build_edition(self, config: Config, edition: Edition, work: EditionWork) -> None:
        proof: IssuePreview | None = None
        troubles: tuple[str, ...] = ()
        try:
            proof = self._build_preview(config, edition, work)
        except ConfigError as error:
            troubles = error.mistakes
        except DigestError as error:
            troubles = tuple(str(error).splitlines())
        except Exception as error:  # noqa: BLE001 - the preview outlives a bug and says so
            troubles = (self._report_and_describe_bug(error),)
        with self._news:
            before = work.state
            work.state = PreviewState(revision=before.revision + 1, proof=proof or before.proof, troubles=troubles)
            self._news.notify_all()

    def _build_preview(self, config: Config, edition: Edition, work: EditionWork) -> IssuePreview:
        collection = work.collection if work.sources == edition.sources else None
        now = self._now(edition)
        built = build_once(config, edition, now, collection=collection, only_new=config.has_store())
        work.collection, work.sources = built.collection, edition.sources
        proof = preview_of_build(built, edition)
        work.built = built
        return proof

    def _now(self, edition: Edition) -> datetime:
        return self._clock_in(edition.timezone).now().replace(microsecond=0)

    def _report_and_describe_bug(self, error: Exception) -> str:
        self._report_bug("".join(traceback.format_exception(error)))
        return f"a bug of digest's own: {type(error).__name__}. The terminal has the details."


LEVEL_ORDER = ("error", "warning", "info")


def preview_of_build(built: BuiltIssue, edition: Edition) -> IssuePreview:
    """An issue as pages show it, with what the gate says of the letter and of the message; nothing is refused here."""
    from digest.archive.write import built_issue_as_data
    from digest.mail.message import personalise_letter, write_message
    from digest.model import Reader
    from digest.pipeline import issue_evidence
    from digest.stages.check import check_message, source_texts_of

    sender = Reader(email=edition.envelope.address)
    token = edition.reader_token(sender)
    message = write_message(built.letter, edition.envelope, sender, token=token)
    page = personalise_letter(built.letter, token)
    findings = (*built.findings, *check_message(message, source_texts_of(built.issue)))
    return IssuePreview(
        edition=edition.key,
        label=LIVE,
        title=edition.title,
        subject=built.letter.subject,
        preheader=built.letter.preheader,
        html=page.html,
        text=page.text,
        message=message,
        remarks=gate_remarks(findings),
        data=built_issue_as_data(built),
        evidence=issue_evidence(built),
    )


def gate_remarks(findings: Iterable[Finding]) -> tuple[GateRemark, ...]:
    """Findings as shown: each once, errors first."""
    said = dict.fromkeys(GateRemark(level=str(f.level), code=f.code, message=f.message) for f in findings)
    return tuple(
        sorted(
            said,
            key=lambda remark: LEVEL_ORDER.index(remark.level) if remark.level in LEVEL_ORDER else len(LEVEL_ORDER),
        )
    )


def health_of_sources(
    edition: Edition, collection: CollectedArticles | None, zone: ZoneInfo
) -> tuple[SourceHealth, ...]:
    """How every source of an edition fared; with nothing gathered yet, what there is to ask."""
    kinds = {source.name: registry.name_of_plugin("sources", source) for source in edition.sources}
    if collection is None:
        return tuple(SourceHealth(name=name, kind=kind, documents=0, problems=()) for name, kind in kinds.items())
    problems: dict[str, list[str]] = {}
    for problem in collection.problems:
        name, _, document = problem.subject.partition(": ")
        problems.setdefault(name, []).append(f"{document}: {problem.message}" if document else problem.message)
    return tuple(
        SourceHealth(
            name=summary.source,
            kind=kinds.get(summary.source, ""),
            documents=summary.raws,
            problems=tuple(problems.get(summary.source, ())),
            failure=summary.failure or "",
            last_success=f"{summary.last_success.astimezone(zone):%Y-%m-%d %H:%M %Z}" if summary.last_success else "",
        )
        for summary in collection.collected.sources
    )
