"""From the file to `Config`: shape by pydantic, plug-ins by their dataclasses, mistakes gathered from all."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest import registry
from digest.config.document import ConfigPath, YamlDocument, read_yaml
from digest.config.edition import AlarmRecipients, Config, Edition
from digest.config.plugins import PluginReader, dotted_path, option_names, validation_mistakes
from digest.config.rules import edition_rule, split_off_rules
from digest.config.summarisers import summariser_class
from digest.config.themes import build_grouper, duplicate_theme_mistakes
from digest.errors import ConfigError, DigestError
from digest.model import Budget, Length, Reader
from digest.stages.choose import OtherStories
from digest.subscribers import SubscriberFile

if TYPE_CHECKING:
    from digest.config.settings import AlarmSettings, EditionSettings
    from digest.mail.message import Envelope
    from digest.stages.group import Grouper
    from digest.stages.render import Style
    from digest.stages.summarise import Summariser


def load(path: Path) -> Config:
    """The configuration in a file; ConfigError holds every mistake."""
    from pydantic import ValidationError

    from digest.config.settings import Settings, known_keys_at

    document = read_yaml(path)
    try:
        settings = Settings.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(*validation_mistakes(error, document, (), known_keys_at)) from None
    builder = _ConfigBuilder(document)
    editions = {key: builder.build_edition(key, edition) for key, edition in settings.editions.items()}
    alarm = builder.build_alarm(settings.alarm)
    store = builder.absolute_store_url(settings.store)
    if builder.mistakes:
        raise ConfigError(*sorted(set(builder.mistakes), key=_mistake_order))
    return Config(
        path=path.resolve(),
        editions={key: edition for key, edition in editions.items() if edition is not None},
        alarm=alarm,
        store=store,
        warnings=tuple(builder.warnings),
        data=document.data,
    )


def _editorial_options(settings: EditionSettings) -> dict[str, Any]:
    """What an edition says of its choice."""
    return {
        "prefer": settings.prefer,
        "repeat": settings.repeat,
        "other": OtherStories(settings.other),
        "remember": settings.remember,
        "houses": settings.houses,
    }


def _mistake_order(mistake: str) -> tuple[int, int, str]:
    parts = mistake.split(":")
    numbers = [int(part) if part.isdigit() else 0 for part in parts[1:3]]
    return (numbers[0], numbers[-1], mistake)


class _ConfigBuilder(PluginReader):
    """Makes editions; what is wrong with one does not hide what is wrong with another."""

    def __init__(self, document: YamlDocument) -> None:
        super().__init__(document)
        self.folder = document.path.resolve().parent
        self.warnings: list[str] = []

    def build_edition(self, key: str, settings: EditionSettings) -> Edition | None:
        """One edition, or None when something in it is wrong."""
        from digest.config.settings import EDITION_KEY

        path: ConfigPath = ("editions", key)
        before = len(self.mistakes)
        given = split_off_rules(settings.sources, (*path, "sources"), self)
        rule = edition_rule(settings, path, self)
        if not EDITION_KEY.fullmatch(key):
            self.add_mistake(path, "an edition's key is made of a-z, 0-9, - and _ (it stands in paths)", key=True)
        parts: dict[str, Any] = {
            "sources": self._build_plugins("sources", given.sources, (*path, "sources")),
            "channels": self._build_plugins("channels", settings.deliver, (*path, "deliver")),
            "grouper": self._build_grouper(settings, path),
            "envelope": self._build_envelope(key, settings, path),
            "style": self._build_style(settings.style, (*path, "style")),
            "readers": self._build_readers(settings, (*path, "subscribers")),
            "length": self._build_length(settings.length, (*path, "length")),
            "schedule": self._build_schedule(settings, (*path, "schedule")),
            **self._read_summary(settings.summary, (*path, "summary")),
        }
        self._check_known_formats(parts["sources"], (*path, "sources"))
        self._check_unique_names(parts["sources"], (*path, "sources"))
        self.mistakes += duplicate_theme_mistakes(self.document, settings.themes, (*path, "themes"))
        if len(self.mistakes) > before:
            return None
        return Edition(
            key=key,
            title=settings.title,
            language=settings.language,
            timezone=settings.timezone,
            rule=rule,
            source_rules=given.rules,
            credits=given.credits,
            tiers=given.tiers,
            **_editorial_options(settings),
            secret_env=settings.token_secret_env,
            **parts,
        )

    def build_alarm(self, settings: AlarmSettings | None) -> AlarmRecipients | None:
        """Whom to tell of issues that do not go out."""
        if settings is None:
            return None
        from digest.mail.address import normalise_address

        addresses: dict[ConfigPath, str] = {("alarm", "from"): settings.sender or settings.to[0]}
        addresses |= {("alarm", "to", place): address for place, address in enumerate(settings.to)}
        for path, address in addresses.items():
            if not address.isprintable():
                self.add_mistake(path, "is one line without control characters")
            self._build_or_note(path[:-1], str(path[-1]), partial(normalise_address, address))
        return AlarmRecipients(
            to=tuple(settings.to),
            sender=settings.sender or settings.to[0],
            channels=self._build_plugins("channels", settings.deliver, ("alarm", "deliver")),
        )

    def absolute_store_url(self, url: str) -> str:
        """The database address with its SQLite path taken from the configuration's folder."""
        prefix = "sqlite:///"
        if url.startswith(prefix):
            return f"{prefix}{self.folder / url.removeprefix(prefix)}"
        if not url.startswith("postgresql"):
            self.add_mistake(("store",), "is sqlite:///PATH or postgresql+psycopg://...")
        return url

    def _build_plugins(self, family: str, items: list[Any], path: ConfigPath) -> tuple[Any, ...]:
        made = [self.read_plugin(family, item, (*path, index)) for index, item in enumerate(items)]
        return tuple(item for item in made if item is not None)

    def _check_unique_names(self, sources: tuple[Any, ...], path: ConfigPath) -> None:
        seen: set[str] = set()
        for index, source in enumerate(sources):
            if source.name in seen:
                self.add_mistake((*path, index, "name"), f"two sources are called {source.name!r}")
            seen.add(source.name)

    def _check_known_formats(self, sources: tuple[Any, ...], path: ConfigPath) -> None:
        known = registry.plugin_names("formats")
        for index, source in enumerate(sources):
            kind = getattr(source, "kind", None)
            if kind is not None and kind not in known:
                self.add_mistake((*path, index, "kind"), f"no format is named {kind!r} (known: {', '.join(known)})")

    def _build_grouper(self, settings: EditionSettings, path: ConfigPath) -> Grouper | None:
        """The built-in grouper of named or discovered themes, or the one that `grouping: {method: ...}` names."""
        rest = dict(settings.grouping)
        method = str(rest.pop("method", ""))
        if not method:
            for key in rest:
                self.add_mistake((*path, "grouping", key), "needs method: the name of an installed grouper")
            return self._build_or_note(
                path, "themes", lambda: build_grouper(settings.themes, discover=settings.discover)
            )
        found = self._build_or_note((*path, "grouping"), "method", lambda: registry.find_plugin("groupers", method))
        if found is None:
            return None
        if settings.themes and "themes" in option_names(found):
            rest["themes"] = [theme.model_dump(exclude_none=True) for theme in settings.themes]
        made: Grouper | None = self.read_dataclass(found, rest, (*path, "grouping"))
        return made

    def _build_or_note(self, path: ConfigPath, key: str, make: Any) -> Any | None:
        try:
            return make()
        except (DigestError, ValueError) as error:
            self.add_mistake((*path, key), str(error))
            return None

    def _build_envelope(self, key: str, settings: EditionSettings, path: ConfigPath) -> Envelope | None:
        from digest.mail.address import normalise_address
        from digest.mail.message import Dkim, Envelope, Links, is_unsubscribe_conventional, link_mistakes

        links = self.read_dataclass(Links, settings.links, (*path, "links"))
        dkim = None if settings.dkim is None else self.read_dataclass(Dkim, settings.dkim, (*path, "dkim"))
        if links is None:
            return None
        for wrong in link_mistakes(links):
            self.add_mistake((*path, "links"), wrong)
        if dkim is not None and not dkim.key.is_file():
            self.add_mistake((*path, "dkim", "key"), f"{dkim.key} is not a file")
        for name, value in (("from", settings.sender), ("reply_to", settings.reply_to), ("bounce", settings.bounce)):
            if value and not value.isprintable():
                self.add_mistake((*path, name), "is one line without control characters")
        _, address = parseaddr(settings.sender)
        if self._build_or_note(path, "from", lambda: normalise_address(address)) is None:
            return None
        if is_unsubscribe_conventional(links):
            self.warnings.append(
                f"editions.{key}.links.unsubscribe: is not set; readers' unsubscribe links lead to a page by convention "
                f"on {address.rpartition('@')[2]}: serve it or set the address"
            )
        return Envelope(
            sender=settings.sender,
            list_name=settings.title,
            list_id=f"{key}.{address.rpartition('@')[2]}",
            reply_to=settings.reply_to,
            links=links,
            bounce=settings.bounce,
            dkim=dkim,
        )

    def _build_style(self, given: dict[str, Any], path: ConfigPath) -> Style | None:
        from digest.stages.render import Style
        from digest.stages.render import style_mistakes as contradictions

        style = self.read_dataclass(Style, given, path)
        for mistake in () if style is None else contradictions(style):
            self.add_mistake(path, mistake)
        return style

    def _build_readers(self, settings: EditionSettings, path: ConfigPath) -> Iterable[Reader]:
        given = settings.subscribers
        if isinstance(given, str):
            file = SubscriberFile(self.folder / given)
            if "@" in given and not file.path.exists():
                self.add_mistake(
                    path, "is a list of addresses, or a file's name: write one address as [name@example.org]"
                )
                return ()
            self._build_or_note(path[:-1], "subscribers", file.check_first_lines)
            return file
        readers = tuple(Reader(email=item) if isinstance(item, str) else Reader(**item.model_dump()) for item in given)
        for number, reader in enumerate(readers):
            self._warn_of_address(reader.email, (*path, number))
        return readers

    def _warn_of_address(self, address: str, path: ConfigPath) -> None:
        """An address that cannot be used stops no issue: its reader's copy fails, with a row that says so."""
        from digest.mail.address import normalise_address

        try:
            normalise_address(address)
        except DigestError as error:
            self.warnings.append(f"{self.document.location(path)}: {dotted_path(path)}: {error}")

    def _build_length(self, given: dict[str, Any], path: ConfigPath) -> Length | None:
        length: Length | None = self.read_dataclass(Length, given, path)
        for name in ("minutes", "stories", "per_theme", "per_source", "max_age"):
            value = getattr(length, name, None)
            if value is not None and not 0 < value <= 1_000_000:
                self.add_mistake((*path, name), "is more than 0")
        return length

    def _build_schedule(self, settings: EditionSettings, path: ConfigPath) -> Any | None:
        from digest.schedule.slots import Schedule, check_schedule

        if settings.schedule is None:
            return None
        schedule = self.read_dataclass(Schedule, settings.schedule, path)
        if schedule is not None:
            self._build_or_note(path[:-1], "schedule", lambda: check_schedule(schedule))
        return schedule

    def _read_summary(self, given: dict[str, Any], path: ConfigPath) -> dict[str, Any]:
        rest = {"method": "directed", "section_sentences": 2, **given}
        section = rest.pop("section_sentences")
        sentences, words = rest.pop("sentences", None), rest.pop("words", None)
        for key, value in (("sentences", sentences), ("words", words), ("section_sentences", section)):
            if value is not None and (
                not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000
            ):
                self.add_mistake((*path, key), "is a whole number from 0 to 10,000")
        if sentences and words:
            self.add_mistake((*path, "words"), "sentences and words exclude each other")
        method = str(rest.pop("method"))
        return {
            "summariser": self._build_summariser(method, rest, path),
            "method": method,
            "budget": Budget(sentences=sentences or (None if words else 3), words=words),
            "section_budget": Budget(sentences=section) if section else None,
        }

    def _build_summariser(self, method: str, rest: dict[str, Any], path: ConfigPath) -> Summariser | None:
        found = self._build_or_note(path, "method", lambda: summariser_class(method))
        return None if found is None else self.read_dataclass(found[0], {**rest, **found[1]}, path)
