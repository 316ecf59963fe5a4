"""The configuration with every default, and its JSON Schema: both made from the code that reads it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any

from digest import registry
from digest.config.plugins import type_adapter
from digest.model import DEFAULT_TIER, Length, Reader
from digest.stages.filter import ArticleRule, SourceCredit
from digest.subscribers import SubscriberFile

if TYPE_CHECKING:
    from digest.config.edition import AlarmRecipients, Config, Edition
    from digest.stages.collect import Source
    from digest.stages.group import Grouper


def config_as_data(config: Config) -> dict[str, Any]:
    """The configuration as understood, in the shape of the file; passwords are never in it, only where they are."""
    return {
        "editions": {key: _edition_as_data(edition) for key, edition in config.editions.items()},
        "alarm": _alarm_as_data(config.alarm),
        "store": _mask_password(config.store),
    }


def _alarm_as_data(alarm: AlarmRecipients | None) -> dict[str, Any] | None:
    if alarm is None:
        return None
    channels = [
        {"type": registry.name_of_plugin("channels", channel), **_plain_data(channel)} for channel in alarm.channels
    ]
    return {"to": list(alarm.to), "from": alarm.sender, "deliver": channels}


def _edition_as_data(edition: Edition) -> dict[str, Any]:
    return {
        "title": edition.title,
        "language": edition.language,
        "timezone": edition.timezone,
        "sources": [_source_as_data(source, edition) for source in edition.sources],
        "themes": [{**_plain_data(rule), "key": rule.identity} for rule in getattr(edition.grouper, "themes", ())],
        "discover": _is_discovering(edition.grouper),
        "grouping": _grouping_as_data(edition.grouper),
        **_plain_data(edition.rule),
        "prefer": list(edition.prefer),
        "length": _plain_data(edition.length),
        "repeat": edition.repeat,
        "other": edition.other.value,
        "remember": edition.remember,
        "houses": _plain_data(dict(edition.houses)),
        "summary": {
            "method": edition.method,
            **{key: value for key, value in _plain_data(edition.budget).items() if value is not None},
            "section_sentences": edition.section_budget.sentences if edition.section_budget else 0,
        },
        "schedule": _plain_data(edition.schedule) if edition.schedule else None,
        "from": edition.envelope.sender,
        "reply_to": edition.envelope.reply_to,
        "subscribers": _readers_as_data(edition.readers),
        "deliver": [
            {"type": registry.name_of_plugin("channels", channel), **_plain_data(channel)}
            for channel in edition.channels
        ],
        "style": _plain_data(edition.style),
        "links": _plain_data(edition.envelope.links),
        "bounce": edition.envelope.bounce,
        "dkim": _plain_data(edition.envelope.dkim),
        "token_secret_env": edition.secret_env,
    }


def _source_as_data(source: Source, edition: Edition) -> dict[str, Any]:
    """A source with what all of them may say."""
    return {
        "type": registry.name_of_plugin("sources", source),
        **_plain_data(source),
        "tier": edition.tiers.get(source.name, DEFAULT_TIER),
        **_plain_data(edition.source_rules.get(source.name, ArticleRule())),
        **_plain_data(edition.credits.get(source.name, SourceCredit())),
    }


def _is_discovering(grouper: Grouper) -> bool:
    from digest.groupers.configured import ConfiguredGrouper

    return isinstance(grouper, ConfiguredGrouper) and grouper.discover


def _grouping_as_data(grouper: Grouper) -> dict[str, Any]:
    """What `grouping:` says: nothing for the built-in groupers, which follow from `themes`."""
    method = registry.name_of_plugin("groupers", grouper)
    if method in registry.BUILT_IN["groupers"]:
        return {}
    return {"method": method, **{key: value for key, value in _plain_data(grouper).items() if key != "themes"}}


def _readers_as_data(readers: Iterable[Reader]) -> Any:
    return str(readers.path) if isinstance(readers, SubscriberFile) else [_plain_data(reader) for reader in readers]


def _plain_data(value: Any) -> Any:
    """Dataclasses, paths and tuples as YAML knows them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain_data(getattr(value, field.name)) for field in dataclasses.fields(value) if field.init
        }
    if isinstance(value, dict):
        return {str(key): _plain_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain_data(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _mask_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    login, at, host = rest.rpartition("@")
    return f"{scheme}{separator}{login.partition(':')[0]}{at}{host}" if at else url


def config_schema() -> dict[str, Any]:
    """The JSON Schema of config.yaml, the options of every installed plug-in included."""
    from digest.config.settings import EditionSettings, Settings
    from digest.mail.message import Dkim, Links
    from digest.schedule.slots import Schedule
    from digest.stages.render import Style

    made = Settings.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions = made["$defs"]
    properties = definitions[EditionSettings.__name__]["properties"]
    for key, family in (("sources", "sources"), ("deliver", "channels")):
        properties[key]["items"] = {
            "anyOf": [_plugin_schema(definitions, family, name) for name in registry.plugin_names(family)]
        }
    for key, cls in (("style", Style), ("links", Links), ("dkim", Dkim), ("schedule", Schedule), ("length", Length)):
        properties[key] = {
            **_hoist_definitions(definitions, type_adapter(cls).json_schema()),
            "description": properties[key]["description"],
        }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "digest config.yaml"}


def _plugin_schema(definitions: dict[str, Any], family: str, name: str) -> dict[str, Any]:
    """One alternative of a list of plug-ins: its options and the type that selects it."""
    described = _hoist_definitions(definitions, type_adapter(registry.find_plugin(family, name)).json_schema())
    described["properties"] = {"type": {"const": name}, **described.get("properties", {}), **_common_schema(family)}
    described["required"] = ["type", *described.get("required", [])]
    return described


def _common_schema(family: str) -> dict[str, Any]:
    """The keys that every source may have, whatever its type."""
    if family != "sources":
        return {}
    rule, credit = (type_adapter(cls).json_schema()["properties"] for cls in (ArticleRule, SourceCredit))
    return {"tier": {"enum": [1, 2, 3], "default": DEFAULT_TIER}, **rule, **credit}


def _hoist_definitions(definitions: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """The schema with its own definitions moved to the common ones."""
    definitions.update(described.pop("$defs", {}))
    return described
