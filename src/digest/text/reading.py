"""How long a text takes to read."""

from __future__ import annotations

WORDS_A_MINUTE = 230  # silent reading of English non-fiction: 238 (Brysbaert 2019), a little less on a screen


def rounded_minutes(words: int) -> int:
    """The nearest whole number of minutes to read so many words, at least 1."""
    return max(1, int(words / WORDS_A_MINUTE + 0.5))


def reading_minutes(words: int) -> int:
    """Whole minutes to read so many words, at least 1."""
    return max(1, -(-words // WORDS_A_MINUTE))
