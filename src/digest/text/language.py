"""Which language a text is in: a vote of its function words and script. No model, no data file."""

from __future__ import annotations

from collections import Counter

from digest.text.words import SNOWBALL_LANGUAGES, split_words, stop_words

SAMPLE_WORDS = 400  # words that vote; a newsletter article has decided long before
MIN_FUNCTION_WORD_SHARE = 0.08  # least share of function words; English prose has about 0.4, a list of names none

# First code points of scripts that name a language well enough for stop words and `lang=`.
SCRIPT_RANGES = (
    ("el", 0x0370, 0x03FF),
    ("ru", 0x0400, 0x04FF),
    ("he", 0x0590, 0x05FF),
    ("ar", 0x0600, 0x06FF),
    ("hi", 0x0900, 0x097F),
    ("th", 0x0E00, 0x0E7F),
    ("ko", 0xAC00, 0xD7AF),
    ("ja", 0x3040, 0x30FF),
    ("zh", 0x4E00, 0x9FFF),
)
RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar", "fa", "he", "ur", "yi"})


def detect_language(text: str, default: str = "en") -> str:
    """ISO 639-1 code of the language of `text`; `default` where the text does not say."""
    script = _script_language(text)
    if script:
        return script
    sample = split_words(text[: 20 * SAMPLE_WORDS])[:SAMPLE_WORDS]
    votes = Counter({code: sum(map(stop_words(code).__contains__, sample)) for code in sorted(SNOWBALL_LANGUAGES)})
    code, most = votes.most_common(1)[0]
    if not sample or most < MIN_FUNCTION_WORD_SHARE * len(sample) or votes.get(default, -1) == most:
        return default
    return code


def text_direction(text: str) -> str:
    """`rtl` when most letters of `text` are Hebrew or Arabic, else `ltr`."""
    return "rtl" if _script_language(text) in RIGHT_TO_LEFT_LANGUAGES else "ltr"


def _script_language(text: str) -> str | None:
    """The language of the script that most letters belong to; None for Latin and unknown ones."""
    if text.isascii():
        return None
    letters = [ord(character) for character in text[:4000] if character.isalpha()]
    far = [letter for letter in letters if letter >= SCRIPT_RANGES[0][1]]
    if not far:
        return None
    counts = {code: sum(first <= letter <= last for letter in far) for code, first, last in SCRIPT_RANGES}
    if counts["ja"] * 10 > len(letters):  # kana beside many Chinese characters is Japanese
        return "ja"
    code = max(counts, key=lambda name: counts[name])
    return code if counts[code] * 2 > len(letters) else None
