"""A headline for an article that has none: its own words, never a new claim."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from digest.text.cues import language_cues
from digest.text.readable import depends_on_previous, sentence_length, summary_flaw
from digest.text.words import UNSPACED_LANGUAGES, WORD_PATTERN, content_stems, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.text.cues import LanguageCues

MAX_TITLE_CHARACTERS = 80  # characters
MIN_TITLE_CHARACTERS = 20
FIRST_SENTENCE_BONUS = 0.5  # bonus of the first sentence
MIN_TITLE_SCORE = 1.3  # of centrality and bonus: below it a short sentence says something marginal

# A quotation, a question or a list says less, or something else, out of its place.
_UNFIT = re.compile(r"[?!:;\"“”„«»]|\.\.\.|…")
_ASIDE = re.compile(r"[,(]? [-–—] |—|, |\s\(")
_OPENING_COMMENT = re.compile(r"([^,]{2,40}),\s+")


def title_from_sentences(sentences: Sequence[str], language: str = "en") -> str:
    """At most 80 characters of the article's own words.

    The best sentence that is short enough as a whole, without its full stop, or its main clause before an aside;
    else the beginning of the first sentence that can stand, with an ellipsis. The best is early and made of words
    that the whole article uses.
    """
    weights = Counter(stem for sentence in sentences for stem in set(content_stems(sentence, language)))
    candidates = [
        (_title_centrality(title, weights, language) + FIRST_SENTENCE_BONUS / (1 + place) ** 0.5, -place, title)
        for place, sentence in enumerate(sentences[: len(sentences) // 2 + 5])  # the news is not at the end
        for title in _title_candidates(sentence, language)
    ]
    best = max(candidates, default=None)
    if best and best[0] >= MIN_TITLE_SCORE:
        return best[2]
    standing = [
        one
        for one in sentences
        if not depends_on_previous(one, language) and summary_flaw(one, language) in (None, "too long")
    ]
    return _cut_to_title(next(iter([*standing, *sentences]), ""))


def _cut_to_title(sentence: str) -> str:
    """The sentence cut between words to 80 characters, and marked as cut."""
    text = sentence.rstrip(" .。")
    if len(text) > MAX_TITLE_CHARACTERS:
        text = (text[: MAX_TITLE_CHARACTERS - 1].rpartition(" ")[0] or text[: MAX_TITLE_CHARACTERS - 1]).rstrip(
            " ,;:–—-(“\"'‘«„"
        ) + "…"
    return text or "…"


def _title_candidates(sentence: str, language: str) -> list[str]:
    """What of the sentence could be a headline: all of it, or the main clause before an aside.

    An opening comment ("However,") may go; a condition, a concession or a speaker may not, because the rest would claim something
    else. Nothing that the author says in the first person: it would read as the editor's word.
    """
    known = language_cues(language)
    if _UNFIT.search(sentence) or summary_flaw(sentence, language) not in (None, "fragment", "too long"):
        return []
    if any(token in known.author for token in WORD_PATTERN.findall(sentence)):
        return []
    text = sentence.rstrip(" .。")
    head = _OPENING_COMMENT.match(text)
    if head and head.group(1).lower() in known.ahead:
        text = text[head.end() :]
    ends = [len(text)]
    for mark in _ASIDE.finditer(text):
        if mark.start() <= MAX_TITLE_CHARACTERS and _is_aside(text[mark.end() :], known):
            ends.append(mark.start())
            break
    return [text[:end] for end in ends if _is_usable_title(text[:end], language)]


def _is_aside(rest: str, known: LanguageCues) -> bool:
    """Whether what follows can go: it begins with the word of an aside, which lasts to the end of the sentence."""
    lower = rest.lower()
    if _ASIDE.search(rest):
        return False
    attributed = any(word in known.speech for word in split_words(lower))
    return not attributed and any(lower.startswith(f"{word} ") for word in known.aside)


def _is_usable_title(title: str, language: str) -> bool:
    dense = language in UNSPACED_LANGUAGES
    fits = (8 if dense else MIN_TITLE_CHARACTERS) <= len(title) <= MAX_TITLE_CHARACTERS and sentence_length(
        title, language
    ) >= 4
    alone = not depends_on_previous(title, language) and language_cues(language).pronoun.isdisjoint(split_words(title))
    return fits and alone and not title[0].islower() and title.count("(") == title.count(")")


def _title_centrality(title: str, weights: Counter[str], language: str) -> float:
    """How much of what the article is about the title names: its words, each by its share of the sentences."""
    most = max(weights.values(), default=1)
    return sum(weights[stem] / most for stem in sorted(set(content_stems(title, language))))
