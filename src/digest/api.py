"""The library behind the command line: articles in, an issue out, in a call.

`build` needs no configuration; `load` reads one, and `digest.app` does with it what the commands do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from digest import pipeline
from digest.clock import Clock
from digest.config.edition import Config, Edition
from digest.errors import UsageError
from digest.groupers.configured import ConfiguredGrouper, ThemeRule
from digest.groupers.discovered import DiscoveredGrouper
from digest.model import Article, Budget, DocumentKind, Raw
from digest.schedule.slots import slot_at
from digest.stages.clean.recurring import drop_recurring_lines
from digest.stages.collect import CollectedDocuments

if TYPE_CHECKING:
    from digest.model import Problem
    from digest.stages.group import Grouper


def load(path: Path | str = "config.yaml") -> Config:
    """The configuration in a file; ConfigError holds every mistake, each with its line and column."""
    from digest.config import load as load_config

    return load_config(Path(path))


def build(
    articles: Iterable[str | Path | Article],
    *,
    themes: Sequence[str | ThemeRule] = (),
    title: str = "Digest",
    sentences: int = 3,
    at: datetime | None = None,
    **edition: Any,
) -> pipeline.BuiltIssue:
    """One issue of these articles: `.html` and `.text` are its letter, `.issue` is it as data, `.letter` both parts.

    An article is its text as scraped (it is cleaned), the path of a text, web page or mail, or an `Article` that is
    clean already. `themes` are names or rules; without any, themes are discovered. `sentences` is the length of a
    summary; `at` (aware) is the issue's own time, now when None: the same articles at the same time give the same
    bytes. Further keywords are fields of `Edition`. UsageError when there is no story to print.
    """
    when = Clock(at).start
    raws, clean = _split_documents(articles)
    read, problems = pipeline.clean_all(raws, now=when)
    collection = pipeline.CollectedArticles(
        collected=CollectedDocuments(raws=tuple(raws), problems=(), sources=()),
        articles=(*clean, *drop_recurring_lines(read, {})),
        problems=tuple(problems),
    )
    chosen = Edition(title=title, grouper=_grouper_of(themes), budget=Budget(sentences=sentences), **edition)
    slot = slot_at(chosen.schedule, ZoneInfo(chosen.timezone), when).label
    built = pipeline.build_issue(chosen, collection, slot=slot, at=when)
    if built.is_empty:
        reasons = "; ".join(f"{problem.subject}: {problem.message}" for problem in problems[:5])
        raise UsageError(f"there is no story to print{f': {reasons}' if reasons else ''}")
    return built


def read_documents(files: Iterable[Path], *, now: datetime) -> tuple[list[Article], list[Problem]]:
    """The clean articles of some files, and a problem for each that cannot be read; UsageError for an unknown kind."""
    raws, _ = _split_documents(files)
    return pipeline.clean_all(raws, now=now)


def _split_documents(articles: Iterable[str | Path | Article]) -> tuple[list[Raw], list[Article]]:
    """What is still to be cleaned, and what is clean; texts are numbered from 1 in the order given."""
    raws: list[Raw] = []
    clean: list[Article] = []
    for number, given in enumerate(articles, 1):
        if isinstance(given, Article):
            clean.append(given)
        elif isinstance(given, Path):
            raws.append(_raw_from_file(given))
        else:
            body = given.encode("utf-8", "surrogateescape")
            raws.append(Raw(source="given", key=str(number), kind=DocumentKind.TEXT, body=body, charset="utf-8"))
    return raws, clean


def _raw_from_file(path: Path) -> Raw:
    from digest import registry
    from digest.sources.files import KIND_BY_SUFFIX

    kinds = {**registry.kinds_by_suffix(), **KIND_BY_SUFFIX}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        raise UsageError(f"{path}: unknown kind of file; known are {' '.join(kinds)}")
    try:
        return Raw(source="given", key=path.name, kind=kind, body=path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error


def _grouper_of(themes: Sequence[str | ThemeRule]) -> Grouper:
    rules = tuple(ThemeRule(name=theme) if isinstance(theme, str) else theme for theme in themes)
    return ConfiguredGrouper(themes=rules) if rules else DiscoveredGrouper()
