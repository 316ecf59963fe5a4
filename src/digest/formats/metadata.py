"""What a page says about itself: JSON-LD, meta elements, headings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.dates import from_iso
from digest.text.furniture import loose
from digest.text.normalise import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from lxml.html import HtmlElement

MAX_JSON = 1_000_000  # characters of one JSON-LD element
SUFFIX = re.compile(r"\s+(?:[|•·»«:]|[-–—])\s+")
ARTICLES = frozenset(
    [
        "article",
        "newsarticle",
        "blogposting",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "report",
        "socialmediaposting",
        "liveblogposting",
        "techarticle",
        "scholarlyarticle",
        "webpage",
        "advertisercontentarticle",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The markup's own statements, unchecked; None where it makes none."""

    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: datetime | date | None = None
    url: str | None = None
    language: str | None = None
    standfirst: str | None = None


def read_claims(root: HtmlElement) -> Claims:
    """Everything the page's markup says about its article."""
    meta, data = _meta(root), list(_json_ld(root))
    articles = [item for item in data if _type(item) in ARTICLES] or []
    publisher = one_line(meta.get("og:site_name")) or _name_of(_first(articles, "publisher"))
    published = (
        from_iso(_text(_first(articles, "datePublished")))
        or from_iso(meta.get("article:published_time"))
        or from_iso(meta.get("datepublished") or meta.get("date") or meta.get("dc.date.issued") or meta.get("dc.date"))
    )
    language = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()[:2]
    return Claims(
        title=_vote(_titles(root, meta, articles, publisher)),
        byline=_authors(root, meta, articles),
        publisher=publisher,
        published=published,
        url=_link(root, meta),
        language=language if language.isalpha() and len(language) == 2 else None,
    )


def _meta(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content.strip())
    return found


def _json_ld(root: HtmlElement) -> Iterator[dict[str, object]]:
    for element in root.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            loaded = json.loads((element.text or "")[:MAX_JSON].strip(), strict=False)
        except (ValueError, RecursionError):
            continue
        queue: list[object] = [loaded]
        for _ in range(500):
            if not queue:
                break
            item = queue.pop(0)
            if isinstance(item, list):
                queue += item
            elif isinstance(item, dict):
                yield item
                queue += [
                    item[key]
                    for key in ("@graph", "mainEntity", "mainEntityOfPage")
                    if isinstance(item.get(key), (list, dict))
                ]


def _type(item: dict[str, object]) -> str:
    kind = item.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind).lower()


def _first(items: list[dict[str, object]], key: str) -> object:
    return next((item[key] for item in items if item.get(key)), None)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) else None


def _name_of(value: object) -> str | None:
    if isinstance(value, list):
        names = [name for one in value[:10] if (name := _name_of(one))]
        return "; ".join(dict.fromkeys(names)) or None
    if isinstance(value, dict):
        value = value.get("name")
        return _name_of(value) if isinstance(value, list) else _name_of(str(value) if value else None)
    return one_line(value, 200) if isinstance(value, str) else None


def _titles(root: HtmlElement, meta: dict[str, str], articles: list[dict[str, object]], site: str | None) -> list[str]:
    heads = [one_line("".join(element.itertext())) for element in list(root.iter("h1"))[:5]]
    element = next(root.iter("title"), None)
    whole = one_line("".join(element.itertext())) if element is not None else None
    found = [
        *heads,
        one_line(_text(_first(articles, "headline"))),
        one_line(meta.get("og:title")),
        one_line(meta.get("twitter:title")),
    ]
    return [_bare(title, site) for title in (*found, whole) if title]


def _bare(title: str, site: str | None) -> str:
    """`title` without the site's name behind (or before) a bar or a dash."""
    parts = SUFFIX.split(title)
    if site and len(parts) > 1:
        key = loose(site)
        if loose(parts[-1]) == key:
            return title[: title.rindex(parts[-1])].rstrip(" |•·»«:-–—")
        if loose(parts[0]) == key:
            return title[len(parts[0]) :].lstrip(" |•·»«:-–—")
    return title


def _vote(titles: list[str]) -> str | None:
    """The title on which most sources agree; a longer one that begins with it agrees too. The first wins a tie."""
    keys = [loose(title) for title in titles]

    def votes(key: str) -> float:
        return sum(1.0 if other == key else 0.6 if len(key) > 12 and other.startswith(key) else 0 for other in keys)

    ranked = sorted(range(len(titles)), key=lambda at: (-votes(keys[at]), at))
    return titles[ranked[0]] if ranked else None


def _authors(root: HtmlElement, meta: dict[str, str], articles: list[dict[str, object]]) -> str | None:
    named = _name_of(_first(articles, "author"))
    if named:
        return named
    for key in ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"):
        value = one_line(meta.get(key), 200)
        if value and "://" not in value:
            return re.sub(r"^by\s+", "", value, flags=re.IGNORECASE)
    for element in root.iter("a"):
        if (element.get("rel") or "").lower() == "author":
            return one_line("".join(element.itertext()), 120)
    return None


def _link(root: HtmlElement, meta: dict[str, str]) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical":
            return _web(element.get("href"))
    return _web(meta.get("og:url"))


def _web(address: str | None) -> str | None:
    address = (address or "").strip()
    return address if re.match(r"https?://[^\s/]+\S*$", address) and len(address) < 2000 else None
