"""What a page says about itself: JSON-LD, meta elements, headings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from digest.text.boilerplate import comparison_key
from digest.text.dates import parse_iso_date
from digest.text.normalise import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from lxml.html import HtmlElement

MAX_JSON_CHARACTERS = 1_000_000  # characters of one JSON-LD element
TITLE_SEPARATOR = re.compile(r"\s+(?:[|•·»«›‹:]|[-–—])\s+")
AUTHOR_MARK = re.compile(r"(?:^|[\s_-])(?:author|autor|byline|writer|verfasser|redakteur)(?:$|[\s_-])", re.IGNORECASE)
AUTHOR_PREFIX = re.compile(
    r"^(?:(?:written |posted |published )?by|von|vom|par|por|di|a cura di|door|text|autor(?:in)?|author|auteur|autore|"
    r"(?:view |zeige |alle )?(?:all |alle )?(?:posts|beiträge|artikel) (?:by|von))\b[\s:]*",
    re.IGNORECASE,
)
AUTHOR_SUFFIX = re.compile(
    r"\s*(?:[|•·–]\s.*|\bstand\b.*|\bam \d.*|\bon \w+ \d.*|\d{1,2}[./]\s?\d{1,2}[./].*|,? (?:updated|aktualisiert).*)$",
    re.IGNORECASE,
)
NOT_A_NAME = re.compile(
    r"[*@():]|://|\d{3}|\bsagt\b|\bsays\b|\bread\b", re.IGNORECASE
)  # of a form, a comment, an address
GENERIC_AUTHORS = frozenset(
    {
        *"admin administrator themegrill editor webmaster user author autor unknown name guest root human staff".split(),
        "veröffentlicht am",
    }
)
ARTICLE_TYPES = frozenset(
    """
    article newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle report
    socialmediaposting liveblogposting techarticle scholarlyarticle webpage advertisercontentarticle
    """.split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupClaims:
    """The markup's own statements, unchecked; None where it makes none."""

    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: datetime | date | None = None
    url: str | None = None
    language: str | None = None
    standfirst: str | None = None


def read_claims(root: HtmlElement, url: str | None = None, extra: Sequence[tuple[str, float]] = ()) -> MarkupClaims:
    """Everything the page's markup says about its article."""
    meta, data = _meta_contents(root), list(_json_ld_items(root))
    articles = [item for item in data if _item_type(item) in ARTICLE_TYPES] or []
    publisher = one_line(meta.get("og:site_name")) or _name_of(_first_value(articles, "publisher"))
    published = (
        parse_iso_date(_first_string(_first_value(articles, "datePublished")))
        or parse_iso_date(meta.get("article:published_time"))
        or parse_iso_date(
            meta.get("datepublished") or meta.get("date") or meta.get("dc.date.issued") or meta.get("dc.date")
        )
    )
    language = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()[:2]
    link = _canonical_url(root, meta)
    host = _host_name(link or url or "").removeprefix("www.")
    return MarkupClaims(
        title=_page_title(root, meta, articles, SiteNames(publisher or "", host)),
        byline=best_author([*_author_claims(root, meta, articles), *extra], SiteNames(publisher or "", host)),
        publisher=publisher,
        published=published,
        url=link,
        language=language if language.isalpha() and len(language) == 2 else None,
    )


def _meta_contents(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content.strip())
    return found


def _json_ld_items(root: HtmlElement) -> Iterator[dict[str, object]]:
    for element in root.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            loaded = json.loads((element.text or "")[:MAX_JSON_CHARACTERS].strip(), strict=False)
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


def _item_type(item: dict[str, object]) -> str:
    kind = item.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind).lower()


def _first_value(items: list[dict[str, object]], key: str) -> object:
    return next((item[key] for item in items if item.get(key)), None)


def _first_string(value: object) -> str | None:
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


def _page_title(
    root: HtmlElement, meta: dict[str, str], articles: list[dict[str, object]], site: SiteNames
) -> str | None:
    """The title by vote: what a reader sees as the heading counts most, machine-readable copies confirm it."""
    element = next(root.iter("title"), None)
    whole = one_line("".join(element.itertext())) if element is not None else None
    segments = [comparison_key(part) for part in TITLE_SEPARATOR.split(whole or "")]
    tails = set(segments[1:]) if len(segments) > 1 else set()
    heads = [one_line("".join(head.itertext())) for head in list(root.iter("h1"))[:5]]
    heads = [head for head in heads if head and comparison_key(head) not in tails and not site.is_site_name(head)]
    found = [(head, 2.0 if len(heads) == 1 else 1.0) for head in heads if head]
    for value in (
        _first_string(_first_value(articles, "headline")),
        meta.get("og:title"),
        meta.get("twitter:title"),
        whole,
    ):
        text = one_line(value)
        if text:
            found.append((site.strip_from_title(text), 1.0))
    return _most_voted_title(found)


def _most_voted_title(found: list[tuple[str, float]]) -> str | None:
    """The title with most weight behind it; a longer one that begins with it agrees a little. The first wins a tie."""
    keys = [(comparison_key(title), weight) for title, weight in found]

    def votes_for(key: str) -> float:
        return sum(
            weight if other == key else 0.6 if len(key) > 12 and other.startswith(key) else 0 for other, weight in keys
        )

    ranked = sorted(range(len(found)), key=lambda at: (-votes_for(keys[at][0]), at))
    return found[ranked[0]][0] if ranked else None


@dataclass(frozen=True, slots=True)
class SiteNames:
    """What a page's site calls itself, to be told from titles and authors."""

    name: str
    host: str

    def is_site_name(self, text: str) -> bool:
        """The text is nothing but the site's name or host."""
        key = comparison_key(text).replace(" ", "")
        host = self.host.replace("-", "").replace(".", "")
        return bool(key) and (
            key == comparison_key(self.name).replace(" ", "") or (len(key) > 3 and host.startswith(key))
        )

    def strip_from_title(self, title: str) -> str:
        """`title` without the site's name behind or before a bar, a dash or a colon-like sign."""
        marks = list(TITLE_SEPARATOR.finditer(title))
        for mark in marks:
            rest = title[mark.end() :]
            if self.is_site_name(TITLE_SEPARATOR.split(rest)[0]) or (
                self.name and comparison_key(rest) == comparison_key(self.name)
            ):
                return title[: mark.start()]
        if marks and self.is_site_name(title[: marks[0].start()]):
            return title[marks[0].end() :]
        wide = re.fullmatch(r"(.{8,}[^\x00-\x7f])[-_|–—](\S{2,8})", title)
        return wide[1] if wide and not wide[2].isascii() else title


def _author_claims(
    root: HtmlElement, meta: dict[str, str], articles: list[dict[str, object]]
) -> Iterator[tuple[str, float]]:
    """Everything that claims to be the author, with the trust it earns by its place."""
    named = _name_of(_first_value(articles, "author"))
    if named:
        yield named, 1.5
    several = [
        element.get("content") or ""
        for element in root.iter("meta")
        if (element.get("name") or "").lower() == "citation_author"
    ]
    if several:
        yield "; ".join(one_line(name, 100) or "" for name in several[:20]), 2.0
    for key in ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl"):
        if meta.get(key):
            yield meta[key], 1.0
    yield from _visible_authors(root)


def _visible_authors(root: HtmlElement) -> Iterator[tuple[str, float]]:
    """Texts of elements that are marked as an author's, comments aside; the first ones are trusted most."""
    seen = 0
    for element in root.iter("a", "span", "p", "div", "address", "li", "strong", "em", "cite"):
        marks = " ".join((element.get("rel") or "", element.get("itemprop") or "", element.get("class") or ""))
        if not AUTHOR_MARK.search(marks) or "comment" in marks.lower():
            continue
        text = " ".join("".join(element.itertext()).split())
        if 2 < len(text) < 80:
            seen += 1
            yield text, 0.5 / seen
        if seen == 8:
            return


def best_author(found: list[tuple[str, float]], site: SiteNames) -> str | None:
    """The claim that reads most like people's names: not the site, not a handle, not an address."""
    best, most = None, 0.0
    names = [
        (one_line(AUTHOR_PREFIX.sub("", AUTHOR_SUFFIX.sub("", text.strip())).strip(" ,;:|–-"), 200) or "", trust)
        for text, trust in found
    ]
    for name, trust in names:
        if not name or NOT_A_NAME.search(name):
            continue
        people = [part for part in re.split(r"\s*(?:[;,&]|\band\b|\bund\b|\bet\b|\by\b)\s*", name) if part]
        full = sum(1 < len(part.split()) < 5 and part.split()[0][:1].isupper() for part in people)
        score = (
            trust
            + 1.0
            + 2.0 * (bool(people) and full * 2 >= len(people))
            + 0.5 * sum(comparison_key(name) == comparison_key(other) for other, _ in names)
        )
        score -= (
            3.0 * site.is_site_name(name)
            + 3.0 * (comparison_key(name) in GENERIC_AUTHORS)
            + 2.0 * (len(name.split()) > 14)
        )
        if score > most:
            best, most = name, score
    return best


def _canonical_url(root: HtmlElement, meta: dict[str, str]) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").lower() == "canonical":
            return _web_address(element.get("href"))
    return _web_address(meta.get("og:url"))


def _web_address(address: str | None) -> str | None:
    address = (address or "").strip()
    if not re.match(r"https?://[^\s/]+\S*$", address) or len(address) >= 2000:
        return None
    return address if _host_name(address) else None


def _host_name(address: str) -> str:
    """The host of an address; empty for one that cannot be taken apart."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
