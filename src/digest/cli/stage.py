"""`digest stage`: one stage alone, JSON Lines in and out. The product's debugging and benchmarking door."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.errors import DigestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Row = dict[str, Any]

KEEP_OUT = {"text", "html", "eml", "paragraphs", "documents", "sentences"}  # inputs that the answers do not repeat


@click.group("stage", short_help="Run one stage alone, JSON Lines in and out.")
def command() -> None:
    """Run one stage alone: JSON Lines on stdin, JSON Lines on stdout, order kept, unknown keys carried through.

    A broken line is answered with {"id": null, "error": ...}, a row that does not fit the stage with its id and the
    error, and the others go on.

    \b
    Example:
      echo '{"id": "a", "text": "Title\\n\\nA first sentence."}' | digest stage clean
    """


@command.command("clean", short_help="text, html or eml -> articles")
def clean_command() -> None:
    """Clean documents: {"id", "text" | "html" | "eml", "url"?, "title"?} -> articles.

    \b
    Example:
      digest stage clean < documents.jsonl > articles.jsonl
    """
    from digest import registry
    from digest.errors import RejectedError
    from digest.stages.clean import clean
    from digest.stages.jsonl import raw_from_row, row_from_article

    formats = registry.load_formats()

    def answer(row: Row) -> Iterator[Row]:
        try:
            for article in clean(raw_from_row(row), formats=formats):
                yield row_from_article(article)
        except RejectedError as error:
            yield {"id": row.get("id"), "rejected": str(error)}

    answer_rows_singly(answer)


@command.command("dedupe", short_help="articles -> which story each tells")
def dedupe_command() -> None:
    """Find the articles that tell one story in the same words.

    \b
    Example:
      digest stage clean < documents.jsonl | digest stage dedupe
    """
    from digest.stages.jsonl import dedupe_rows

    answer_rows_together(dedupe_rows)


@command.command("group", short_help="articles -> theme, event and why")
@click.option(
    "--themes", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="YAML file with `themes:`."
)
@click.option("--discover", is_flag=True, help="Find themes without names (the default without --themes).")
def group_command(themes: Path | None, *, discover: bool) -> None:
    """Place articles in themes, each with its reasons.

    \b
    Example:
      digest stage group --themes themes.yaml < articles.jsonl
    """
    from digest.config import read_grouper_file
    from digest.stages.jsonl import group_rows

    grouper = read_grouper_file(themes, discover=discover)
    answer_rows_together(lambda rows: group_rows(rows, grouper))


@command.command("summarise", short_help="articles -> verbatim sentences")
@click.option("--sentences", type=click.IntRange(1, 1000), help="How many sentences to choose (default: 3).")
@click.option("--words", type=click.IntRange(1, 100_000), help="At most so many words instead.")
@click.option("--method", default="directed", show_default=True, help="directed, lead or sumy-NAME.")
def summarise_command(sentences: int | None, words: int | None, method: str) -> None:
    """Choose the sentences that stand for an article, or for several documents together.

    \b
    Example:
      digest stage summarise --sentences 3 < articles.jsonl
    """
    from digest.config import summariser_named
    from digest.stages.jsonl import summarise_row
    from digest.stages.summarise import Budget

    if sentences and words:
        raise click.UsageError("--sentences and --words exclude each other")
    summariser = summariser_named(method)
    budget = Budget(sentences=sentences or (None if words else 3), words=words)

    def answer(row: Row) -> Iterator[Row]:
        yield {**summarise_row(row, summariser, budget), "method": method}

    answer_rows_singly(answer)


def answer_rows_singly(answer: Callable[[Row], Iterable[Row]]) -> None:
    """Answer each line as it comes."""
    for row in read_rows():
        if "error" in row:
            write_row(row)
            continue
        try:
            for result in answer(row["row"]):
                write_row(carry_unknown_keys(row["row"], result))
        except (DigestError, TypeError, ValueError, KeyError) as error:
            write_row(failed_row(row["row"], str(error)))


def answer_rows_together(answer: Callable[[list[Row]], list[Row]]) -> None:
    """Read every line, answer them together, keep their order and the places of broken ones."""
    from digest.stages.jsonl import article_row_fault

    read = [check_row(row, article_row_fault) for row in read_rows()]
    good = [row["row"] for row in read if "row" in row]
    results = iter(zip(good, answer(good), strict=True))
    for row in read:
        if "row" in row:
            given, result = next(results)
            write_row(carry_unknown_keys(given, result))
        else:
            write_row(row)


def check_row(row: Row, misfit: Callable[[Row], str | None]) -> Row:
    """The row, or its error when it does not fit."""
    why = misfit(row["row"]) if "row" in row else None
    return failed_row(row["row"], why) if why else row


def failed_row(given: Row, why: str) -> Row:
    """The answer for a row that a stage cannot use; an error that an earlier stage noted is kept."""
    earlier = given.get("error")
    return carry_unknown_keys(
        given, {"error": earlier if isinstance(earlier, str) else f"does not fit this stage: {why}"}
    )


def read_rows() -> Iterator[Row]:
    """{"row": object} for each line of stdin, {"id": None, "error": why} for a line that is none."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_constant=refuse_constant, parse_float=parse_finite_number)
        except (ValueError, RecursionError) as error:
            yield {"id": None, "error": f"line {number}: is not JSON: {str(error)[:100]}"}
            continue
        if isinstance(row, dict) and isinstance(row.get("id"), (str, int)):
            yield {"row": row}
        else:
            yield {"id": None, "error": f"line {number}: is not an object with an id"}


def parse_finite_number(written: str) -> float:
    """The number, unless it is too large for one: it would be printed as Infinity, which is not JSON."""
    number = float(written)
    return number if math.isfinite(number) else refuse_constant(written)


def refuse_constant(written: str) -> float:
    """NaN and Infinity are Python's, not JSON's."""
    raise ValueError(f"{written[:20]} is no number")


def carry_unknown_keys(given: Row, result: Row) -> Row:
    """The result with the keys of the input that no stage knows, and an id that is a number still a number."""
    own = {"id": given["id"]} if result.get("id") == str(given["id"]) else {}
    return {**{key: value for key, value in given.items() if key not in KEEP_OUT}, **result, **own}


def write_row(row: Row) -> None:
    """One line of JSON; lone surrogates, which JSON may hold and UTF-8 may not, become question marks."""
    line = json.dumps(row, ensure_ascii=False)
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
