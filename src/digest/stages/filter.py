"""Filter: what an edition does not want, and what is no news by its make, is left out, each with its reason.

A gallery is mostly captions. A briefing or a call to sign up is short, speaks to its readers or of its editors, and has no
sentence of news: none with a name or a number that does not speak to the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.queries import find_hits, matches_query, parse_query
from digest.text.cues import language_cues
from digest.text.language import detect_language
from digest.text.novelty import names_and_numbers
from digest.text.quoting import split_article
from digest.text.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digest.model import Article

LANGUAGE_SAMPLE = 3_000  # characters that tell the language
MAX_SHOWN_HITS = 3  # words that a reason names
MAX_WORDS_WITHOUT_NEWS = 120  # a longer text is somebody's work, whatever it names
CAPTION_SHARE = 0.5  # of a document's words that are captions: a gallery

NO_NEWS = "holds no sentence of news: a briefing, a call or a teaser"
GALLERY = "a gallery: mostly captions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRule:
    """What an edition, or one of its sources, takes."""

    include: str = ""  # a query that an article must match
    exclude: str = ""  # one that it must not match
    languages: tuple[str, ...] = ()  # ISO 639-1; empty: all

    def objection_to(self, article: Article) -> str:
        """Why an article is not taken; "" when it is."""
        if self.include and not matches_query(parse_query(self.include), article):
            return "matches no `include:`"
        if self.exclude and (hits := find_hits(parse_query(self.exclude), article)) is not None:
            return f"matches `exclude:`{': ' + ', '.join(hits[:MAX_SHOWN_HITS]) if hits else ''}"
        sure = detect_language(f"{article.title or ''}\n{article.text[:LANGUAGE_SAMPLE]}", "") if self.languages else ""
        if sure and sure not in self.languages:
            return f"is written in another language ({sure})"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCredit:
    """How the articles of a source are credited."""

    display_name: str | None = None  # shown in place of the publisher's name
    labels: tuple[str, ...] = ()  # shown beside the date: opinion, official, ...
    paywall: bool = False  # shown beside the date: most readers cannot open its articles

    def credit_article(self, article: Article) -> Article:
        """The article under the name and with the labels that an editor gave its source."""
        return replace(
            article, publisher=self.display_name or article.publisher, labels=self.labels, paywall=self.paywall
        )


def filter_articles(
    articles: Iterable[Article], rule: ArticleRule, by_source: Mapping[str, ArticleRule]
) -> tuple[list[Article], list[tuple[Article, str]]]:
    """The articles that an edition takes and that may be news, in order, and the others with the reason.

    `by_source` holds further rules by the name of a source.
    """
    kept: list[Article] = []
    others: list[tuple[Article, str]] = []
    for article in articles:
        own = by_source.get(article.source)
        reason = rule.objection_to(article) or (own.objection_to(article) if own else "") or rubbish_reason(article)
        if reason:
            others.append((article, reason))
        else:
            kept.append(article)
    return kept, others


def rubbish_reason(article: Article) -> str:
    """Why an article is no news by its make; "" when it may be. A headline without a text may be news."""
    words = article.word_count
    if not words or words > MAX_WORDS_WITHOUT_NEWS:
        return ""
    captions = sum(len(piece.text.split()) for piece in article.dropped if piece.reason == "caption")
    if captions and captions >= CAPTION_SHARE * (captions + words):
        return GALLERY
    sentences = split_article(article).sentences
    known = language_cues(article.language)
    addresses = any(not (known.reader | known.author).isdisjoint(split_words(sentence)) for sentence in sentences)
    return NO_NEWS if addresses and not any(_is_news(sentence, article.language) for sentence in sentences) else ""


def _is_news(sentence: str, language: str) -> bool:
    """Whether a sentence names something and speaks to nobody."""
    known = language_cues(language)
    telling = bool(names_and_numbers(sentence, language)) or known.capital_nouns
    return telling and known.reader.isdisjoint(split_words(sentence))
