"""issues: what another edition told, from its saved issues: a week out of the dailies.

Every event that was told with sentences comes once, by the lead of each issue that told it; the articles are taken whole from
`explain.json`, so that a longer edition chooses its own sentences. What was only named, or left out, does not come.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from digest.net.context import FetchContext

MAX_FILE_BYTES = 100_000_000  # of an issue's data


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuesSource:
    """The told stories of another edition's saved issues."""

    name: str  # unique in the edition
    edition: str  # key of the edition whose issues are read
    path: Path = Path("issues")  # folder of saved issues
    days: int = 7  # how far back

    def fetch(self, visit: FetchContext) -> Iterator[Raw | Problem]:
        """Articles of the issues of the last days, oldest issue first; raises SourceError when there is no issue at all."""
        folder = self.path / self.edition
        if not folder.is_dir():
            raise SourceError(f"{self.name}: {folder} holds no saved issue; see its path: and edition:")
        newest: dict[str, Raw] = {}
        for issue in sorted(folder.iterdir()):
            if not self._is_recent(issue.name, visit.now):
                continue
            try:
                told, documents = _read_json(issue / "issue.json"), _read_json(issue / "explain.json")
                newest |= {raw.key: raw for raw in self._told_articles(told, documents)}
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                message = f"cannot be read: {type(error).__name__}"
                yield Problem(stage="collect", subject=f"{self.name}: {issue.name}", message=message)
        yield from newest.values()

    def _is_recent(self, slot: str, now: datetime) -> bool:
        try:
            day = date.fromisoformat(slot[:10])
        except ValueError:
            return False
        return timedelta(0) <= now.date() - day <= timedelta(days=self.days)

    def _told_articles(self, issue: Mapping[str, Any], evidence: Mapping[str, Any]) -> Iterator[Raw]:
        documents = {document["key"]: document for document in evidence["documents"]}
        for section in issue["sections"]:
            for story in section["stories"]:
                if story["sentences"] and story["id"] in documents:
                    yield self._raw_from_story(story, documents[story["id"]])

    def _raw_from_story(self, story: Mapping[str, Any], document: Mapping[str, Any]) -> Raw:
        paragraphs = [piece["text"] for piece in document["pieces"] if piece["paragraph"] is not None]
        return Raw(
            source=self.name,
            key=str(story["id"]),
            kind=DocumentKind.HTML,
            body=_page_of_story(story, paragraphs).encode("utf-8", "replace"),
            charset="utf-8",
            title=story["title"],
            url=story.get("url"),
            published=_printed_date(story.get("published")),
        )


def _page_of_story(story: Mapping[str, Any], paragraphs: list[str]) -> str:
    """The article as a page that says of itself what the issue knew of it."""
    claims = {"og:site_name": story.get("publisher"), "author": story.get("byline")}
    head = "".join(
        f'<meta name="{name}" property="{name}" content="{escape(value)}">' for name, value in claims.items() if value
    )
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    title = escape(story["title"])
    language = escape(str(story.get("language") or ""))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


def _printed_date(text: str | None) -> datetime | date | None:
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == len("2026-11-23") else datetime.fromisoformat(text)


def _read_json(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError("too large")
    data: dict[str, Any] = json.loads(path.read_bytes())
    return data
