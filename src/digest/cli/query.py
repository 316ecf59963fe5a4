"""`digest query test`: what a query means for documents at hand, before it stands in a configuration."""

from __future__ import annotations

from pathlib import Path

import click

from digest.cli.options import Console, json_option, print_json, printable_line
from digest.clock import Clock


@click.group("query", short_help="Try a query on documents.")
def command() -> None:
    """Try a query on documents.

    \b
    Example:
      digest query test '(lighthouse OR "light house") AND NOT title:sport' seeds/*.txt
    """


@command.command("test", short_help="Show which documents match a query, and by which words.")
@click.argument("query")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def test_command(query: str, files: tuple[Path, ...], *, as_json: bool) -> int:
    """Show which of FILES (texts, web pages, mails) match QUERY, and by which of their words.

    Exit code 4 when none does.

    \b
    Example:
      digest query test 'council near/5 lighthouse' seeds/*.txt
    """
    from digest.api import read_documents
    from digest.queries import find_hits, parse_query

    tree = parse_query(query)
    articles, problems = read_documents(files, now=Clock().start)
    console = Console()
    for problem in problems:
        console.warn(f"{problem.subject}: {problem.message}")
    found = [(article, find_hits(tree, article)) for article in articles]
    if as_json:
        print_json([{"id": article.key, "title": article.title, "hits": hits} for article, hits in found])
    for article, hits in found if not as_json else ():
        words = "no match" if hits is None else ", ".join(hits) or "matches"
        click.echo(printable_line(f"{article.key}: {words}"))
    return 0 if any(hits is not None for _, hits in found) else 4
