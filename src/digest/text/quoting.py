"""An article as sentences with their places, each quoted to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from digest.model import Sentence
from digest.text.sentences import split_sentences, strip_dateline

if TYPE_CHECKING:
    from digest.model import Article


class ArticleSentences(NamedTuple):
    """An article's sentences with their places."""

    article: Article
    places: list[tuple[int, int, int]]  # paragraph, start, end
    sentences: list[str]

    def quote_sentence(self, number: int) -> Sentence:
        """The sentence with its place; raises VerbatimError if it is not there."""
        paragraph, start, end = self.places[number]
        sentence = Sentence(
            text=self.sentences[number], article=self.article.key, paragraph=paragraph, start=start, end=end
        )
        sentence.prove_verbatim(self.article)
        return sentence


def split_article(article: Article) -> ArticleSentences:
    """The sentences of an article; the first without its dateline."""
    places: list[tuple[int, int, int]] = []
    sentences: list[str] = []
    for number, paragraph in enumerate(article.paragraphs):
        for span in split_sentences(paragraph, article.language):
            if not places:
                span = strip_dateline(span)  # noqa: PLW2901
            places.append((number, span.start, span.end))
            sentences.append(span.text)
    return ArticleSentences(article, places, sentences)
