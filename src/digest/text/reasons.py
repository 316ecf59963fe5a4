"""Stems shown as the article writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.words import WORD, content_words, stem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.model import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """The first written form of every stem of one article."""

    title: Mapping[str, str]
    text: Mapping[str, str]

    @classmethod
    def of(cls, article: Article) -> Spelling:
        """Read off the spellings of an article."""
        return cls(title=_written(article.title or "", article.language), text=_written(article.text, article.language))

    def written(self, stem: str) -> str:
        """The stem's word as it stands in the title, else in the text."""
        return self.title.get(stem) or self.text.get(stem) or stem

    def where(self, stem: str) -> str:
        """`title` or `text`: where the word was found first."""
        return "title" if stem in self.title else "text"


def _written(text: str, language: str) -> dict[str, str]:
    forms: dict[str, str] = {}
    for match in WORD.finditer(text):
        for word in content_words(match[0], language):
            forms.setdefault(stem(word, language), match[0][: len(word)])
    return forms
