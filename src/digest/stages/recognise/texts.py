"""Which earlier article has the text of a new one: by key, or by the sentences that they share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from digest.text.novelty import sentence_hash, stem_hashes
from digest.text.quoting import split_article

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.model import Article, Memory, RememberedArticle

MIN_SHARED_SENTENCES = 2
MIN_SHARED_SHARE = 0.5  # of the sentences of the shorter text
MIN_SENTENCE_CHARACTERS = 20  # shorter ones stand in many texts
MAX_SENTENCES = 60  # of a text that are remembered and looked at
MAX_STEMS = 250


class RememberedTexts:
    """The articles of a memory by key and by sentence."""

    def __init__(self, memory: Memory) -> None:
        self._articles = memory.articles
        self._by_key: dict[str, list[int]] = {}
        self._by_sentence: dict[int, list[int]] = {}
        for place, article in enumerate(self._articles):
            self._by_key.setdefault(article.key, []).append(place)
            for code in article.sentences:
                self._by_sentence.setdefault(code, []).append(place)

    def earlier_forms(self, article: Article) -> list[RememberedArticle]:
        """The remembered articles with this one's key or with most of its text, the oldest first."""
        codes = set(sketch_sentences(article))
        shared = Counter(place for code in codes for place in self._by_sentence.get(code, ()))
        places = set(self._by_key.get(article.key, ()))
        for place, often in shared.items():
            least = min(len(codes), len(self._articles[place].sentences))
            if often >= min(MIN_SHARED_SENTENCES, least) and often >= MIN_SHARED_SHARE * least:
                places.add(place)
        return [self._articles[place] for place in sorted(places)]


def article_sentences(article: Article) -> list[str]:
    """The first sentences of an article, as a summary would quote them."""
    return split_article(article).sentences[:MAX_SENTENCES]


def sketch_sentences(article: Article) -> tuple[int, ...]:
    """Hashes of the sentences of an article that tell it from others; its title's where it has no text."""
    told: Iterable[str] = [text for text in article_sentences(article) if len(text) >= MIN_SENTENCE_CHARACTERS]
    return tuple(dict.fromkeys(map(sentence_hash, told or filter(None, (article.title,)))))


def sketch_stems(article: Article) -> frozenset[int]:
    """16-bit hashes of the content words of an article, the title's first."""
    return frozenset(
        list(dict.fromkeys(stem_hashes(f"{article.title or ''}\n{article.text}", article.language, 2)))[:MAX_STEMS]
    )
