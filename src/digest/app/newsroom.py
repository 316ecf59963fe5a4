"""An edition, a moment and the store become an issue and copies of it: what `send` and the daemon share."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest import pipeline, registry
from digest.app.tick import ScheduledEdition
from digest.archive import write
from digest.archive.memory import decode_memory, encode_memory
from digest.delivery.model import PUBLISHED_STATES, IssueMemory, IssueState
from digest.delivery.personalise import copier_factory
from digest.delivery.publish import Mailing
from digest.errors import ConfigError, SourceError, StoreError
from digest.model import Memory, Problem
from digest.schedule.slots import Slot, next_slots, slot_at
from digest.stages.collect import FetchContext
from digest.stages.edit import Edit, EditVerb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from digest.config import Config, Edition
    from digest.delivery.protocols import Channel, Copying
    from digest.model import Letter, Reader, RememberedIssue
    from digest.stores.sql import Store


DAY_SECONDS = 86_400.0
MAX_PUBLISHED_AHEAD = 10  # slots looked at for the next one without an issue
FIRST_ISSUE_DAYS = 30  # how far back a first issue may look for what another edition has read


@contextmanager
def open_store(config: Config) -> Iterator[Store]:
    """The store, closed at the end."""
    with closing(config.open_store()) as store:
        yield store


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A configuration at work on a store: what the schedule and the outbox need to know of it."""

    config: Config
    store: Store
    out: Path  # folder of saved issues
    progress: pipeline.Progress = pipeline.show_no_progress
    problems: list[Problem] = field(default_factory=list)  # of the issues that were made here

    def scheduled_editions(self, now: datetime) -> list[ScheduledEdition]:
        """Every edition as the schedule sees it at `now`, which is also the moment of fetching."""
        return [self.scheduled_edition(edition, now) for edition in self.config.editions.values()]

    def scheduled_edition(self, edition: Edition, now: datetime) -> ScheduledEdition:
        """One edition as the schedule sees it."""
        return ScheduledEdition(
            edition=edition.key,
            schedule=edition.schedule,
            zone=ZoneInfo(edition.timezone),
            build=lambda slot: self.build_mailing(edition, slot, now=now),
        )

    def build_mailing(self, edition: Edition, slot: Slot, *, now: datetime) -> Mailing | str:
        """The slot's issue of what is new, saved and ready to be published; or the reason why there is none.

        Nothing new is a reason only when every source was read: SourceError otherwise, so that the slot is tried again.
        """
        if next(iter(edition.readers), None) is None:
            return "no reader: add `subscribers:`"
        built = self._build_new_issue(edition, slot, now)
        least = edition.schedule.minimum if edition.schedule else 1
        unread = [problem for problem in built.collection.problems if problem.stage == "collect"]
        if unread and built.issue.counts.stories < least:
            raise SourceError("; ".join(f"{problem.subject}: {problem.message}" for problem in unread[:5]))
        self.problems.extend(built.issue.problems)
        if built.is_empty:
            return "empty: nothing new to print"
        if built.issue.counts.stories < least:
            return f"too few: {built.issue.counts.stories} of at least {least} stories"
        folder = write.save_issue_files(write.issue_files(built, edition), self.out, built.issue.id)
        letters = pipeline.render_variants(built, edition)
        return Mailing(
            letters={name: letter for name, letter in letters.items() if letter is not None},
            envelope=edition.envelope,
            readers=ReadersWithContent(edition.readers, letters),
            variant=pipeline.variant_of,
            channels=list(channels_of(edition)),
            marks=tuple(pipeline.settled_fingerprints(built).items()),
            memory=IssueMemory(
                content=encode_memory(pipeline.remember_built_issue(built)),
                forget_before=now.timestamp() - edition.remember * DAY_SECONDS,
            ),
            artefact=str(folder),
            hold=self.store.is_held(edition.key),
        )

    def _build_new_issue(self, edition: Edition, slot: Slot, now: datetime) -> pipeline.BuiltIssue:
        """The slot's issue of what readers have not had, with an editor's decisions and its number in the series."""
        context = self.fetch_context(edition, now)
        collection = pipeline.collect_articles(edition, visit=context, progress=self.progress)
        memory, trouble = load_memory(self.store, edition, now)
        return pipeline.build_issue(
            edition,
            replace(collection, problems=(*collection.problems, *trouble)),
            slot=slot.label,
            at=slot.instant,
            memory=memory,
            edits=editor_decisions(self.store, edition.key),
            number=self.store.issues.count_published(edition.key) + 1,
        )

    def collected_until(self, edition: Edition, now: datetime) -> datetime | None:
        """The moment up to which all that the sources gave has reached readers; None before the first issue."""
        until = self.store.issues.collected_until(edition.key, before=now.timestamp())
        return None if until is None else datetime.fromtimestamp(until, UTC)

    def fetch_context(self, edition: Edition, now: datetime, *, afresh: bool = False) -> FetchContext:
        """What the sources of an edition are told at a visit: what is new to it, and what others still want."""
        return FetchContext(
            now=now,
            since=self.collected_until(edition, now),
            kept_since=self._kept_since(edition, now),
            state=self.store.source_state,
            afresh=afresh,
        )

    def _kept_since(self, edition: Edition, now: datetime) -> datetime | None:
        """From when on entries are kept for the other editions that share a source with this one.

        A weekly beside a daily finds what the daily had; an edition without an issue yet finds the last weeks.
        """
        names = {source.name for source in edition.sources}
        others = [
            other
            for other in self.config.editions.values()
            if other.key != edition.key and names & {source.name for source in other.sources}
        ]
        return min(
            (self.collected_until(other, now) or now - timedelta(days=FIRST_ISSUE_DAYS) for other in others),
            default=None,
        )

    def channels_by_name(self) -> dict[str, Channel]:
        """Every channel of every edition by the name that its rows carry.

        Releases before 0.2 named a channel of a plug-in after its class: rows that wait under such a name find it too.
        """
        awaited = self.store.operator.awaited_channels()
        named: dict[str, Channel] = {}
        for edition in self.config.editions.values():
            for name, channel in channels_of(edition).items():
                named[name] = channel
                former = f"{edition.key}/{type(channel).__name__.lower()}"
                if former in awaited:
                    named.setdefault(former, channel)
        return named

    def orphaned_channels(self) -> list[str]:
        """Channels that copies wait for and that are no longer configured: an edition or a channel was renamed."""
        return [name for name in self.store.operator.awaited_channels() if name not in self.channels_by_name()]

    def message_factory(self) -> Copying:
        """The maker of readers' copies."""
        return copier_factory(self._reader_token)

    def _reader_token(self, edition: str, reader: Reader) -> str:
        if edition not in self.config.editions:
            raise ConfigError(f"the edition {edition!r} is no longer configured")
        return self.config.editions[edition].reader_token(reader)


@dataclass(frozen=True, slots=True)
class ReadersWithContent:
    """The readers for whom an issue holds something."""

    readers: Iterable[Reader]
    letters: Mapping[str, Letter | None]

    def __iter__(self) -> Iterator[Reader]:
        return (reader for reader in self.readers if self.letters.get(pipeline.variant_of(reader)) is not None)


def channels_of(edition: Edition) -> Mapping[str, Channel]:
    """An edition's channels by name: `nato/smtp`, a second one `nato/smtp-2`. Copies are kept under these names."""
    named: dict[str, Channel] = {}
    for channel in edition.channels:
        base = f"{edition.key}/{registry.name_of_plugin('channels', channel)}"
        same = sum(name == base or name.startswith(f"{base}-") for name in named)
        named[base if not same else f"{base}-{same + 1}"] = channel
    return named


def slot_to_publish(store: Store, edition: Edition, when: datetime) -> Slot:
    """The slot that an issue made at `when` belongs to; one of its own where that slot ended without an issue."""
    zone = ZoneInfo(edition.timezone)
    slot = slot_at(edition.schedule, zone, when)
    row = store.issues.find_issue(edition.key, slot.label)
    if row is not None and row.state in {IssueState.SKIPPED, IssueState.FAILED}:
        return replace(slot, label=f"{when.astimezone(zone):%Y-%m-%dT%H:%M}", instant=when)
    return slot


def next_issue_slot(store: Store, edition: Edition, when: datetime) -> Slot:
    """The slot of the issue that comes next: the one that `send` would take now, or the next one where that is published."""
    slot = slot_to_publish(store, edition, when)
    zone = ZoneInfo(edition.timezone)
    for coming in next_slots(edition.schedule, zone, when, MAX_PUBLISHED_AHEAD) if edition.schedule else ():
        row = store.issues.find_issue(edition.key, slot.label)
        if row is None or row.state not in PUBLISHED_STATES:
            break
        slot = coming
    return slot


def load_memory(store: Store, edition: Edition, now: datetime) -> tuple[Memory, list[Problem]]:
    """What the readers of an edition had, and a problem for each issue whose memory cannot be read."""
    issues: list[RememberedIssue] = []
    problems: list[Problem] = []
    for name, content in store.reader_memory.load(edition.key, since=now.timestamp() - edition.remember * DAY_SECONDS):
        try:
            issues.append(decode_memory(content))
        except StoreError as error:
            message = f"the memory of what its readers had {error}; its stories may be told again under other keys"
            problems.append(Problem(stage="recognise", subject=name, message=message))
    fingerprints = store.issues.printed_fingerprints(edition.key)
    return Memory(issues=tuple(issues), fingerprints=fingerprints), problems


def editor_decisions(store: Store, edition: str) -> tuple[Edit, ...]:
    """An editor's decisions for an edition, in order; what an older program wrote and this one does not know is left."""
    known = set(EditVerb)
    return tuple(
        Edit(verb=EditVerb(verb), story=story, value=value)
        for verb, story, value in store.edits.edits_of(edition)
        if verb in known
    )
