"""`digest sources`: what an edition reads, how it fares, and changes to it that keep the configuration's comments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest import registry
from digest.cli.options import (
    Console,
    config_option,
    edition_option,
    json_option,
    load_config,
    pick_edition,
    print_json,
    printable_line,
)
from digest.clock import Clock
from digest.errors import SourceError, UsageError

if TYPE_CHECKING:
    from digest.config import Config, Edition
    from digest.stages.collect import Source


@click.group("sources", short_help="List, add, remove, test, import and export sources.")
def command() -> None:
    """List, add, remove, test, import and export sources.

    \b
    Example:
      digest sources list
    """


@command.command("list", short_help="Every source, and when it was last read.")
@config_option
@edition_option
@json_option
def list_command(config_path: Path, edition_key: str | None, *, as_json: bool) -> int:
    """Show every source with its last success and what is wrong with it.

    \b
    Example:
      digest sources list --json
    """
    config = load_config(config_path)
    editions = [pick_edition(config, edition_key)] if edition_key else list(config.editions.values())
    rows = [row for edition in editions for row in source_statuses(config, edition)]
    if as_json:
        print_json({"sources": rows})
        return 0
    for row in rows:
        state = row["failure"] or (f"last read {row['last_success']}" if row["last_success"] else "never read")
        click.echo(printable_line(f"{row['edition']}/{row['name']}  {row['type']}  {row['where']}  {state}"))
    return 0


@command.command("test", short_help="Read sources once, remembering nothing.")
@click.argument("names", nargs=-1)
@config_option
@edition_option
@json_option
def test_command(names: tuple[str, ...], config_path: Path, edition_key: str | None, *, as_json: bool) -> int:
    """Read the named sources (all without NAMES) and show what they give. Exit code 5 when one fails.

    \b
    Example:
      digest sources test wires
    """
    from digest.stages.collect import FetchContext, collect

    edition = pick_edition(load_config(config_path), edition_key)
    chosen = [source for source in edition.sources if not names or source.name in names]
    if missing := sorted(set(names) - {source.name for source in chosen}):
        raise UsageError(f"edition {edition.key!r} has no source {missing[0]!r}")
    collected = collect(chosen, FetchContext(now=Clock().start))
    if as_json:
        print_json(
            {
                "sources": [
                    {"name": summary.source, "documents": summary.raws, "failure": summary.failure}
                    for summary in collected.sources
                ],
                "problems": [{"subject": found.subject, "message": found.message} for found in collected.problems],
            }
        )
    else:
        for summary in collected.sources:
            click.echo(printable_line(str(summary)))
            for raw in [raw for raw in collected.raws if raw.source == summary.source][:5]:
                click.echo(printable_line(f"  {raw.title or raw.key}"))
    for problem in collected.problems:
        Console().warn(f"{problem.subject}: {problem.message}")
    return 5 if collected.problems else 0


@command.command("add", short_help="Add a feed, a page, a folder or a list.")
@click.argument("where")
@click.option("--name", help="Its name (default: made from the address).")
@click.option("--type", "kind", help="feed, page, sitemap, opml, files, mail (default: found out).")
@click.option("--no-check", is_flag=True, help="Do not read it first.")
@click.option("--allow-private", is_flag=True, help="It is on a private host of yours.")
@config_option
@edition_option
def add_command(
    where: str,
    name: str | None,
    kind: str | None,
    config_path: Path,
    edition_key: str | None,
    *,
    no_check: bool,
    allow_private: bool,
) -> int:
    """Add WHERE, an address or a path, to an edition; the configuration keeps its comments.

    An address is read first: a page that names a feed is added as that feed.

    \b
    Example:
      digest sources add https://news.example/ --name wires
    """
    from digest.config.sources import add_sources

    edition = pick_edition(load_config(config_path), edition_key)
    source = source_options(where, kind, allow_private=allow_private, check=not no_check)
    source["name"] = free_source_name(name or short_name(source.get("url") or where), edition, exact=name is not None)
    ordered: dict[str, Any] = {
        key: source[key] for key in ("name", "type", "url", "path", "allow_private") if key in source
    }
    add_sources(config_path, edition.key, [ordered])
    Console().note(f"added {ordered['name']} ({ordered['type']}) to {edition.key}")
    return 0


@command.command("remove", short_help="Remove a source.")
@click.argument("name")
@config_option
@edition_option
def remove_command(name: str, config_path: Path, edition_key: str | None) -> int:
    """Remove a source from an edition; the configuration keeps its comments.

    \b
    Example:
      digest sources remove wires
    """
    from digest.config.sources import remove_source

    edition = pick_edition(load_config(config_path), edition_key)
    remove_source(config_path, edition.key, name)
    Console().note(f"removed {name} from {edition.key}")
    return 0


@command.command("import", short_help="Add the feeds of an OPML list.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@config_option
@edition_option
def import_command(file: Path, config_path: Path, edition_key: str | None) -> int:
    """Add every feed of the OPML list in FILE that the edition does not read yet.

    \b
    Example:
      digest sources import subscriptions.opml
    """
    from digest.config.sources import add_sources
    from digest.sources.opml import MAX_LIST_BYTES, parse_opml

    edition = pick_edition(load_config(config_path), edition_key)
    try:
        with click.open_file(str(file), "rb") as stream:
            listed = parse_opml(stream.read(MAX_LIST_BYTES))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    except SourceError as error:
        raise SourceError(f"{file}: {error}") from error
    known = {url for source in edition.sources if (url := getattr(source, "url", None))}
    taken = {source.name for source in edition.sources}
    new: list[dict[str, Any]] = []
    for feed in listed.feeds:
        if feed.url not in known:
            name = first_free_name(short_name(feed.title or feed.url), taken)
            taken.add(name)
            new.append({"name": name, "type": "feed", "url": feed.url})
    if new:
        add_sources(config_path, edition.key, new)
    for skipped in listed.skipped:
        Console().warn(f"{file}: {skipped}")
    Console().note(f"added {len(new)} of {len(listed.feeds)} feeds to {edition.key}")
    return 0


@command.command("export", short_help="Write the feeds as an OPML list.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-")
@config_option
@edition_option
def export_command(file: Path, config_path: Path, edition_key: str | None) -> int:
    """Write the feeds of an edition as OPML 2.0 to FILE (`-`, the default, is standard output).

    \b
    Example:
      digest sources export subscriptions.opml
    """
    from digest.sources.feed import FeedSource
    from digest.sources.opml import Subscription, write_opml

    edition = pick_edition(load_config(config_path), edition_key)
    feeds = [
        Subscription(url=source.url, title=source.name) for source in edition.sources if isinstance(source, FeedSource)
    ]
    try:
        with click.open_file(str(file), "wb") as stream:
            stream.write(write_opml(edition.title, feeds))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from error
    return 0


def source_statuses(config: Config, edition: Edition) -> list[dict[str, Any]]:
    """How each source of an edition stands, as data; the store is only looked at, never made."""
    from digest.app.newsroom import open_store
    from digest.stages.collect import InMemoryState, read_source_status

    if not config.has_store():
        return [
            _source_row(edition, source, read_source_status(InMemoryState(), source.name)) for source in edition.sources
        ]
    with open_store(config) as store:
        return [
            _source_row(edition, source, read_source_status(store.source_state, source.name))
            for source in edition.sources
        ]


def _source_row(edition: Edition, source: Source, stands: Any) -> dict[str, Any]:
    where = next((getattr(source, name) for name in ("url", "path", "server") if getattr(source, name, None)), "")
    return {
        "edition": edition.key,
        "name": source.name,
        "type": registry.name_of_plugin("sources", source),
        "where": mask_secrets(str(where)),
        "last_visit": stands.visit.isoformat() if stands.visit else None,
        "last_success": stands.success.isoformat() if stands.success else None,
        "last_new": stands.new.isoformat() if stands.new else None,
        "failure": stands.failure,
    }


def mask_secrets(where: str) -> str:
    """An address without what could be secret in it."""
    from digest.net.addresses import shorten_address

    return shorten_address(where) if "://" in where else where


def source_options(where: str, kind: str | None, *, allow_private: bool, check: bool) -> dict[str, Any]:
    """The options of a source that reads `where`."""
    from digest.sources.recognise import recognise_source

    if "://" not in where:
        path = Path(where)
        suffixes = {".opml": "opml", ".mbox": "mail"}
        return {"type": kind or suffixes.get(path.suffix.lower(), "files"), "path": where}
    private = {"allow_private": True} if allow_private else {}
    if not check:
        return {"type": kind or "feed", "url": where} | private
    found, url = recognise_source(where, allow_private=allow_private)
    return {"type": kind or found, "url": url if kind in {None, "feed"} else where} | private


def short_name(text: str) -> str:
    """A short name out of an address or a title."""
    bare = re.sub(r"^[a-z]+://(www\.)?", "", text.lower())
    bare = re.sub(r"[^a-z0-9]+", "-", bare.split("?", 1)[0]).strip("-")
    return bare[:40].strip("-") or "source"


def free_source_name(name: str, edition: Edition, *, exact: bool) -> str:
    """The name, when it is free; a made one gets a number."""
    taken = {source.name for source in edition.sources}
    if exact and name in taken:
        raise UsageError(f"edition {edition.key!r} has a source {name!r} already")
    return first_free_name(name, taken)


def first_free_name(name: str, taken: set[str]) -> str:
    """`name`, else `name-2`, `name-3`, ..."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
