"""What a configuration becomes: frozen objects that the rest of the program uses without looking anything up."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import ConfigError
from digest.model import Budget, Length
from digest.stages.choose import OtherStories
from digest.stages.filter import ArticleRule, SourceCredit

if TYPE_CHECKING:
    from digest.delivery.protocols import Channel
    from digest.mail.message import Envelope
    from digest.model import Reader
    from digest.schedule.slots import Schedule
    from digest.stages.collect import Source
    from digest.stages.group import Grouper
    from digest.stages.render import Renderer, Style
    from digest.stages.summarise import Summariser
    from digest.stores.sql import Store


TWO_SENTENCES, THREE_SENTENCES = Budget(sentences=2), Budget(sentences=3)


def _discovered_themes() -> Grouper:
    from digest.groupers.discovered import DiscoveredGrouper

    return DiscoveredGrouper()


def _directed_summariser() -> Summariser:
    from digest.summarisers.directed import DirectedSummariser

    return DirectedSummariser()


def _example_envelope() -> Envelope:
    from digest.mail.message import Envelope

    return Envelope(sender="Digest <digest@example.org>", list_name="Digest")


def _default_style() -> Style:
    from digest.stages.render import Style

    return Style()


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One newsletter, ready to be made."""

    title: str
    key: str = "digest"
    language: str = "en"
    timezone: str = "UTC"  # IANA name
    sources: tuple[Source, ...] = ()
    grouper: Grouper = field(default_factory=_discovered_themes)
    prefer: tuple[str, ...] = ()  # publishers whose copy leads when nothing else decides
    summariser: Summariser = field(default_factory=_directed_summariser)
    method: str = "directed"  # the summariser's name
    budget: Budget = THREE_SENTENCES  # of one story
    section_budget: Budget | None = TWO_SENTENCES  # of a theme of several stories; None: no brief
    length: Length = field(default_factory=Length)
    repeat: str = "updates"  # what becomes of stories that readers had: updates, never, always
    other: OtherStories = OtherStories.SHOW  # what becomes of stories without a theme
    remember: float = 30  # days for which what readers had is remembered
    rule: ArticleRule = field(default_factory=ArticleRule)  # which articles it takes
    source_rules: Mapping[str, ArticleRule] = field(default_factory=dict)  # the same by the name of a source
    credits: Mapping[str, SourceCredit] = field(default_factory=dict)  # how articles are credited, by source
    tiers: Mapping[str, int] = field(default_factory=dict)  # name of a source -> 1, 2 (default) or 3
    houses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # owner -> outlets, beside the list that ships
    schedule: Schedule | None = None  # None: made by hand only
    envelope: Envelope = field(default_factory=_example_envelope)
    style: Style = field(default_factory=_default_style)
    readers: Iterable[Reader] = ()  # may be asked for more than once
    channels: tuple[Channel, ...] = ()
    secret_env: str | None = None  # environment variable with the secret of readers' tokens

    @cached_property
    def renderer(self) -> Renderer:
        """The template, inlined once."""
        from digest.stages.render import load_renderer

        return load_renderer(self.style, envelope=self.envelope)

    @property
    def theme_names(self) -> dict[str, str]:
        """Key -> name of every named theme, in reading order."""
        return {rule.identity: rule.name for rule in getattr(self.grouper, "themes", ())}

    def reader_token(self, reader: Reader) -> str:
        """The reader's name in links: 32 hex digits, signed when a secret is configured.

        Without a secret it identifies the reader and proves nothing; `digest doctor` says so.
        """
        secret = os.environ.get(self.secret_env, "") if self.secret_env else ""
        if self.secret_env and not secret:
            raise ConfigError(f"editions.{self.key}.token_secret_env: ${self.secret_env} is not set")
        text = f"{self.key}|{reader.email.strip().lower()}".encode()
        return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRecipients:
    """Whom the daemon tells that an issue did not appear or did not go out, and how."""

    to: tuple[str, ...]  # addresses
    sender: str  # an address alone
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The whole configuration."""

    path: Path
    editions: dict[str, Edition]
    alarm: AlarmRecipients | None  # None: alarms are told on stderr only
    store: str  # database address; sqlite paths are absolute
    warnings: tuple[str, ...]
    data: dict[str, Any]  # as written, for `config show` and edits

    def has_store(self) -> bool:
        """False when the store is a file that nothing made yet: who only looks must not make it."""
        path = self.store.removeprefix("sqlite:///")
        return path == self.store or Path(path).is_file()

    def open_store(self) -> Store:
        """The store; StoreError when it cannot be opened."""
        from digest.stores.sql import open_store

        return open_store(self.store)
