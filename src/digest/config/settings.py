"""config.yaml as pydantic models: what a user may write, with defaults and a sentence for each key.

These are only the shape of the file. `digest.config.load` turns them into the frozen objects that the
rest of the program uses; plug-ins (sources, channels, ...) are read by their own dataclasses.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

ConfigPath = tuple[str | int, ...]

EDITION_KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")


def validate_zone(name: str) -> str:
    """An IANA zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"unknown time zone {name!r} (an IANA name, e.g. Europe/Brussels)") from error
    return name


def validate_language_code(code: str) -> str:
    """ISO 639-1, perhaps with a region."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code):
        raise ValueError(f"{code!r} is not a language code (e.g. en, de, pt-BR)")
    return code


class StrictSettings(BaseModel):
    """Keys that nobody knows are mistakes; values are never quoted back."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ThemeSettings(StrictSettings):
    """One theme of an edition."""

    name: str = Field(min_length=1, max_length=200, description="Shown above the theme's stories.")
    key: str | None = Field(
        None, pattern=r"^[^\W_](?:[\w-]{0,62}[^\W_])?$", description="Stable identity; default: made from the name."
    )
    description: str = Field("", description="What belongs here, in a sentence; its words count like keywords.")
    keywords: tuple[str, ...] = Field((), description="Words and phrases that speak for the theme.")
    include: str = Field("", description="A query: what matches belongs here, whatever its words weigh.")
    exclude: tuple[str, ...] | str = Field(
        (), description="A list of words and phrases that do not count, or a query: what matches does not belong here."
    )


class ReaderSettings(StrictSettings):
    """One reader, written out."""

    email: str = Field(description="Where the copy goes.")
    name: str | None = Field(None, description="Stands beside the address in To.")
    language: str | None = Field(None, description="ISO 639-1; kept with the reader's copies.")
    timezone: Annotated[str, AfterValidator(validate_zone)] | None = Field(
        None, description="IANA zone of the window of sending; default: the edition's."
    )
    themes: tuple[str, ...] = Field((), description="Names or keys of the themes wanted; empty means all.")


class EditionSettings(StrictSettings):
    """One newsletter."""

    title: str = Field(min_length=1, max_length=200, description="Stands at the head of every issue.")
    language: Annotated[str, AfterValidator(validate_language_code)] = Field(
        "en", description="Language of the labels."
    )
    timezone: Annotated[str, AfterValidator(validate_zone)] = Field(
        "UTC", description="IANA zone of schedule and dates."
    )
    sources: list[Any] = Field(min_length=1, description="Where articles come from: mappings with name and type.")
    themes: tuple[ThemeSettings, ...] = Field((), description="Named themes; without any, themes are discovered.")
    discover: bool = Field(default=False, description="Discover themes among the stories that fit no named one.")
    grouping: dict[str, Any] = Field(
        default_factory=dict, description="method: an installed grouper, with its options; default: by `themes`."
    )
    include: str = Field("", description="A query: only articles that match are taken.")
    exclude: str = Field("", description="A query: articles that match are left out.")
    languages: tuple[Annotated[str, AfterValidator(validate_language_code)], ...] = Field(
        (), description="Languages of articles that are taken; what does not say its language passes. Empty: all."
    )
    prefer: tuple[str, ...] = Field((), description="Publishers whose copy of a story leads when nothing else decides.")
    summary: dict[str, Any] = Field(
        default_factory=dict,
        description="method (directed, lead, sumy-NAME), sentences or words per story, section_sentences.",
    )
    length: dict[str, Any] = Field(
        default_factory=dict, description="minutes (8; null: no limit), stories, per_theme, per_source, max_age (days)."
    )
    repeat: Literal["updates", "never", "always"] = Field(
        "updates", description="Stories that readers had: told again when there is news, never, always."
    )
    other: Literal["show", "lines", "drop"] = Field(
        "show", description="Stories that fit no theme: told last, named by their headlines, left out."
    )
    remember: Annotated[float, Field(ge=1, le=3650)] = Field(
        30, description="Days for which what readers had is remembered."
    )
    houses: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Owner: its outlets; they count as one independent source."
    )
    schedule: dict[str, Any] | None = Field(None, description="cron (one line or several) and catch_up.")
    sender: str = Field(alias="from", description='"Name <address>" in the From header.')
    reply_to: str | None = Field(None, description="Where answers go; default: the sender.")
    subscribers: str | list[str | ReaderSettings] = Field(
        default_factory=list, description="Addresses, or a CSV file: email, name?, language?, timezone?, themes?"
    )
    deliver: list[Any] = Field(default_factory=list, description="Channels: mappings with type.")
    style: dict[str, Any] = Field(default_factory=dict, description="Look: template, colours, logo, footer, postal.")
    links: dict[str, Any] = Field(default_factory=dict, description="Address templates: unsubscribe, archive, ...")
    bounce: str | None = Field(
        None, description="Return path of messages; {token} in it names the reader. Default: the sender."
    )
    dkim: dict[str, Any] | None = Field(None, description="Signature: selector, key (a PEM file), domain.")
    token_secret_env: str | None = Field(
        None, description="Environment variable with the secret that signs readers' tokens."
    )


class AlarmSettings(StrictSettings):
    """Whom the daemon tells that an issue did not appear or did not go out."""

    to: list[str] = Field(min_length=1, description="Addresses of operators.")
    sender: str | None = Field(None, alias="from", description="Address of the alarm; default: the first in `to`.")
    deliver: list[Any] = Field(min_length=1, description="Channels: mappings with type.")


class Settings(StrictSettings):
    """The whole file."""

    editions: dict[str, EditionSettings] = Field(min_length=1, description="One newsletter for each key.")
    alarm: AlarmSettings | None = Field(None, description="Whom to tell of issues that do not go out.")
    store: str = Field("sqlite:///digest.db", description="Database of issues, outbox and memory.")


def known_keys_at(path: ConfigPath) -> tuple[str, ...]:
    """The keys that may stand in the mapping at a place of the file."""
    match path:
        case ("editions", _):
            section: type[StrictSettings] = EditionSettings
        case ("editions", _, "themes", _):
            section = ThemeSettings
        case ("editions", _, "subscribers", _):
            section = ReaderSettings
        case ("alarm",):
            section = AlarmSettings
        case _:
            section = Settings
    return tuple(field.alias or name for name, field in section.model_fields.items())


def misplaced_key_message(key: str, path: ConfigPath) -> str | None:
    """Where a key that is unknown at a place belongs, when it stands on the wrong level."""
    if path == () and key in known_keys_at(("editions", "")):
        return "unknown key (belongs to an edition: write it among the keys below editions)"
    if len(path) == 2 and path[0] == "editions" and key in known_keys_at(()):
        return "unknown key (belongs to the whole file: write it at the left margin)"
    return None
