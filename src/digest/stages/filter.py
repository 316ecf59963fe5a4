"""Filter: articles that are no news by their make are left out, each with its reason; titles decide nothing.

A gallery is mostly captions. A briefing or a call to sign up is short, speaks to its readers or of its editors, and has no
sentence of news: none with a name or a number that does not speak to the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.text.cues import language_cues
from digest.text.novelty import names_and_numbers
from digest.text.quoting import split_article
from digest.text.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.model import Article

MAX_WORDS_WITHOUT_NEWS = 120  # a longer text is somebody's work, whatever it names
CAPTION_SHARE = 0.5  # of a document's words that are captions: a gallery

NO_NEWS = "holds no sentence of news: a briefing, a call or a teaser"
GALLERY = "a gallery: mostly captions"


def split_off_rubbish(articles: Iterable[Article]) -> tuple[list[Article], list[tuple[Article, str]]]:
    """The articles that may be news, in order, and the others with the reason."""
    kept: list[Article] = []
    others: list[tuple[Article, str]] = []
    for article in articles:
        reason = rubbish_reason(article)
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
