"""Words: tokens, function words, stems. Nothing is downloaded and nothing is needed but the wheel."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowballstemmer.basestemmer import BaseStemmer

# Letters and digits with inner apostrophes; works in every script that separates words.
WORD_PATTERN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# Languages with a list of function words beside this file and a Snowball stemmer.
SNOWBALL_LANGUAGES = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}

UNSPACED_LANGUAGES = frozenset({"ja", "th", "zh"})  # languages written without spaces between words


def split_words(text: str) -> list[str]:
    """The words of `text` in lower case, in order."""
    return WORD_PATTERN.findall(text.lower())


@cache
def stop_words(language: str) -> frozenset[str]:
    """Function words of a language (ISO 639-1), lower case; empty when none are known."""
    if language not in SNOWBALL_LANGUAGES:
        return frozenset()
    text = (files("digest.text") / "stopwords" / f"{language}.txt").read_text("utf-8")
    return frozenset(text.split())


@cache
def _load_stemmer(language: str) -> BaseStemmer:
    import snowballstemmer

    return snowballstemmer.stemmer(SNOWBALL_LANGUAGES[language])


@lru_cache(maxsize=200_000)
def stem_word(word: str, language: str = "en") -> str:
    """The Snowball stem of a lower-case word; the word itself in languages without a stemmer."""
    if language not in SNOWBALL_LANGUAGES:
        return word
    stemmed: str = _load_stemmer(language).stemWord(word)
    return stemmed


def content_words(text: str, language: str = "en") -> list[str]:
    """The words of `text` that carry meaning: no function words, no single letters, no genitive 's."""
    return [bare for word in split_words(text) if (bare := _content_word(word, language))]


def content_stems(text: str, language: str = "en") -> list[str]:
    """The stems of the content words of `text`, in order."""
    return [found for word in split_words(text) if (found := _content_stem(word, language))]


@lru_cache(maxsize=200_000)
def _content_word(word: str, language: str) -> str:
    """The bare word; empty when it carries no meaning."""
    bare = word[:-2] if word.endswith(("'s", "’s")) else word
    stops = stop_words(language)
    counts = (len(bare) > 1 or bare.isdigit()) and word not in stops and bare not in stops
    return bare if counts else ""


@lru_cache(maxsize=200_000)
def _content_stem(word: str, language: str) -> str:
    bare = _content_word(word, language)
    return stem_word(bare, language) if bare else ""
