"""A cleaner with every format, as the press would hand it over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from digest.formats.eml import EmlFormat
from digest.formats.html import HtmlFormat
from digest.formats.text import TextFormat
from digest.model import Article, DocumentKind, Raw
from digest.stages.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = {DocumentKind.TEXT: TextFormat(), DocumentKind.HTML: HtmlFormat(), DocumentKind.EML: EmlFormat()}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def all_articles(body: str | bytes, kind: DocumentKind = DocumentKind.TEXT, **about: object) -> list[Article]:
    content = body.encode() if isinstance(body, str) else body
    raw = Raw(source="test", key="k", kind=kind, body=content, **about)
    return clean(raw, formats=FORMATS, now=NOW)


@pytest.fixture
def articles() -> Callable[..., list[Article]]:
    return all_articles


@pytest.fixture
def article() -> Callable[..., Article]:
    return lambda *args, **about: all_articles(*args, **about)[0]
