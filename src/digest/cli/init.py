"""`digest init`: a configuration to start from; nothing is ever overwritten."""

from __future__ import annotations

from pathlib import Path

import click

from digest.errors import DigestError, UsageError

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
def command(folder: Path) -> int:
    """Write config.yaml, its schema and a first article into FOLDER (default: here); never overwrite anything.

    \b
    Example:
      digest init newsletter && cd newsletter && digest build
    """
    import json

    from digest.config import schema

    if (folder / "config.yaml").exists():
        raise UsageError(f"{folder / 'config.yaml'}: is there already; nothing was changed")
    files = {
        folder / "config.yaml": CONFIG.format(zone=local_zone()),
        folder / "digest.schema.json": json.dumps(schema(), indent=2) + "\n",
        folder / "articles" / "first.txt": ARTICLE,
    }
    for path, text in files.items():
        if path.exists():
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise DigestError(f"{path}: cannot be written: {error.strerror}") from error
        click.echo(path)
    click.echo("Next: digest build", err=True)
    return 0


def local_zone() -> str:
    """The machine's IANA zone where it says one, else UTC."""
    try:
        link = Path("/etc/localtime").resolve().as_posix()
    except OSError:
        return "UTC"
    name = link.partition("zoneinfo/")[2]
    return name if name and not name.startswith(("posix", "right", "Etc/")) else "UTC"
