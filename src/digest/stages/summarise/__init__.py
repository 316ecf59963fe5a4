"""Summarise: a theme's stories become briefs, each sentence quoted from its article to the letter.

A summariser only ranks positions; this stage reads. It takes from the ranking what can stand in a
summary (`selection`), so the rules hold whatever the method, and proves every sentence verbatim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from digest.model import Brief, Budget, Section, Sentence
from digest.stages.summarise.selection import select_sentences
from digest.stages.summarise.title import title_from_sentences
from digest.text.reading import reading_minutes
from digest.text.sentences import split_sentences, strip_dateline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Article, PlacedStory, Theme

__all__ = ["Budget", "Summariser", "summarise_theme"]


class Summariser(Protocol):
    """Ranks sentences; cannot invent text."""

    def choose(self, documents: Sequence[Sequence[str]], budget: Budget, language: str) -> Sequence[tuple[int, int]]:
        """Positions (document, sentence), best first: at least as many as the budget holds, better all.

        `documents` are the sentences of each document, in reading order; `language` is ISO 639-1.
        """
        ...


class _ArticleSentences(NamedTuple):
    """An article's sentences with their places."""

    article: Article
    places: list[tuple[int, int, int]]  # paragraph, start, end
    sentences: list[str]

    def quote_sentence(self, number: int) -> Sentence:
        paragraph, start, end = self.places[number]
        sentence = Sentence(
            text=self.sentences[number], article=self.article.key, paragraph=paragraph, start=start, end=end
        )
        sentence.prove_verbatim(self.article)
        return sentence


def summarise_theme(
    theme: Theme, summariser: Summariser, *, budget: Budget, section_budget: Budget | None = None
) -> Section:
    """The theme as a section: a brief of every story, and a few sentences over all where there are several.

    Raises VerbatimError if a sentence is not in its article, which would be a bug.
    """
    texts = [_split_article(placed.story.lead) for placed in theme.stories]
    chosen = [_choose_sentences(summariser, [text], budget) for text in texts]
    briefs = [
        _build_brief(placed, text, [place for _, place in positions])
        for placed, text, positions in zip(theme.stories, texts, chosen, strict=True)
    ]
    common: tuple[Sentence, ...] = ()
    if section_budget is not None and len(texts) > 1:
        used = {(number, place) for number, positions in enumerate(chosen) for _, place in positions}
        common = tuple(
            texts[number].quote_sentence(place)
            for number, place in _choose_sentences(summariser, texts, section_budget, used)
        )
    return Section(key=theme.key, name=theme.name, brief=common, briefs=tuple(briefs))


def _split_article(article: Article) -> _ArticleSentences:
    places: list[tuple[int, int, int]] = []
    sentences: list[str] = []
    for number, paragraph in enumerate(article.paragraphs):
        for span in split_sentences(paragraph, article.language):
            if not places:
                span = strip_dateline(span)  # noqa: PLW2901
            places.append((number, span.start, span.end))
            sentences.append(span.text)
    return _ArticleSentences(article, places, sentences)


def _choose_sentences(
    summariser: Summariser, texts: list[_ArticleSentences], budget: Budget, used: set[tuple[int, int]] | None = None
) -> list[tuple[int, int]]:
    documents = [text.sentences for text in texts]
    language = texts[0].article.language
    ranking = summariser.choose(documents, budget, language)
    return select_sentences(documents, ranking, budget, language, used=used or set())


def _build_brief(placed: PlacedStory, text: _ArticleSentences, places: list[int]) -> Brief:
    article = text.article
    return Brief(
        placed=placed,
        sentences=tuple(text.quote_sentence(place) for place in places),
        title=article.title or title_from_sentences(text.sentences, article.language),
        title_made=article.title is None,
        minutes=reading_minutes(article.word_count),
    )
