"""How an article is credited: by whom, and when it was published."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from digest.stages.render.autolink import label_text
from digest.stages.render.sanitise import cut_text, host_of, safe_link

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from digest.model import Article

MAX_NAME_CHARACTERS = 80  # characters of themes, publishers, authors


def source_name(article: Article) -> str:
    """Who said it: the publisher, else the host of the address, else the author, else the configured source."""
    names = (article.publisher, host_of(safe_link(article.url)), article.byline, article.source)
    return cut_text(
        next((said for name in names if name and (said := label_text(name))), article.source), MAX_NAME_CHARACTERS
    )


def day_of(article: Article, zone: ZoneInfo) -> date | None:
    """The day an article was published: as printed, or in the edition's zone when its moment is known."""
    moment = article.published
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()
