"""A headline for an article that has none: its own words, never a new claim."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from digest.text.cues import cues
from digest.text.readable import flaw, leans, size
from digest.text.words import UNSPACED, WORD, content_words, stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.text.cues import Cues

LONGEST = 80  # characters
SHORTEST = 20

# A quotation, a question or a list says less, or something else, out of its place.
_UNFIT = re.compile(r"[?:;\"“”„«»]|\.\.\.|…")
_ASIDE = re.compile(r"[,(]? [-–—] |—|, |\s\(")
_HEAD = re.compile(r"([^,]{2,40}),\s+")


def made_title(sentences: Sequence[str], language: str = "en") -> str:
    """At most 80 characters of the article's own words.

    The most central sentence that is short enough as a whole, without its full stop; else the main clause
    behind a short opening phrase; else the article's key terms.
    """
    weights = Counter(stem for sentence in sentences for stem in set(stems(sentence, language)))
    candidates = [
        (_central(title, weights, language) - 0.02 * place, -place, title)
        for place, sentence in enumerate(sentences)
        for title in _titles(sentence, language)
    ]
    if candidates:
        return max(candidates)[2]
    return key_terms(sentences, language)


def key_terms(sentences: Sequence[str], language: str = "en") -> str:
    """The most frequent content words as written, a few of them, separated by commas; never empty."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for sentence in sentences:
        for word in re.findall(r"[^\W\d_][\w'’-]+", sentence):
            if content_words(word, language):
                stem = stems(word, language)[0]
                counts[stem] += 1
                written.setdefault(stem, word)
    title = ""
    for stem, _ in counts.most_common(4):
        longer = f"{title}, {written[stem]}" if title else written[stem]
        title = longer if len(longer) <= LONGEST else title
    return title or " ".join(sentences)[:LONGEST].strip() or "…"


def _titles(sentence: str, language: str) -> list[str]:
    """What of the sentence could be a headline: all of it, or the main clause before an aside.

    An opening comment ("However,") may go; a condition, a concession or a speaker may not, because the rest would claim something
    else. Nothing that the author says in the first person: it would read as the editor's word.
    """
    known = cues(language)
    if _UNFIT.search(sentence) or flaw(sentence, language) not in (None, "fragment", "too long"):
        return []
    if any(token in known.author for token in WORD.findall(sentence)):
        return []
    text = sentence.rstrip(" .。")
    head = _HEAD.match(text)
    if head and head.group(1).lower() in known.ahead:
        text = text[head.end() :]
    ends = [len(text)]
    for mark in _ASIDE.finditer(text):
        if mark.start() <= LONGEST and _aside(text[mark.end() :], known):
            ends.append(mark.start())
            break
    return [text[:end] for end in ends if _fits(text[:end], language)]


def _aside(rest: str, known: Cues) -> bool:
    """Whether what follows can go: it begins with the word of an aside, and nothing of weight comes after it."""
    lower = rest.lower()
    attributed = any(word in known.speech for word in words(lower))
    return not attributed and any(lower.startswith(f"{word} ") for word in known.aside)


def _fits(title: str, language: str) -> bool:
    dense = language in UNSPACED
    fits = (8 if dense else SHORTEST) <= len(title) <= LONGEST and size(title, language) >= 4
    return fits and not title[0].islower() and not leans(title, language) and title.count("(") == title.count(")")


def _central(title: str, weights: Counter[str], language: str) -> float:
    """Mean number of sentences that share the title's words."""
    inside = stems(title, language)
    return sum(weights[stem] for stem in inside) / (len(inside) + 1) / max(1, max(weights.values(), default=1))
