"""What a sentence says that was not said before: hashes of sentences and words, names and numbers. Nothing is stored in clear."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from digest.text.words import WORD_PATTERN, content_stems, stem_word, stop_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

SENTENCE_HASH_BYTES = 5  # a million sentences have one chance in two of a single collision
STEM_HASH_BYTES = 2  # of the words of one article: enough to tell which are new
MIN_NEW_STEMS = 3  # content words that make news where no name and no number is new


def sentence_hash(sentence: str) -> int:
    """A number of 40 bits for a sentence: the same for any case, white space and punctuation."""
    words = " ".join(WORD_PATTERN.findall(sentence.casefold().replace("’", "'")))
    return int.from_bytes(blake2b(words.encode("utf-8", "replace"), digest_size=SENTENCE_HASH_BYTES).digest(), "big")


def stem_hash(stem: str, size: int = 3) -> int:
    """A number of `size` bytes for the stem of a word."""
    return int.from_bytes(blake2b(stem.encode("utf-8", "replace"), digest_size=size).digest(), "big")


def stem_hashes(text: str, language: str, size: int = 3) -> list[int]:
    """The hashed stems of the content words of a text, in order."""
    return [stem_hash(stem, size) for stem in content_stems(text, language)]


def names_and_numbers(sentence: str, language: str) -> set[str]:
    """The stems of the words that begin with a capital, the sentence's first excepted, and of those with a digit.

    Function words are no names, in whatever case a headline writes them.
    """
    words = WORD_PATTERN.findall(sentence)
    telling = [
        word.removesuffix("'s").removesuffix("’s").lower()
        for place, word in enumerate(words)
        if any(c.isdigit() for c in word) or (place > 0 and word[0].isupper() and len(word) > 1)
    ]
    return {stem_word(word, language) for word in telling if word not in stop_words(language)}


def has_news(sentence: str, language: str, known: Collection[int], *, size: int = 3) -> bool:
    """Whether a sentence has a name or a number, or three content words, whose hashed stems are not `known`."""
    if any(stem_hash(stem, size) not in known for stem in names_and_numbers(sentence, language)):
        return True
    return len({code for code in stem_hashes(sentence, language, size) if code not in known}) >= MIN_NEW_STEMS


def pack_codes(codes: Iterable[int], size: int) -> bytes:
    """Numbers of `size` bytes one behind another, as they are kept."""
    return b"".join(code.to_bytes(size, "big") for code in codes)


def unpack_codes(packed: bytes, size: int) -> list[int]:
    """What `pack_codes` packed."""
    return [int.from_bytes(packed[start : start + size], "big") for start in range(0, len(packed), size)]
