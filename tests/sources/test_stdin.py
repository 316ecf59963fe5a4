from __future__ import annotations

import io
import sys
from datetime import UTC, datetime

import pytest

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.context import FetchContext
from digest.sources.stdin import StdinSource


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> object:
    def pipe(data: bytes, **options: object) -> list[Raw | Problem]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return list(StdinSource(**options).fetch(FetchContext(now=datetime(2026, 11, 21, tzinfo=UTC))))  # type: ignore[arg-type]

    return pipe


def test_one_document_is_taken_as_it_is(piped) -> None:  # type: ignore[no-untyped-def]
    (raw,) = piped(b"Caf\xe9\n", kind=DocumentKind.HTML)
    assert (raw.key, raw.kind, raw.body) == ("stdin", DocumentKind.HTML, b"Caf\xe9\n")


def test_json_lines_are_many(piped) -> None:  # type: ignore[no-untyped-def]
    got = piped(b'{"id": "a", "text": "T", "title": "X"}\n\n{"html": "<p>\\ud800"}\nbroken\n{"id": 1}\n')
    assert [(raw.key, raw.kind, raw.title) for raw in got[:2]] == [
        ("a", DocumentKind.TEXT, "X"),
        ("line 3", DocumentKind.HTML, None),
    ]
    assert [found.subject for found in got[2:]] == ["stdin: line 4", "stdin: line 5"]


@pytest.mark.parametrize(("data", "message"), [(b" \n", "empty"), (b"x" * 11, "more than max_bytes")])
def test_nothing_and_too_much_are_refused(piped, data: bytes, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceError, match=f"^stdin: .*{message}"):
        piped(data, max_bytes=10)
