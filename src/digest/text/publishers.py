"""Publishers as readers know them: one key for `Al Jazeera` and `aljazeera.com`, one house for outlets of one owner."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.model import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.model import Article, Story

IN_OWN_WORDS = frozenset({Relation.LEAD, Relation.REPORT, Relation.UPDATE, Relation.MERGED})
HOST_NAME = re.compile(r"(?:www\.)?([a-z0-9-]+)(?:\.(?:com?|org|net|gov|ac|edu))?\.[a-z]{2,}")


def publisher_key(name: str) -> str:
    """A key that `Al Jazeera` and `aljazeera.com` have in common."""
    host = HOST_NAME.fullmatch(name.lower())
    letters = "".join(character for character in (host[1] if host else name.lower()) if character.isalnum())
    return letters.removeprefix("the") or name


def is_host_name(name: str) -> bool:
    """True for a name that is only an address."""
    return bool(HOST_NAME.fullmatch(name.lower()))


def article_publisher(article: Article) -> str:
    """Who published an article: the publisher's name, else the host of its address, else the configured source."""
    try:
        host = urlsplit(article.url or "").hostname or ""
    except ValueError:  # a broken address names no host
        host = ""
    return article.publisher or host.removeprefix("www.") or article.source


def article_house(article: Article, houses: Mapping[str, str]) -> str:
    """The owner of an article's publisher (`houses`: key of a publisher -> owner), or the publisher's own key."""
    key = publisher_key(article_publisher(article))
    return houses.get(key, key)


def independent_sources(story: Story, houses: Mapping[str, str]) -> tuple[Article, ...]:
    """The first article of each house that tells the story in words of its own, the lead's first.

    A copy adds nothing: it is the text of the house that wrote it.
    """
    reports = (story.lead, *(other.article for other in story.others if other.relation in IN_OWN_WORDS))
    found: dict[str, Article] = {}
    for article in reports:
        found.setdefault(article_house(article, houses), article)
    return tuple(found.values())


def houses_by_publisher(further: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """Key of a publisher -> its house: the shipped list, then an edition's own (house -> names), which wins."""
    found = dict(_shipped_houses())
    for house, names in (further or {}).items():
        found |= {publisher_key(name): house for name in names}
    return found


@cache
def _shipped_houses() -> dict[str, str]:
    import tomllib

    listed = tomllib.loads((files("digest.text") / "houses.toml").read_text("utf-8"))
    return {publisher_key(name): house for house, names in listed.items() for name in names}
