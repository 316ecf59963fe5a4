"""The nouns: what one stage hands to the next. Frozen data, no behaviour but proofs and keys.

    Raw -> Article -> Story -> Placement/Theme -> Brief/Section -> Issue -> Letter
Moments are aware datetimes in UTC, with one exception: `Article.published` is what the source printed, perhaps
without zone or time of day; `digest.text.dates.moment_in_utc` is the one place where a zone is assumed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from digest.errors import VerbatimError


class DocumentKind(StrEnum):
    """The built-in formats, by which the bytes of a `Raw` are read; plug-ins add others under names of their own."""

    TEXT = "text"
    HTML = "html"
    EML = "eml"


class Relation(StrEnum):
    """What an article is to the lead of its story."""

    LEAD = "lead"
    COPY = "copy"  # the same text elsewhere
    EXCERPT = "excerpt"  # a part of the lead's text
    UPDATE = "update"  # an earlier or later revision of the lead
    MERGED = "merged"  # an editor says that it tells the same story


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedArticle:
    """An article that tells the lead's story again."""

    article: Article
    relation: Relation
    overlap: float  # share of the shorter text found in the lead, 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story: its lead article, with metadata gathered from all, and the others."""

    lead: Article
    others: tuple[RelatedArticle, ...] = ()
    update: bool = False  # readers had this story before, in another form

    @property
    def key(self) -> str:
        return self.lead.key

    @property
    def articles(self) -> tuple[Article, ...]:
        return (self.lead, *(other.article for other in self.others))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTerm:
    """One addend of a score: the term as written in the article."""

    term: str
    weight: float  # the addends of a placement sum to its score
    where: str  # title, text or learnt


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a grouper puts one story. Groupers name; they cannot invent text or lose a story."""

    theme: str | None  # theme's key; None is "Other"
    name: str  # what is shown: the configured name, a discovered label, "Other"
    event: str  # key shared by the stories of one event
    score: float
    why: tuple[ScoreTerm, ...] = ()
    secondary: tuple[str, ...] = ()  # names of further themes that fit


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStory:
    """A story with its placement."""

    story: Story
    placement: Placement
    pinned: bool = False  # an editor put it first


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A named group of stories, in reading order."""

    key: str  # stable across issues: the configured key, or the identity of a discovered theme
    name: str
    stories: tuple[PlacedStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long a summary may be; with neither limit everything is allowed."""

    sentences: int | None = None
    words: int | None = None  # separated by white space


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A quotation: `text` is `paragraphs[paragraph][start:end]` of the article, to the letter."""

    text: str
    article: str  # key of the article
    paragraph: int  # index into Article.paragraphs
    start: int  # code points from the paragraph's beginning
    end: int

    def prove_verbatim(self, article: Article) -> None:
        """Raise VerbatimError unless the sentence stands in the article where it says."""
        inside = article.key == self.article and 0 <= self.paragraph < len(article.paragraphs)
        if not inside or article.paragraphs[self.paragraph][self.start : self.end] != self.text:
            raise VerbatimError(f"{self.article}: not verbatim: {self.text[:60]!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A story and the sentences that stand for it, in source order."""

    placed: PlacedStory
    sentences: tuple[Sentence, ...]
    title: str  # the article's, or made from its own words
    title_made: bool = False
    minutes: int = 1  # reading time of the whole article

    @property
    def story(self) -> Story:
        return self.placed.story


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A theme as printed: a few sentences over all its stories, then the briefs."""

    key: str
    name: str
    brief: tuple[Sentence, ...]  # may be empty: a theme of one story needs none
    briefs: tuple[Brief, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCounts:
    """What went in and what came out."""

    articles: int
    stories: int
    words: int  # words a reader of the issue reads
    minutes: int  # reading time of the issue, at 230 words a minute, at least 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number of an edition, as data."""

    edition: str  # key in the configuration
    slot: str  # local date, with the time where a day has several: 2026-11-23 or 2026-11-23T08:00
    at: datetime  # aware: the issue's own time
    timezone: str  # IANA name: the zone of the edition
    language: str
    title: str
    subject: str
    preheader: str
    top: tuple[Sentence, ...]  # TL;DR
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...] = ()
    counts: IssueCounts

    @property
    def id(self) -> str:
        """`<edition>/<slot>`, safe in paths: the colon of a time of day is left out."""
        return f"{self.edition}/{slot_path_name(self.slot)}"

    @property
    def briefs(self) -> tuple[Brief, ...]:
        return tuple(brief for section in self.sections for brief in section.briefs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An issue as it leaves: both parts complete but for the reader's own marks."""

    issue: str  # Issue.id
    slot: str
    at: datetime
    subject: str
    preheader: str
    html: str
    text: str
    language: str = "en"
    mark: str = "0reader0token0"  # stands in html and text where the reader's token goes, and nowhere else


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A subscriber."""

    email: str
    name: str | None = None
    language: str | None = None
    timezone: str | None = None
    themes: tuple[str, ...] = ()  # keys; empty means all


def slot_path_name(slot: str) -> str:
    """A slot as it stands in paths: `2026-11-23T08:00` -> `2026-11-23T0800`."""
    return slot.replace(":", "")
