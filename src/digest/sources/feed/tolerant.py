"""Feeds in any state, read by feedparser's parsers: from bytes alone, and in linear time.

feedparser's own `parse` is not used: it opens paths and addresses, asks an installed chardet, expands entities, and
spends quadratic time on authors and categories, which nothing here needs. Its parsers do the rest unchanged.
"""

from __future__ import annotations

import calendar
import codecs
import io
import re
import xml.sax
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from digest.errors import SourceError
from digest.sources.feed.dates import EARLIEST_MOMENT, parse_loose_date, parse_standard_date
from digest.sources.feed.entry import Entry, Feed
from digest.sources.feed.sanitise import plain_text, web_address
from digest.text.charset import codec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

MAX_FEED_BYTES = 5_000_000  # characters; a clean feed may have more
XML_PROLOG = re.compile(r"(?:\s++|<!--(?:[^-]|-(?!->))*+-->|<\?(?:[^?]|\?(?!>))*+\?>)*+")
DOCTYPE = re.compile(r"""<!DOCTYPE[^>\[]*(?:\[(?:[^\]"']|"[^"]*"|'[^']*')*\]\s*)?>""", re.IGNORECASE)
ENTITY_DECLARATION = re.compile(r"<!ENTITY\b")
NAMESPACE_PREFIX = re.compile(r"xmlns:([^\s=]{1,100})")
MAX_PREFIXES = 200  # namespaces; expat's adapter looks each element up among all of them
CROWDED_TAG = re.compile(r"""<\w[^\s<>/]*+(?:\s++[^\s=<>/"']++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')){500}""")
YEAR_NUMBER = re.compile(r"(?<!\d)(?:19|20)\d\d")
DATE_FIELDS = ("published", "updated")


def parse_any_feed(data: bytes, *, url: str | None = None, charset: str | None = None) -> Feed:
    """Whatever feedparser finds in `data`; raises SourceError for what is made to be expensive."""
    text = decode_feed(data, charset)
    if len(text) > MAX_FEED_BYTES:
        raise SourceError(f"not well-formed, and too large to be mended ({len(text)} characters)")
    if CROWDED_TAG.search(text) or len(set(NAMESPACE_PREFIX.findall(text))) > MAX_PREFIXES:
        raise SourceError("not a feed that can be read: elements with hundreds of attributes or namespaces")
    problems = []
    if "<!" in text:
        text, declares = _without_doctype(text)
        problems += ["declares entities of its own; they were left out"] * declares
    read, error = _run_feedparser(text, url)
    if error:
        problems.append(f"not well-formed ({plain_text(error, 80)}); read as far as it goes")
    base = url or web_address(read.feeddata.get("link"))
    return Feed(
        format=read.version or "",
        title=plain_text(read.feeddata.get("title")),
        entries=tuple(_entry_from_feedparser(dict(entry), base) for entry in read.entries),
        problems=tuple(problems),
    )


def _without_doctype(text: str) -> tuple[str, bool]:
    """`text` without its document type, and whether it declared entities."""
    prolog = XML_PROLOG.match(text)
    doctype = DOCTYPE.match(text, prolog.end() if prolog else 0)  # at one place only: linear
    if not doctype:
        return text, False
    return text[: doctype.start()] + text[doctype.end() :], bool(ENTITY_DECLARATION.search(doctype[0]))


def _run_feedparser(text: str, url: str | None) -> tuple[Any, str | None]:
    """A parser that has read `text`, and what the strict one had to say against it."""
    strict, forgiving = _safe_parsers()
    error: str | None = "entities declared in an odd place"
    if not ENTITY_DECLARATION.search(
        text
    ):  # what is left may only be text; the forgiving parser has no entities of its own
        reader = strict(url or "", None, "utf-8")
        error = _parse_strictly(reader, text)
        if error is None:
            return reader, None
    reader = forgiving(url or "", None, "utf-8", {})
    reader.feed(text)
    return reader, error


def _parse_strictly(reader: Any, text: str) -> str | None:
    """Have `reader` read `text`; the complaint when it is not well-formed."""
    sax = xml.sax.make_parser()  # noqa: S317 - no document type is left, and external entities stay closed
    sax.setFeature(xml.sax.handler.feature_namespaces, 1)
    sax.setFeature(xml.sax.handler.feature_external_ges, 0)
    sax.setContentHandler(reader)
    sax.setErrorHandler(reader)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    source.setEncoding("utf-8")
    try:
        sax.parse(source)
    except xml.sax.SAXException as error:
        return error.getMessage()
    return None


@cache
def _safe_parsers() -> tuple[Any, Any]:
    """Feedparser's strict and loose parser without what this product does not need and others may abuse."""
    from feedparser import api

    class LeanParser:
        sanitize_html = False
        resolve_relative_uris = False

        def _sync_author_detail(self, key: str = "author") -> None:
            """No search for addresses in names."""

        def _add_tag(self, term: object, scheme: object, label: object) -> None:
            """No tags."""

        def _start_category(self, attrs_d: object) -> None:  # noqa: ARG002
            self.push("category", 1)  # type: ignore[attr-defined]

        def _discard_category(self) -> None:
            self.pop("category")  # type: ignore[attr-defined]

        _start_dc_subject = _start_keywords = _start_itunes_keywords = _start_media_category = _start_category
        _end_category = _end_dc_subject = _end_keywords = _discard_category
        _end_itunes_keywords = _end_media_category = _discard_category

    return type("Strict", (LeanParser, api.StrictFeedParser), {}), type("Loose", (LeanParser, api.LooseFeedParser), {})


def _entry_from_feedparser(entry: dict[str, Any], base: str | None) -> Entry:
    content, is_html = _longest_content(entry)
    identity = entry.get("id")
    published = _publication_date(entry)
    return Entry(
        id=str(identity) if identity else None,
        title=plain_text(entry.get("title")),
        link=web_address(entry.get("link"), base),
        published=published,
        misdated=published is None and any(entry.get(name) for name in DATE_FIELDS),
        content=content,
        html=is_html,
    )


def _longest_content(entry: dict[str, Any]) -> tuple[str, bool]:
    """The longest of the entry's texts, and whether it is HTML."""
    texts = [(part.get("value") or "", part.get("type")) for part in entry.get("content", ())]
    texts.append((entry.get("summary") or "", entry.get("summary_detail", {}).get("type")))
    text, kind = max(texts, key=lambda pair: len(pair[0]))
    return text, kind != "text/plain"


def _publication_date(entry: dict[str, Any]) -> datetime | date | None:
    """When the entry appeared, else when it was changed. feedparser's reading counts only with a year in the text:
    without one it takes today's.
    """
    for name in DATE_FIELDS:
        text, parsed = str(entry.get(name) or ""), entry.get(f"{name}_parsed")
        if day := parse_standard_date(text):
            return day
        if parsed and YEAR_NUMBER.search(text):
            try:
                moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
            except (ValueError, OverflowError, OSError):
                continue
            return moment if moment >= EARLIEST_MOMENT else None
    return next((day for name in DATE_FIELDS if (day := parse_loose_date(str(entry.get(name) or "")))), None)


DECLARED_ENCODING = re.compile(
    rb"""\s*<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})["']""", re.IGNORECASE
)
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,1000}>")
GUESSED_BYTES = 20_000  # bytes to guess from
# First bytes of `<?` or a mark, as in XML 1.0, appendix F.1.
BYTE_ORDER_MARKS = (
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\xfe\xff", "utf-16"),
    (b"\xff\xfe", "utf-16"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"<\x00r\x00", "utf-16-le"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)


def decode_feed(data: bytes, charset: str | None = None) -> str:
    """The text of `data` without its XML declaration.

    Believed in this order, each only if all bytes fit: a byte order mark, `charset` (from the transport), the XML
    declaration, UTF-8; else a guess from the bytes, then Windows-1252.
    """
    for name in _charset_proposals(data, charset):
        try:
            text = data.decode(name)
        except (UnicodeError, LookupError):
            continue
        return _without_declaration(text.removeprefix("\ufeff"))
    return _without_declaration(data.decode(_guess_charset(data), "replace"))


def _without_declaration(text: str) -> str:
    declaration = XML_DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _charset_proposals(data: bytes, charset: str | None) -> Iterator[str]:
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            yield name
    declared = DECLARED_ENCODING.match(data)
    for proposed in (charset, declared[1].decode("ascii", "replace") if declared else None, "utf-8"):
        if proposed and (usable := codec(proposed)):
            yield usable


def _guess_charset(data: bytes) -> str:
    """The charset that the bytes look like; the sample is small because guessing is slow."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:GUESSED_BYTES]).best()
    return best.encoding if best else "cp1252"
