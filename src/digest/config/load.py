"""From the file to `Config`: shape by pydantic, plug-ins by their dataclasses, mistakes gathered from all."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from digest import registry
from digest.config.document import Document, Path_, read
from digest.config.edition import Alarming, Config, Edition
from digest.config.plugins import PluginReader, dotted, mistakes, options
from digest.config.themes import grouper, twins
from digest.errors import ConfigError, DigestError, UsageError
from digest.model import Budget, Reader
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

    from digest.config.settings import Settings, keys_at

    document = read(path)
    try:
        settings = Settings.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(*mistakes(error, document, (), keys_at)) from None
    builder = _Builder(document)
    editions = {key: builder.edition(key, edition) for key, edition in settings.editions.items()}
    alarm = builder.alarm(settings.alarm)
    store = builder.store(settings.store)
    if builder.mistakes:
        raise ConfigError(*sorted(set(builder.mistakes), key=_place))
    return Config(
        path=path.resolve(),
        editions={key: edition for key, edition in editions.items() if edition is not None},
        alarm=alarm,
        store=store,
        warnings=tuple(builder.warnings),
        data=document.data,
    )


def _place(mistake: str) -> tuple[int, int, str]:
    parts = mistake.split(":")
    numbers = [int(part) if part.isdigit() else 0 for part in parts[1:3]]
    return (numbers[0], numbers[-1], mistake)


class _Builder(PluginReader):
    """Makes editions; what is wrong with one does not hide what is wrong with another."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.folder = document.path.resolve().parent
        self.warnings: list[str] = []

    def mistake(self, path: Path_, message: str, *, key: bool = False) -> None:
        self.mistakes.append(f"{self.document.at(path, key=key)}: {dotted(path)}: {message}")

    def edition(self, key: str, settings: EditionSettings) -> Edition | None:
        """One edition, or None when something in it is wrong."""
        from digest.config.settings import KEY

        path: Path_ = ("editions", key)
        before = len(self.mistakes)
        if not KEY.fullmatch(key):
            self.mistake(path, "an edition's key is made of a-z, 0-9, - and _ (it stands in paths)", key=True)
        parts: dict[str, Any] = {
            "sources": self._list("sources", settings.sources, (*path, "sources")),
            "channels": self._list("channels", settings.deliver, (*path, "deliver")),
            "grouper": self._grouper(settings, path),
            "envelope": self._envelope(key, settings, path),
            "style": self._style(settings.style, (*path, "style")),
            "readers": self._readers(settings, (*path, "subscribers")),
            "schedule": self._schedule(settings, (*path, "schedule")),
            **self._summary(settings.summary, (*path, "summary")),
        }
        self._known_formats(parts["sources"], (*path, "sources"))
        self._unique_names(parts["sources"], (*path, "sources"))
        self.mistakes += twins(self.document, settings.themes, (*path, "themes"))
        if len(self.mistakes) > before:
            return None
        return Edition(
            key=key,
            title=settings.title,
            language=settings.language,
            timezone=settings.timezone,
            prefer=settings.prefer,
            secret_env=settings.token_secret_env,
            **parts,
        )

    def alarm(self, settings: AlarmSettings | None) -> Alarming | None:
        """Whom to tell of issues that do not go out."""
        if settings is None:
            return None
        from digest.mail.address import normalise

        addresses: dict[Path_, str] = {("alarm", "from"): settings.sender or settings.to[0]}
        addresses |= {("alarm", "to", place): address for place, address in enumerate(settings.to)}
        for path, address in addresses.items():
            if not address.isprintable():
                self.mistake(path, "is one line without control characters")
            self._try(path[:-1], str(path[-1]), partial(normalise, address))
        return Alarming(
            to=tuple(settings.to),
            sender=settings.sender or settings.to[0],
            channels=self._list("channels", settings.deliver, ("alarm", "deliver")),
        )

    def store(self, url: str) -> str:
        """The database address with its SQLite path taken from the configuration's folder."""
        prefix = "sqlite:///"
        if url.startswith(prefix):
            return f"{prefix}{self.folder / url.removeprefix(prefix)}"
        if not url.startswith("postgresql"):
            self.mistake(("store",), "is sqlite:///PATH or postgresql+psycopg://...")
        return url

    def _list(self, family: str, items: list[Any], path: Path_) -> tuple[Any, ...]:
        made = [self.make(family, item, (*path, index)) for index, item in enumerate(items)]
        return tuple(item for item in made if item is not None)

    def _unique_names(self, sources: tuple[Any, ...], path: Path_) -> None:
        seen: set[str] = set()
        for index, source in enumerate(sources):
            if source.name in seen:
                self.mistake((*path, index, "name"), f"two sources are called {source.name!r}")
            seen.add(source.name)

    def _known_formats(self, sources: tuple[Any, ...], path: Path_) -> None:
        known = registry.names("formats")
        for index, source in enumerate(sources):
            kind = getattr(source, "kind", None)
            if kind is not None and kind not in known:
                self.mistake((*path, index, "kind"), f"no format is named {kind!r} (known: {', '.join(known)})")

    def _grouper(self, settings: EditionSettings, path: Path_) -> Grouper | None:
        """The built-in grouper of named or discovered themes, or the one that `grouping: {method: ...}` names."""
        rest = dict(settings.grouping)
        method = str(rest.pop("method", ""))
        if not method:
            for key in rest:
                self.mistake((*path, "grouping", key), "needs method: the name of an installed grouper")
            return self._try(path, "themes", lambda: grouper(settings.themes, discover=settings.discover))
        found = self._try((*path, "grouping"), "method", lambda: registry.find("groupers", method))
        if found is None:
            return None
        if settings.themes and "themes" in options(found):
            rest["themes"] = [theme.model_dump(exclude_none=True) for theme in settings.themes]
        made: Grouper | None = self.read(found, rest, (*path, "grouping"))
        return made

    def _try(self, path: Path_, key: str, make: Any) -> Any | None:
        try:
            return make()
        except (DigestError, ValueError) as error:
            self.mistake((*path, key), str(error))
            return None

    def _envelope(self, key: str, settings: EditionSettings, path: Path_) -> Envelope | None:
        from digest.mail.address import normalise
        from digest.mail.message import Dkim, Envelope, Links, conventional_unsubscribe, link_mistakes

        links = self.read(Links, settings.links, (*path, "links"))
        dkim = None if settings.dkim is None else self.read(Dkim, settings.dkim, (*path, "dkim"))
        if links is None:
            return None
        for wrong in link_mistakes(links):
            self.mistake((*path, "links"), wrong)
        if dkim is not None and not dkim.key.is_file():
            self.mistake((*path, "dkim", "key"), f"{dkim.key} is not a file")
        for name, value in (("from", settings.sender), ("reply_to", settings.reply_to), ("bounce", settings.bounce)):
            if value and not value.isprintable():
                self.mistake((*path, name), "is one line without control characters")
        _, address = parseaddr(settings.sender)
        if self._try(path, "from", lambda: normalise(address)) is None:
            return None
        if conventional_unsubscribe(links):
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

    def _style(self, given: dict[str, Any], path: Path_) -> Style | None:
        from digest.stages.render import Style
        from digest.stages.render import mistakes as contradictions

        style = self.read(Style, given, path)
        for mistake in () if style is None else contradictions(style):
            self.mistake(path, mistake)
        return style

    def _readers(self, settings: EditionSettings, path: Path_) -> Iterable[Reader]:
        given = settings.subscribers
        if isinstance(given, str):
            file = SubscriberFile(self.folder / given)
            if "@" in given and not file.path.exists():
                self.mistake(path, "is a list of addresses, or a file's name: write one address as [name@example.org]")
                return ()
            self._try(path[:-1], "subscribers", file.check)
            return file
        readers = tuple(Reader(email=item) if isinstance(item, str) else Reader(**item.model_dump()) for item in given)
        for number, reader in enumerate(readers):
            self._warn_of_address(reader.email, (*path, number))
        return readers

    def _warn_of_address(self, address: str, path: Path_) -> None:
        """An address that cannot be used stops no issue: its reader's copy fails, with a row that says so."""
        from digest.mail.address import normalise

        try:
            normalise(address)
        except DigestError as error:
            self.warnings.append(f"{self.document.at(path)}: {dotted(path)}: {error}")

    def _schedule(self, settings: EditionSettings, path: Path_) -> Any | None:
        from digest.schedule.slots import Schedule, check

        if settings.schedule is None:
            return None
        schedule = self.read(Schedule, settings.schedule, path)
        if schedule is not None:
            self._try(path[:-1], "schedule", lambda: check(schedule))
        return schedule

    def _summary(self, given: dict[str, Any], path: Path_) -> dict[str, Any]:
        rest = {"method": "directed", "section_sentences": 2, **given}
        section = rest.pop("section_sentences")
        sentences, words = rest.pop("sentences", None), rest.pop("words", None)
        for key, value in (("sentences", sentences), ("words", words), ("section_sentences", section)):
            if value is not None and (
                not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000
            ):
                self.mistake((*path, key), "is a whole number from 0 to 10,000")
        if sentences and words:
            self.mistake((*path, "words"), "sentences and words exclude each other")
        method = str(rest.pop("method"))
        return {
            "summariser": self._summariser(method, rest, path),
            "method": method,
            "budget": Budget(sentences=sentences or (None if words else 3), words=words),
            "section_budget": Budget(sentences=section) if section else None,
        }

    def _summariser(self, method: str, rest: dict[str, Any], path: Path_) -> Summariser | None:
        found = self._try(path, "method", lambda: summariser_class(method))
        return None if found is None else self.read(found[0], {**rest, **found[1]}, path)


def summariser_named(method: str) -> Summariser:
    """A summariser with its default options: `directed`, `lead`, `sumy-lexrank`, ..."""
    cls, options = summariser_class(method)
    made: Summariser = cls(**options)
    return made


def summariser_class(method: str) -> tuple[type[Any], dict[str, str]]:
    """The class behind a method's name and the options that the name implies; UsageError for an unknown one."""
    if not method.startswith("sumy-"):
        return registry.find("summarisers", method), {}
    cls = registry.find("summarisers", "sumy")
    names = {name.replace("-", ""): name for name in get_args(get_type_hints(cls)["method"])}
    wanted = method.removeprefix("sumy-").replace("-", "")
    if wanted not in names:
        raise UsageError(f"no summariser is named {method!r} (known: {', '.join(f'sumy-{name}' for name in names)})")
    return cls, {"method": names[wanted]}
