"""Which sentences can stand in a summary: rules a reader would give, no model.

A sentence *leans* on the one before it when it opens with a pronoun or a connective, or leaves its speaker to a
pronoun. It says a *name* in short when it has "Moore" and an earlier sentence "Ada Moore". It has a *flaw* when it
cannot stand even in company: a piece of a quotation, a fragment, web junk.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from digest.text.cues import language_cues
from digest.text.words import UNSPACED_LANGUAGES, WORD_PATTERN, stop_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.text.cues import LanguageCues

MIN_SENTENCE_WORDS = 6  # fewer is a fragment
MAX_SENTENCE_WORDS = 60  # more is a list or a paragraph without a full stop
MAX_SENTENCE_CHARACTERS = 1000  # however few the words
MAX_OPENING_PHRASE_WORDS = 9  # words before a comma that may set the scene for a pronoun: "On May 2, he ..."

_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔][\"”“’'»«)\]」』\s]*$")
_WEB_PAGE_PHRASES = (
    "cookie", "javascript", "browser", "subscribe", "sign up", "log in to", "please try again", "newsletter",
    "all rights reserved", "click here", "hide caption", "toggle caption", "getty images", "advertisement", "follow us",
    "share this", "contributed to this", "copyright", "wayback machine", "internet archive", "crawls of", "(photo", "photo by",
    "photo:", "is pictured on", "caption:", "©", "http://", "https://", "www.",
)  # fmt: skip
# Picture agencies write out the whole date: "on Tuesday, Jan. 24, 2017". Reporters do not.
_CAPTION_DATE = re.compile(r"day, [A-Z][a-z]{2,8}\.? \d{1,2}, (?:19|20)\d\d\b")
_AFTER_BREAK = re.compile(r"[,;”\"»“](?:\s+|\s*[-–—]\s*)([^\W\d_]+)(\s|-(?:t-)?)([^\W\d_]+)")
_OPENING_PHRASE_PATTERN = re.compile(r"([^,;:—–\"“”„«»]{2,80}),\s+([^\W\d_]+)")
_TOKEN = re.compile(r"[^\W\d_][\w.’'-]*|[^\w\s]|\d+")
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]")
_LAST_TOKEN = re.compile(r"([^\W\d_][\w.’'-]*) \Z")
_QUOTATION_MARKS = '"“„«»'


def sentence_length(sentence: str, language: str = "en") -> int:
    """Number of words separated by white space; where none is written, two characters count as one."""
    return len(sentence) // 2 if language in UNSPACED_LANGUAGES else len(sentence.split())


def depends_on_previous(sentence: str, language: str = "en") -> bool:
    """Whether the sentence needs the one before it: "But ...", "It's also why ...", "In May, she ...", "..., he said"."""
    known = language_cues(language)
    opening = WORD_PATTERN.findall(sentence[:80].lower().replace("’", "'"))[:4]
    terms = [" ".join(opening[:size]) for size in range(1, len(opening) + 1)]
    if any(term in known.pronoun or term in known.connective for term in terms):
        return True
    return bool(known.person) and (_has_dependent_opening(sentence, known) or _has_unnamed_speaker(sentence, known))


def capitalised_words(sentence: str) -> list[str]:
    """The words that begin with a capital, without a genitive 's."""
    return [_without_genitive(token) for token in _TOKEN.findall(sentence) if token[0].isupper()]


class NameMentions:
    """Which names the sentences of one document say in short after an earlier one said them in full."""

    def __init__(self, document: Sequence[str], language: str = "en") -> None:
        self._known = language_cues(language)
        self._stops = stop_words(language)
        self._text = "\n".join(document)
        self._starts = [0, *accumulate(len(sentence) + 1 for sentence in document)]

    def short_names(self, place: int) -> list[str]:
        """The names that sentence `place` says in short: "Moore" where "Ada Moore" came before."""
        start, end = self._starts[place], self._starts[place + 1] - 1
        if self._known.capital_nouns or not start:
            return []
        tokens = _TOKEN.findall(self._text, start, end)
        lone = []
        for number, token in enumerate(tokens):
            name = _without_genitive(token)
            followed = name == token and number + 1 < len(tokens) and tokens[number + 1][0].isupper()
            preceded = number > 0 and self._is_name(tokens[number - 1])
            if len(name) > 2 and name[0].isupper() and not followed and not preceded:
                lone.append(name)
        return [name for name in dict.fromkeys(lone) if self._is_introduced_in_full(name, start)]

    def _is_introduced_in_full(self, name: str, before: int) -> bool:
        """Whether the first sentence that says the name says it behind another one."""
        at = self._text.find(name, 0, before)
        if at < 0 or self._text[at + len(name) : at + len(name) + 1].isalnum():
            return False
        previous = _LAST_TOKEN.search(self._text, max(0, at - 30), at)
        return previous is not None and self._is_name(previous.group(1))

    def _is_name(self, token: str) -> bool:
        return token[0].isupper() and token.lower() not in self._stops


def summary_flaw(sentence: str, language: str = "en") -> str | None:
    """Why the sentence cannot stand in a summary: a short, stable reason; None when it can."""
    tokens = sentence.split()
    words = sentence_length(sentence, language)
    if words < MIN_SENTENCE_WORDS:
        return "fragment"
    if words > MAX_SENTENCE_WORDS or len(sentence) > MAX_SENTENCE_CHARACTERS:
        return "too long"
    if not _has_balanced_quotes(sentence):
        return "half a quotation"
    if sentence[0] in _QUOTATION_MARKS and not _has_named_speaker(sentence, language_cues(language)):
        return "quotation without a speaker"
    if not _SENTENCE_END.search(sentence[-8:]) or sentence.endswith(("...", "…")):
        return "no end"
    if _CAPTION_DATE.search(sentence):
        return "caption"
    lower = sentence.lower()
    if lower != sentence.upper() and sum(token[0].islower() for token in tokens) < 2:
        return "names only"
    return "web page" if any(mark in lower for mark in _WEB_PAGE_PHRASES) else None


def _without_genitive(token: str) -> str:
    return token[:-2] if token.endswith(("'s", "’s")) else token


def _has_dependent_opening(sentence: str, known: LanguageCues) -> bool:
    """Whether a phrase comes first that points back, or one without a name and then a pronoun: "In May, they ..."."""
    match = _OPENING_PHRASE_PATTERN.match(sentence)
    if not match:
        return False
    phrase = match.group(1).split()
    if len(phrase) <= 3 and any(word.lower() in known.pronoun for word in phrase[1:]):
        return True  # In it, ...; Because of this, ...
    if match.group(2).lower() not in known.person:
        return False
    names = [word for word in phrase[1:] if word[0].isupper() and word.lower() not in known.calendar]
    return len(phrase) <= MAX_OPENING_PHRASE_WORDS and not names


def _has_unnamed_speaker(sentence: str, known: LanguageCues) -> bool:
    """Whether words are given to a pronoun: "..., he said", "« ... », dit-elle"."""
    for first, joint, second in _AFTER_BREAK.findall(sentence.lower()):
        if second in known.person and (first in known.speech or "-" in joint):
            return True
        if first in known.person and second in known.speech:
            return True
    return False


def _has_balanced_quotes(sentence: str) -> bool:
    """Whether every quotation mark has its partner; German closes with the mark that opens in English."""
    count = sentence.count
    if count('"') % 2 or count("«") != count("»"):
        return False
    low = count("„")
    return low == count("“") + count("”") if low else count("“") == count("”")


def _has_named_speaker(sentence: str, known: LanguageCues) -> bool:
    """Whether somebody is said to speak, outside the quotation itself."""
    around = _QUOTED.sub(" ", sentence).lower()
    return not known.speech or any(word in known.speech for word in WORD_PATTERN.findall(around))
