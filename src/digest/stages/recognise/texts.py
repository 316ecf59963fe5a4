"""Which earlier article has the text of a new one: by key, or by the sentences that they share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from digest.text.novelty import SENTENCE_HASH_BYTES, STEM_HASH_BYTES, sentence_hash, stem_hashes
from digest.text.quoting import split_article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from digest.model import Article, Memory, RememberedArticle

MIN_SHARED_SENTENCES = 2
MIN_SHARED_SHARE = 0.5  # of the sentences of the shorter text
MIN_SENTENCE_CHARACTERS = 20  # shorter ones stand in many texts
MAX_SENTENCES = 60  # of a text that are remembered and looked at
MAX_STEMS = 250


class RememberedTexts:
    """The articles of a memory by key and by sentence; thousands of them, so the sentences are sorted arrays."""

    def __init__(self, memory: Memory) -> None:
        import numpy as np

        self._articles = memory.articles
        self._by_key: dict[str, list[int]] = {}
        for place, article in enumerate(self._articles):
            self._by_key.setdefault(article.key, []).append(place)
        packed = np.frombuffer(b"".join(article.sentences for article in self._articles), np.uint8)
        rows = packed.reshape(-1, SENTENCE_HASH_BYTES).astype(np.uint64)
        powers = np.array([256**place for place in reversed(range(SENTENCE_HASH_BYTES))], np.uint64)
        codes = (rows * powers).sum(axis=1, dtype=np.uint64)
        counts = [len(article.sentences) // SENTENCE_HASH_BYTES for article in self._articles]
        owners = np.repeat(np.arange(len(self._articles)), counts)
        order = np.argsort(codes, kind="stable")
        self._codes, self._owners, self._counts = codes[order], owners[order], counts

    def earlier_forms(self, article: Article) -> list[RememberedArticle]:
        """The remembered articles with this one's key or with most of its text, the oldest first."""
        codes = sketch_sentences(article)
        shared = Counter(self._holders(codes))
        places = set(self._by_key.get(article.key, ()))
        for place, often in shared.items():
            least = min(len(codes), self._counts[place])
            if often >= min(MIN_SHARED_SENTENCES, least) and often >= MIN_SHARED_SHARE * least:
                places.add(place)
        return [self._articles[place] for place in sorted(places)]

    def _holders(self, codes: Sequence[int]) -> Iterator[int]:
        """The places of the articles that hold these sentences, once for each sentence."""
        import numpy as np

        wanted = np.array(codes, np.uint64)
        firsts, lasts = np.searchsorted(self._codes, wanted, "left"), np.searchsorted(self._codes, wanted, "right")
        for number in np.flatnonzero(lasts > firsts).tolist():
            yield from self._owners[firsts[number] : lasts[number]].tolist()


def article_sentences(article: Article) -> list[str]:
    """The first sentences of an article, as a summary would quote them."""
    return split_article(article).sentences[:MAX_SENTENCES]


def sketch_sentences(article: Article) -> tuple[int, ...]:
    """Hashes of the sentences of an article that tell it from others; its title's where it has no text."""
    told: Iterable[str] = [text for text in article_sentences(article) if len(text) >= MIN_SENTENCE_CHARACTERS]
    return tuple(dict.fromkeys(map(sentence_hash, told or filter(None, (article.title,)))))


def sketch_stems(article: Article) -> tuple[int, ...]:
    """16-bit hashes of the first content words of an article, the title's among them; sorted, so that they pack well."""
    codes = stem_hashes(f"{article.title or ''}\n{article.text}", article.language, STEM_HASH_BYTES)
    return tuple(sorted(list(dict.fromkeys(codes))[:MAX_STEMS]))
