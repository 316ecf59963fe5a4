"""Raw -> Article: one way for every format, and everything that is taken out is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from digest.errors import RejectedError
from digest.stages.clean.recipe import article_from_draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from digest.model import Article, Draft, Raw


class Format(Protocol):
    """Reads one kind of document into drafts; raises RejectedError when it is not of that kind at all.

    A class attribute `suffixes`, such as `(".pdf",)`, has the source `files` read files that end so.
    """

    def read(self, raw: Raw) -> Iterable[Draft]: ...


def clean(
    raw: Raw,
    *,
    formats: Mapping[str, Format],
    now: datetime | None = None,
) -> list[Article]:
    """The articles in `raw`: one, or several for a newsletter; RejectedError when nothing usable is left.

    `now` (aware) bounds plausible dates. The same input gives the same articles.
    """
    if raw.kind not in formats:
        raise RejectedError(f"no format reads {raw.kind!r} (known: {', '.join(sorted(formats))})")
    articles, refusals = [], []
    for draft in formats[raw.kind].read(raw):
        try:
            articles.append(article_from_draft(raw, draft, now=now))
        except RejectedError as error:
            refusals.append(str(error))
    if not articles:
        raise RejectedError(refusals[0] if refusals else "no article text")
    return articles
