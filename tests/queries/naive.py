"""Random queries beside what they mean, said by another road: no tokens, no trees, no index, lists of words only."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from digest.model import Article
from digest.text.words import stem_word

Meaning = Callable[[Article, tuple[str, ...]], bool]
WORDS = ("boat", "boats", "harbour", "lighthouse", "council", "votes", "voting", "tarn", "nine", "41", "herring", "the")
FIELDS = ("title", "text", "source", "byline")


def words_of(article: Article, field: str) -> list[str]:
    text = {
        "title": article.title or "",
        "text": "\n".join(article.paragraphs),
        "source": f"{article.source} {article.publisher or article.source}",
        "byline": article.byline or "",
    }[field]
    return [stem_word(word.lower(), article.language) for word in re.findall(r"[A-Za-z0-9]+", text)]


def starts_of(phrase: list[str], words: list[str]) -> list[int]:
    return [place for place in range(len(words)) if words[place : place + len(phrase)] == phrase]


def random_term(rng: random.Random) -> tuple[str, list[str]]:
    """A word or a phrase as written, and its stems."""
    words = [rng.choice(WORDS) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
    written = f'"{" ".join(words)}"' if len(words) > 1 else words[0]
    return written, [stem_word(word, "en") for word in words]


def random_query(rng: random.Random, depth: int = 3) -> tuple[str, Meaning]:
    """A query and what it means for an article, where no field is named in the given ones."""
    kind = rng.choice(("term", "near", "field", "not", "and", "or", "beside") if depth else ("term",))
    if kind == "near":
        return random_near(rng)
    if kind == "term":
        written, stems = random_term(rng)
        return written, lambda article, fields: any(starts_of(stems, words_of(article, name)) for name in fields)
    first, means = random_query(rng, depth - 1)
    if kind == "not":
        return f"NOT ({first})", lambda article, fields: not means(article, fields)
    if kind == "field":
        name = rng.choice(FIELDS)
        return f"{name}:({first})", lambda article, _: means(article, (name,))
    second, also = random_query(rng, depth - 1)
    joined = {"and": f"({first}) AND ({second})", "beside": f"({first}) ({second})", "or": f"({first}) OR ({second})"}[
        kind
    ]
    if kind == "or":
        return joined, lambda article, fields: means(article, fields) or also(article, fields)
    return joined, lambda article, fields: means(article, fields) and also(article, fields)


def random_near(rng: random.Random) -> tuple[str, Meaning]:
    """Two terms at most so many words apart."""
    (first, one), (second, other), distance = random_term(rng), random_term(rng), rng.randint(1, 6)

    def apart(words: list[str]) -> bool:
        for a in starts_of(one, words):
            for b in starts_of(other, words):
                low, high = (a + len(one) - 1, b) if a < b else (b + len(other) - 1, a)
                if low < high and high - low <= distance:
                    return True
        return False

    return f"{first} near/{distance} {second}", lambda article, fields: any(
        apart(words_of(article, name)) for name in fields
    )


def random_article(rng: random.Random, number: int) -> Article:
    """An article of the words that queries ask for."""

    def some(count: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(count))

    return Article(
        key=str(number),
        source=rng.choice(WORDS),
        title=some(3),
        paragraphs=(some(rng.randint(0, 12)), some(4)),
        publisher=rng.choice((None, "Harbour Post")),
        byline=rng.choice((None, "Herring Boats")),
    )
