"""The words of an issue that are not quoted, in the language of the edition."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from digest.errors import TemplateError
from digest.model import OTHER_KEY

if TYPE_CHECKING:
    import datetime

    from digest.model import Section
    from digest.stages.render.templates import TemplateFolders

FALLBACK_LANGUAGE = "en"
NumberForms = tuple[str, str]  # for one and for any other number


# Words that tables made for releases before 0.2 do not have.
FALLBACK_WORDS: dict[str, Any] = {
    "sources": ("{n} source", "{n} sources"),
    "more_sources": ("{n} more", "{n} more"),
    "first_told": "first told {day}",
    "all_stories": "Stories",
    "stories_of": "{n} of {all} stories",
    "paywall": "paywall",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strings:
    """One table of `templates/strings`. `{n}` is a number; the other marks stand in en.toml."""

    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    date: str
    day: str
    brief_day: str
    number: str
    top: str
    minutes_read_forms: NumberForms
    minutes_forms: NumberForms
    minutes_long_forms: NumberForms
    also: str
    update: str
    our_headline: str
    more_forms: NumberForms
    coverage: str
    other: str
    end: str
    stories_forms: NumberForms
    themes_forms: NumberForms
    verbatim: str
    why: str
    unsubscribe: str
    preferences: str
    archive: str
    sources_forms: NumberForms
    more_sources_forms: NumberForms
    first_told: str
    all_stories: str
    stories_of: str
    paywall: str

    def theme(self, section: Section, *, alone: bool = False) -> str:
        """A theme's name as configured or found; that of the stories without a theme in the edition's language.

        Where no story has a theme (`alone`) they are no others.
        """
        return section.name if section.key != OTHER_KEY else self.all_stories if alone else self.other

    def minutes_read(self, n: int) -> str:
        return _count_form(self.minutes_read_forms, n)

    def minutes(self, n: int) -> str:
        return _count_form(self.minutes_forms, n)

    def more(self, n: int) -> str:
        return _count_form(self.more_forms, n)

    def sources(self, n: int) -> str:
        return _count_form(self.sources_forms, n)

    def more_sources(self, n: int) -> str:
        return _count_form(self.more_sources_forms, n)

    def long_date(self, moment: datetime.date) -> str:
        """The date of the issue, with its weekday."""
        return self.date.format(
            weekday=self.weekdays[moment.weekday()],
            day=moment.day,
            month=self.months[moment.month - 1],
            year=moment.year,
        )

    def short_date(self, moment: datetime.date) -> str:
        """The date of an article."""
        return self.day.format(day=moment.day, month=self.months_short[moment.month - 1], year=moment.year)

    def brief_date(self, moment: datetime.date) -> str:
        """A date without its year, for a narrow cell."""
        return self.brief_day.format(day=moment.day, month=self.months_short[moment.month - 1])

    def that_is_all(self, stories: int, themes: int, minutes: int, *, available: int = 0) -> str:
        """The last line: what was printed, of how many stories where there were more."""
        more = available > stories
        return self.end.format(
            stories=self.stories_of.format(n=stories, all=available)
            if more
            else _count_form(self.stories_forms, stories),
            themes=_count_form(self.themes_forms, themes),
            minutes=_count_form(self.minutes_long_forms, minutes),
        )


def read_strings(folders: TemplateFolders, language: str) -> Strings:
    """The table of a language (ISO 639-1)."""
    name = f"strings/{language}.toml"
    part = folders.find_file(name)
    try:
        table = tomllib.loads(part.text)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"{part.path}: {error}") from error
    values: dict[str, Any] = {}
    for field in fields(Strings):
        key = field.name.removesuffix("_forms")
        if key not in table and key in FALLBACK_WORDS:
            values[field.name] = FALLBACK_WORDS[key]
            continue
        if key not in table:
            raise TemplateError(f"{part.path}: {key} is missing")
        value = table[key]
        values[field.name] = tuple(value) if isinstance(value, list) else value
    return Strings(**values)


def _count_form(forms: NumberForms, n: int) -> str:
    return forms[0 if n == 1 else 1].format(n=n)
