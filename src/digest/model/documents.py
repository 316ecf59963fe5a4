"""What comes in: a problem, a raw document, a draft, a clean article. The nouns of collect and clean."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    """The built-in formats, by which the bytes of a `Raw` are read; plug-ins add others under names of their own."""

    TEXT = "text"
    HTML = "html"
    EML = "eml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Expected trouble that did not stop the issue, carried as data."""

    stage: str  # the verb that met it: collect, clean, ...
    subject: str  # which source, article or reader
    message: str  # one line: what happened and what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One document as a source gave it, unread."""

    source: str  # name of the source in the configuration
    key: str  # stable identity: path relative to the source's folder, guid, message-id
    kind: str  # name of the format that reads it: one of Kind, or of a plug-in
    body: bytes  # as received; decoding is the clean stage's work
    charset: str | None = None  # declared by the transport; None when it said nothing
    title: str | None = None  # from the feed or the caller; None when unknown
    url: str | None = None  # http(s) address of the document itself
    published: datetime | date | None = None  # as the feed says; see `moment_in_utc`


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedPiece:
    """A piece of a document that was judged not to be the article."""

    text: str
    reason: str  # short and stable: caption, teaser, share, separator, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a format read from a document, before anything is judged."""

    key: str  # the document's key; `<key>#1`, `<key>#2` ... when it holds several stories
    lines: tuple[str, ...]  # text in reading order, one block or line each; "" is a blank line
    framed: bool = True  # menus, captions and footers may surround the text; False: already cut away
    title: str | None = None  # what the markup claims, here and below; None where it is silent
    byline: str | None = None
    publisher: str | None = None
    published: datetime | date | None = None
    url: str | None = None
    language: str | None = None  # ISO 639-1
    standfirst: str | None = None
    truncated: bool = False  # the document says that it is cut
    dropped: tuple[DroppedPiece, ...] = ()  # what the format itself left out, where it can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One clean article. `paragraphs` is the text that every offset refers to."""

    key: str
    source: str
    title: str | None = None  # None when the document has none: nothing is made up here
    paragraphs: tuple[str, ...]  # plain text, one line each, no markup
    standfirst: str | None = None  # the summary line under the headline, when it is not in paragraphs
    byline: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: datetime | date | None = None  # as printed: aware, naive (zone unknown) or a day
    language: str = "en"  # ISO 639-1
    truncated: bool = False  # the source says that this is not the whole article
    low_confidence: bool = False  # the gentle pass was used, or too little text survived
    labels: tuple[str, ...] = ()  # what the configuration says of its source: opinion, official, ...
    paywall: bool = False  # most readers cannot open it
    dropped: tuple[DroppedPiece, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, one line each."""
        return "\n".join(self.paragraphs)

    @property
    def word_count(self) -> int:
        """Number of words separated by white space."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)

    @property
    def fingerprint(self) -> str:
        """Changes when the text changes; 16 hex digits."""
        text = "\n".join((self.title or "", *self.paragraphs))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
