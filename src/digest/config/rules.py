"""What every source may say whatever its type (tier, queries, languages, how it is credited), and the queries of editions and themes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from digest.model import DEFAULT_TIER
from digest.queries import QueryError, parse_query
from digest.stages.filter import ArticleRule, SourceCredit

if TYPE_CHECKING:
    from digest.config.document import ConfigPath
    from digest.config.plugins import PluginReader
    from digest.config.settings import EditionSettings

RULE_KEYS = frozenset({"include", "exclude", "languages"})
CREDIT_KEYS = frozenset({"display_name", "labels", "paywall"})
COMMON_KEYS = RULE_KEYS | CREDIT_KEYS | {"tier"}
MAX_LABEL_CHARACTERS = 40
TIERS = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRules:
    """The sources without the keys that all may have, and what those say by the name of the source."""

    sources: list[Any] = field(default_factory=list)
    tiers: dict[str, int] = field(default_factory=dict)
    rules: dict[str, ArticleRule] = field(default_factory=dict)
    credits: dict[str, SourceCredit] = field(default_factory=dict)


def split_off_rules(items: list[Any], path: ConfigPath, reader: PluginReader) -> SourceRules:
    """The rules of the sources of an edition; what is wrong is noted in `reader`."""
    found = SourceRules()
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            found.sources.append(item)
            continue
        name, here = str(item.get("name")), (*path, index)
        found.sources.append({key: value for key, value in item.items() if key not in COMMON_KEYS})
        tier = item.get("tier", DEFAULT_TIER)
        if tier not in TIERS or isinstance(tier, bool):
            reader.add_mistake((*here, "tier"), "is 1 (counts most), 2 (as others) or 3 (counts least)")
        elif tier != DEFAULT_TIER:
            found.tiers[name] = tier
        rule, credit = _read_rule(item, here, reader), _read_credit(item, here, reader)
        if rule != ArticleRule():
            found.rules[name] = rule
        if credit != SourceCredit():
            found.credits[name] = credit
    return found


def edition_rule(settings: EditionSettings, path: ConfigPath, reader: PluginReader) -> ArticleRule:
    """Which articles an edition takes; a theme's queries are read as well, so that their mistakes are told."""
    for number, theme in enumerate(settings.themes):
        for key, value in (("include", theme.include), ("exclude", theme.exclude)):
            if isinstance(value, str):
                _read_query(value, (*path, "themes", number, key), reader)
    given = {"include": settings.include, "exclude": settings.exclude, "languages": list(settings.languages)}
    return _read_rule(given, path, reader)


def _read_rule(given: dict[str, Any], path: ConfigPath, reader: PluginReader) -> ArticleRule:
    languages = given.get("languages") or []
    if not isinstance(languages, list) or not all(isinstance(code, str) for code in languages):
        reader.add_mistake((*path, "languages"), "is a list of language codes, e.g. [en, de]")
        languages = []
    return ArticleRule(
        include=_read_query(given.get("include"), (*path, "include"), reader),
        exclude=_read_query(given.get("exclude"), (*path, "exclude"), reader),
        languages=tuple(code.partition("-")[0].lower() for code in languages),
    )


def _read_credit(given: dict[str, Any], path: ConfigPath, reader: PluginReader) -> SourceCredit:
    name, labels, paywall = given.get("display_name"), given.get("labels", []), given.get("paywall", False)
    if name is not None and not _is_short_line(name):
        reader.add_mistake((*path, "display_name"), f"is a line of at most {MAX_LABEL_CHARACTERS} characters")
    if not isinstance(labels, list) or not all(map(_is_short_line, labels)):
        reader.add_mistake((*path, "labels"), "is a list of short words, e.g. [opinion, official]")
        labels = []
    if not isinstance(paywall, bool):
        reader.add_mistake((*path, "paywall"), "is true or false")
    return SourceCredit(display_name=name, labels=tuple(labels), paywall=paywall is True)


def _is_short_line(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_LABEL_CHARACTERS and value.isprintable()


def _read_query(text: Any, path: ConfigPath, reader: PluginReader) -> str:
    """The text of a query, proven readable; "" where there is none."""
    if text is None or text == "":
        return ""
    if not isinstance(text, str):
        reader.add_mistake(path, "is a query: a text such as 'Tarn AND NOT title:sport'")
        return ""
    try:
        parse_query(text)
    except QueryError as error:
        reader.add_mistake(path, str(error))
        return ""
    return text
