"""What is told: a story, its place under a theme, the sentences that stand for it. The nouns of dedupe, group and summarise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from digest.errors import VerbatimError
from digest.model.documents import Article

OTHER_KEY, OTHER_NAME = "other", "Other"  # the theme of stories that fit no theme; it stands last
DEFAULT_TIER = 2  # of a source that says nothing: 1 counts most, 3 least


class Relation(StrEnum):
    """What an article is to the lead of its story."""

    LEAD = "lead"
    COPY = "copy"  # the same text elsewhere
    EXCERPT = "excerpt"  # a part of the lead's text
    UPDATE = "update"  # an earlier or later revision of the lead
    REPORT = "report"  # another report of the same event, in its own words
    MERGED = "merged"  # an editor says that it tells the same story


class Form(StrEnum):
    """How a story is printed."""

    LEAD = "lead"  # the day's first: headline and a full summary
    CARD = "card"  # headline and a short summary
    LINE = "line"  # the headline alone


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
    event: str = ""  # identity of the event, the same in every issue that tells it
    update: bool = False  # an earlier form of it came in before, and there is something new
    first_told: datetime | None = None  # when readers first had it; None: not yet
    news: frozenset[str] = frozenset()  # of an update: the sentences that no earlier text and no earlier issue had

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
    importance: tuple[ScoreTerm, ...] = ()  # the addends of how much it matters
    sources: tuple[Article, ...] = ()  # the first article of each independent source, the lead's first
    days: Mapping[str, int] = field(default_factory=dict)  # ISO day -> independent sources that told it, today's last
    pinned: bool = False  # an editor put it first

    @property
    def weight(self) -> float:
        """How much the story matters: the sum of its addends."""
        return sum(term.weight for term in self.importance)


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
class Length:
    """How long an issue may be."""

    minutes: float | None = 8  # of reading, at 230 words a minute; None: no limit
    stories: int | None = None  # told with sentences
    per_theme: int | None = None  # told in one theme
    per_source: int | None = None  # told with a lead of one publisher
    max_age: float | None = None  # days since the newest report of a story


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
    form: Form = Form.CARD

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
