"""Other people's methods with our input and output: `python -m benchmarks.peers NAME < rows > rows`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]


def trafilatura(row: Row) -> Row:
    """The best single extractor on the package index, with its own metadata."""
    from trafilatura import bare_extraction

    found = bare_extraction(
        row.get("html") or row.get("text") or "",
        url=row.get("url"),
        favor_precision=True,
        include_comments=False,
        with_metadata=True,
    )
    if found is None:
        return {"id": row["id"], "rejected": "nothing found"}
    return {
        "id": row["id"],
        "title": found.title,
        "byline": found.author,
        "published": found.date,
        "publisher": found.sitename,
        "paragraphs": (found.text or "").split("\n"),
    }


def long_lines(row: Row) -> Row:
    """Keep the lines of 80 characters and more: what most scrapers do."""
    return {"id": row["id"], "paragraphs": [line for line in row["text"].split("\n") if len(line) >= 80]}


PEERS: dict[str, Callable[[Row], Row]] = {"trafilatura": trafilatura, "long-lines": long_lines}

if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(PEERS[sys.argv[1]](json.loads(line)), ensure_ascii=False))
