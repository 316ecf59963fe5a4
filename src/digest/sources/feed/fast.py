"""Clean feeds, read in one pass with lxml. Whatever is not plainly clean is left to the tolerant reader.

The rule is to answer exactly as feedparser 6.0.14 would, or not at all: every construct whose reading is
open to interpretation (a second title, a relative link, an odd date, a document type) ends in `None`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.sources.feed.dates import parse_standard_date
from digest.sources.feed.entry import Entry, Feed
from digest.sources.feed.sanitise import plain_text, web_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

ATOM_NAMESPACE = "{http://www.w3.org/2005/Atom}"
CONTENT_TAG = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC_NAMESPACE = "{http://purl.org/dc/elements/1.1/}"
MEDIA_NAMESPACE = "{http://search.yahoo.com/mrss/}"

RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
OTHER_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
RSS_AT_MOST_ONCE = frozenset({"title", "link", "guid", "pubDate", "description", CONTENT_TAG, DC_NAMESPACE + "date"})
RSS_IGNORED = frozenset(
    {"author", "category", "comments", "enclosure", "source"}
    | {DC_NAMESPACE + name for name in ("creator", "subject", "rights", "publisher")}
)
IGNORED_NAMESPACES = (  # namespaces none of whose elements says what an entry's title, link, id, date or text is
    "{http://www.itunes.com/",
    "{http://purl.org/rss/1.0/modules/slash/}",
    "{http://wellformedweb.org/CommentAPI/}",
    "{http://purl.org/syndication/thread/1.0}",
    "{http://www.georss.org/georss}",
    "{http://www.w3.org/2003/01/geo/wgs84_pos#}",
    "{http://rssnamespace.org/feedburner/ext/1.0}",
    "{com-wordpress:feed-additions:1}",
    MEDIA_NAMESPACE,
)
ATOM_AT_MOST_ONCE = frozenset(
    {ATOM_NAMESPACE + name for name in ("title", "id", "published", "updated", "content", "summary")}
)
ATOM_IGNORED = frozenset({ATOM_NAMESPACE + name for name in ("author", "category", "contributor", "rights")})


class _OddError(Exception):
    """The feed needs the tolerant reader."""


def parse_clean_feed(data: bytes, *, url: str | None = None) -> Feed | None:
    """The feed in UTF-8 `data`, or None when anything in it is odd."""
    from lxml import etree

    if OTHER_ENCODING.search(data, 0, 200) or b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"xml:base" in data:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(data, parser)
        return _parse_feed(root, url)
    except (etree.XMLSyntaxError, ValueError, _OddError):
        return None


def _parse_feed(root: _Element, url: str | None) -> Feed | None:
    if root.tag == "rss":
        channel = _only_child(root, "channel")
        version = root.get("version", "")
        known = RSS_VERSIONS.get(version) or ("rss20" if version.startswith("2.") else "rss")
        entries = tuple(_parse_rss_item(item, url) for item in _find_entries(root, channel, "item"))
        return Feed(format=known, title=plain_text(channel.findtext("title")), entries=entries) if entries else None
    if root.tag == ATOM_NAMESPACE + "feed":
        entries = tuple(_parse_atom_entry(entry, url) for entry in _find_entries(root, root, ATOM_NAMESPACE + "entry"))
        return (
            Feed(format="atom10", title=plain_text(root.findtext(ATOM_NAMESPACE + "title")), entries=entries)
            if entries
            else None
        )
    return None


def _find_entries(root: _Element, parent: _Element, tag: str) -> Iterator[_Element]:
    """The entries that are children of `parent`; odd when there are others elsewhere."""
    children = parent.findall(tag)
    if len(children) != sum(1 for _ in root.iter(tag)):
        raise _OddError
    return iter(children)


def _only_child(parent: _Element, tag: str) -> _Element:
    found = parent.findall(tag)
    if len(found) != 1:
        raise _OddError
    return found[0]


def _parse_rss_item(item: _Element, url: str | None) -> Entry:
    """An RSS 0.9x or 2.0 item."""
    texts: dict[str, str] = {}
    guid_is_link = True
    for child in item:
        tag = child.tag
        if tag in RSS_AT_MOST_ONCE:
            if tag in texts or len(child):
                raise _OddError
            texts[tag] = (child.text or "").strip()
            if tag == "guid":
                guid_is_link = child.get("isPermaLink", "true") == "true"
        elif tag not in RSS_IGNORED and not _may_be_ignored(child, texts):
            raise _OddError
    link = texts.get("link") or (texts.get("guid") if guid_is_link else None)
    date = texts.get("pubDate") or texts.get(DC_NAMESPACE + "date")
    content = texts.get(CONTENT_TAG) or texts.get("description") or ""
    return _certain_entry(texts.get("guid"), texts.get("title"), link, date, content, url)


def _may_be_ignored(child: _Element, texts: dict[str, str]) -> bool:
    tag = child.tag
    if tag == ATOM_NAMESPACE + "link":
        return child.get("rel", "alternate") != "alternate"
    if tag == MEDIA_NAMESPACE + "title":
        return "title" in texts
    return tag.startswith(IGNORED_NAMESPACES)


def _parse_atom_entry(entry: _Element, url: str | None) -> Entry:
    """An Atom 1.0 entry."""
    found: dict[str, _Element] = {}
    link = None
    for child in entry:
        tag = child.tag
        if tag == ATOM_NAMESPACE + "link":
            if _is_alternate(child):
                link = child.get("href")
        elif tag in ATOM_AT_MOST_ONCE:
            if tag in found:
                raise _OddError
            found[tag] = child
        elif not (tag in ATOM_IGNORED or (tag.startswith(IGNORED_NAMESPACES) and tag != MEDIA_NAMESPACE + "title")):
            raise _OddError
    title = found.get(ATOM_NAMESPACE + "title")
    if title is None or len(title) or title.get("type", "text") not in {"text", "html"}:
        raise _OddError
    date = _leaf_text(found.get(ATOM_NAMESPACE + "published")) or _leaf_text(found.get(ATOM_NAMESPACE + "updated"))
    identity = _leaf_text(found.get(ATOM_NAMESPACE + "id"))
    content = _atom_html(found.get(ATOM_NAMESPACE + "content")) or _atom_html(found.get(ATOM_NAMESPACE + "summary"))
    return _certain_entry(identity, title.text, link or identity, date, content, url)


def _is_alternate(link: _Element) -> bool:
    return link.get("rel", "alternate") == "alternate" and link.get("type", "text/html") in {
        "text/html",
        "application/xhtml+xml",
        "html",
        "xhtml",
    }


def _leaf_text(element: _Element | None) -> str | None:
    if element is None:
        return None
    if len(element):
        raise _OddError
    return (element.text or "").strip()


def _atom_html(element: _Element | None) -> str:
    """The HTML of an Atom text construct, RFC 4287 section 3.1.1."""
    from html import escape

    from lxml import etree

    if element is None or element.get("src"):
        return ""
    kind = element.get("type", "text")
    if kind in {"html", "text/html"} and not len(element):
        return element.text or ""
    if kind in {"text", "text/plain"} and not len(element):
        return "".join(f"<p>{escape(part)}</p>" for part in (element.text or "").split("\n\n") if part.strip())
    if kind in {"xhtml", "application/xhtml+xml"} and len(element) == 1:
        return str(etree.tostring(element[0], encoding="unicode", with_tail=False))
    raise _OddError


def _certain_entry(
    identity: str | None, title: str | None, link: str | None, date: str | None, content: str, url: str | None
) -> Entry:
    """An entry of which everything is certain."""
    shown, target = plain_text(title), web_address(link, url)
    published = parse_standard_date(date) if date else None
    if not shown or not target or not target.startswith(("http://", "https://")) or (date and published is None):
        raise _OddError
    return Entry(id=identity or None, title=shown, link=target, published=published, content=content)
