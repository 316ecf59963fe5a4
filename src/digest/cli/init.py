"""`digest init`: a configuration to start from; nothing is ever overwritten."""

from __future__ import annotations

from pathlib import Path

import click

from digest.errors import DigestError, UsageError

MAX_NAME_CHARACTERS = 30  # feeds that are written out one by one
SCHEMA_LINE = "# yaml-language-server: $schema=./digest.schema.json\n"
CONFIG = """\
# yaml-language-server: $schema=./digest.schema.json
# `digest config check` finds mistakes, `digest config show` prints every default.
editions:
  daily:                                    # this key stands in paths, ids and commands
    title: My digest
    language: en
    timezone: {zone}
    sources:
      - {{name: texts, type: files, path: "articles/*.txt"}}
      # - {{name: wires, type: feed, url: "https://example.org/rss"}}
    themes: []                              # e.g. - {{name: Energy, keywords: [grid, gas prices]}}
    summary: {{method: directed, sentences: 3}}
    schedule: {{cron: "0 7 * * mon-fri", catch_up: latest}}
    from: "My digest <digest@example.org>"
    subscribers: []                         # addresses, or a file: subscribers.csv
    deliver:
      - {{type: folder, path: outbox}}        # one .eml for each reader
      # - {{type: smtp, host: localhost, port: 587, tls: starttls, user: digest, password_env: SMTP_PASSWORD}}
store: sqlite:///digest.db
"""

ARTICLE = """\
The first article of your digest

Replace this file: every text file in this folder becomes an article of the next issue. The first line is its headline.

Paragraphs are separated by an empty line. What is not the article, such as share lines and photo credits, is left out.
"""


@click.command("init", short_help="Write a configuration to start from.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option(
    "--opml", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Begin with the feeds of this list."
)
@click.option("--demo", is_flag=True, help="Begin with five real articles and three themes.")
def command(folder: Path, opml: Path | None, *, demo: bool) -> int:
    """Write config.yaml, its schema and a first article into FOLDER (default: here); never overwrite anything.

    \b
    Example:
      digest init newsletter && cd newsletter && digest build
      digest init newsletter --opml feeds.opml
    """
    if opml is not None and demo:
        raise click.UsageError("--opml and --demo exclude each other")
    if (folder / "config.yaml").exists():
        raise UsageError(f"{folder / 'config.yaml'}: is there already; nothing was changed")
    files = demo_files() if demo else starting_files(opml)
    for name, text in files.items():
        if not (folder / name).exists():
            write_new_file(folder / name, text)
            click.echo(folder / name)
    where = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"Next: {where}digest build, then digest preview --open", err=True)
    return 0


def starting_files(opml: Path | None) -> dict[str, str]:
    """The files of a beginning: with the feeds of a list, or with one article."""
    config = CONFIG.format(zone=local_zone_name())
    if opml is None:
        return {"config.yaml": config, **schema_files(), "articles/first.txt": ARTICLE}
    listed = feed_source_lines(opml)
    start, end = config.index("      - {name: texts"), config.index("    themes: []")
    return {"config.yaml": config[:start] + listed + config[end:], **schema_files()}


def feed_source_lines(opml: Path) -> str:
    """The feeds of a list as sources, one line each; UsageError when there is none."""
    from digest.sources.opml import parse_opml

    listed = parse_opml(opml.read_bytes())
    if not listed.feeds:
        raise UsageError(f"{opml}: names no feed")
    if len(listed.feeds) > MAX_NAME_CHARACTERS:
        return f"      - {{name: feeds, type: opml, path: {quote_as_json(str(opml.resolve()))}}}\n"
    lines, taken = [], set[str]()
    for number, feed in enumerate(listed.feeds, 1):
        name = (feed.title or feed.url.partition("://")[2].partition("/")[0])[:60]
        name = name if name not in taken else f"{name} {number}"
        taken.add(name)
        lines.append(f"      - {{name: {quote_as_json(name)}, type: feed, url: {quote_as_json(feed.url)}}}\n")
    return "".join(lines)


def demo_files() -> dict[str, str]:
    """The five articles that come with the program, and the configuration that stands at the top of its sources."""
    from importlib.resources import files

    shipped = Path(str(files("digest"))) / "demo"
    home = shipped if shipped.is_dir() else Path(__file__).parents[3]
    texts = {f"seeds/{path.name}": path.read_text("utf-8") for path in sorted((home / "seeds").glob("*.txt"))}
    config = (home / "config.yaml").read_text("utf-8")
    return {"config.yaml": f"{SCHEMA_LINE}{config}", **schema_files(), **texts}


def schema_files() -> dict[str, str]:
    """The JSON Schema, for editors that complete and check YAML."""
    import json

    from digest.config import config_schema

    return {"digest.schema.json": json.dumps(config_schema(), indent=2) + "\n"}


def write_new_file(path: Path, text: str) -> None:
    """A new file; DigestError when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise DigestError(f"{path}: cannot be written: {error.strerror}") from error


def quote_as_json(text: str) -> str:
    """A text in double quotes, as YAML and JSON both read it."""
    import json

    return json.dumps("".join(character for character in text if character.isprintable()), ensure_ascii=False)


def local_zone_name() -> str:
    """The machine's IANA zone where it says one, else UTC."""
    try:
        link = Path("/etc/localtime").resolve().as_posix()
    except OSError:
        return "UTC"
    name = link.partition("zoneinfo/")[2]
    return name if name and not name.startswith(("posix", "right", "Etc/")) else "UTC"
