"""The two lines a reader sees before opening: concrete, from the issue's own words, never shouting."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from digest.text.words import content_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Brief, TopLine

MAX_SUBJECT_CHARACTERS = 78  # characters: the line that RFC 5322 recommends, and what a phone shows of two
PREHEADER_CHARACTERS = (30, 150)
_MARKUP = re.compile(r"<[^<>]{0,200}>")
_KICKER = re.compile(r"^[A-Z]{4,}(?: [A-Z]{2,})*:\s+(?=\w)")


def write_subject(leading: Sequence[Brief], title: str) -> str:
    """The strongest headline (a pinned story's before all others), and a second one where both fit into 78 characters."""
    ranked = sorted(
        range(len(leading)),
        key=lambda place: (not leading[place].placed.pinned, -_headline_strength(leading[place], place), place),
    )
    lines = [line for line in (plain_line(leading[place].title) for place in ranked) if line]
    if not lines:
        return shorten(plain_line(title) or "Digest", MAX_SUBJECT_CHARACTERS)
    first = next((line for line in lines if len(line) <= MAX_SUBJECT_CHARACTERS), lines[0])
    for second in lines:
        if second != first and len(first) + len(second) + 2 <= MAX_SUBJECT_CHARACTERS:
            return f"{first}; {second}"
    return shorten(first, MAX_SUBJECT_CHARACTERS)


def write_preheader(headline: str, leading: Sequence[Brief], lines: Sequence[TopLine], title: str) -> str:
    """What else is in the issue: 30 to 150 characters that do not repeat the subject."""
    told = set(content_words(headline))
    parts: list[str] = []
    for text in [*(brief.title for brief in leading), *(line.text for line in lines), title]:
        part = plain_line(text)
        if not part or part in headline or _word_overlap(part, told) > 0.7:
            continue
        longer = " · ".join([*parts, part])
        if len(longer) > PREHEADER_CHARACTERS[1]:
            continue
        parts.append(part)
        told.update(content_words(part))
    result = " · ".join(parts)
    if len(result) < PREHEADER_CHARACTERS[0]:
        pool = [plain_line(line.text) for line in lines] or [plain_line(title)]
        result = " · ".join(dict.fromkeys([*parts, *pool]))
    return shorten(result, PREHEADER_CHARACTERS[1])


def plain_line(text: str) -> str:
    """One line without markup, control and formatting characters, and not in capitals."""
    text = _MARKUP.sub(" ", text)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn"))
    text = _KICKER.sub("", " ".join(text.split()))
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 8 and sum(c.isupper() for c in letters) > 0.7 * len(letters):
        return " ".join(word.capitalize() for word in text.split())
    return text


def shorten(text: str, most: int) -> str:
    """At most `most` characters, cut between words and marked with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1].rsplit(None, 1)[0] if " " in text[: most - 1] else text[: most - 1]
    return cut.rstrip(" ,;:–—-·(“\"'") + "…"


def _headline_strength(brief: Brief, place: int) -> float:
    """More sources are stronger; a question, a made title and a long title are weaker; earlier is stronger."""
    points = float(min(len(brief.story.articles), 5)) - 0.5 * place
    points -= 2.0 * ("?" in brief.title) + 3.0 * brief.title_made + 1.0 * (len(brief.title) > MAX_SUBJECT_CHARACTERS)
    return points


def _word_overlap(text: str, told: set[str]) -> float:
    inside = set(content_words(text))
    return len(inside & told) / len(inside) if inside else 1.0
