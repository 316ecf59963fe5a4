"""Themes as configuration: in an edition, or in a file of their own for `digest stage group`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.config.document import ConfigPath, YamlDocument, read_yaml
from digest.config.plugins import dotted_path, validation_mistakes
from digest.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from digest.config.settings import ThemeSettings
    from digest.stages.group import Grouper


def duplicate_theme_mistakes(document: YamlDocument, themes: tuple[ThemeSettings, ...], path: ConfigPath) -> list[str]:
    """One line for each theme that has the name or the key of one before it."""
    from digest.groupers.configured import ThemeRule

    found: list[str] = []
    seen: set[tuple[str, str]] = set()
    for number, theme in enumerate(themes):
        identity = ThemeRule(name=theme.name, key=theme.key or "").identity
        for field, value in (("name", theme.name.strip().casefold()), ("key", identity)):
            if (field, value) in seen:
                place = (*path, number, field)
                found.append(f"{document.location(place)}: {dotted_path(place)}: two themes have this {field}")
                break
            seen.add((field, value))
    return found


def build_grouper(themes: tuple[ThemeSettings, ...], *, discover: bool) -> Grouper:
    """Named themes when there are any, else discovered ones."""
    from digest.groupers.configured import ConfiguredGrouper, ThemeRule
    from digest.groupers.discovered import DiscoveredGrouper

    if not themes:
        return DiscoveredGrouper()
    rules = tuple(ThemeRule(**theme.model_dump(exclude_none=True)) for theme in themes)
    return ConfiguredGrouper(themes=rules, discover=discover)


def read_grouper_file(path: Path | None, *, discover: bool) -> Grouper:
    """The grouper of a themes file (`themes: [{name, description?, keywords?}]`); discovery without one."""
    from pydantic import TypeAdapter, ValidationError

    from digest.config.settings import ThemeSettings

    if path is None:
        return build_grouper((), discover=True)
    document = read_yaml(path)
    themes = document.data.get("themes") if isinstance(document.data, dict) else None
    if not isinstance(themes, list):
        raise ConfigError(f"{path.name}:1:1: holds no list `themes:`")
    try:
        rules = TypeAdapter(tuple[ThemeSettings, ...]).validate_python(themes)
    except ValidationError as error:
        raise ConfigError(
            *validation_mistakes(error, document, ("themes",), lambda _: tuple(ThemeSettings.model_fields))
        ) from None
    if found := duplicate_theme_mistakes(document, rules, ("themes",)):
        raise ConfigError(*found)
    return build_grouper(rules, discover=discover)
