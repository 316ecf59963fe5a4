"""How an article is credited: by whom, and when it was published."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from digest.render.scrub import clean, cut, host_of, link

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from digest.model import Article

LONGEST_NAME = 80  # characters of themes, publishers, authors


def source_name(article: Article) -> str:
    """Who published an article: the publisher, else the host of its address, else the configured source."""
    name = article.publisher or host_of(link(article.url)) or article.source
    return cut(clean(name), LONGEST_NAME)


def day_of(article: Article, zone: ZoneInfo) -> date | None:
    """The day an article was published: as printed, or in the edition's zone when its moment is known."""
    moment = article.published
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()
