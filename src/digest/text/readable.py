"""Which sentences can stand in a summary: rules a reader would give, no model.

A sentence *leans* on the one before it when it opens with a pronoun or a connective, or leaves its speaker to a
pronoun. It *lacks* a name when it says "Moore" and only an earlier sentence says "Ada Moore". It has a *flaw* when
it cannot stand even in company: a piece of a quotation, a fragment, web junk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.text.cues import cues
from digest.text.words import WORD, stop_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.text.cues import Cues

FEWEST_WORDS = 6  # fewer is a fragment
MOST_WORDS = 60  # more is a list or a paragraph without a full stop
OPENING_PHRASE = 9  # words before a comma that may set the scene for a pronoun: "On May 2, he ..."

_CLOSED = re.compile(r"[.!?…。！？؟।۔][\"”“’'»«)\]」』\s]*$")
_WEB = re.compile(
    r"cookie|javascript|browser|subscribe|sign up|log ?in\b|please try again|newsletter|all rights reserved|click here"
    r"|hide caption|toggle caption|getty images|advertisement|follow us|share this|contributed to this (?:report|story)"
    r"|copyright|©|https?://|www\.",
    re.IGNORECASE,
)
_AFTER_BREAK = re.compile(r"[,;”\"»“](?:\s+|\s*[-–—]\s*)([^\W\d_]+)[\s-](?:t-)?([^\W\d_]+)")
_PHRASE = re.compile(r"([^,;:—–\"“”„«»]{2,80}),\s+([^\W\d_]+)")
_TOKEN = re.compile(r"[^\W\d_][\w.’'-]*|[^\w\s]|\d+")
_QUOTATION_MARKS = '"“„«»'


def leans(sentence: str, language: str = "en") -> bool:
    """Whether the sentence needs the one before it: "But ...", "It's also why ...", "In May, she ...", "..., he said"."""
    known = cues(language)
    opening = WORD.findall(sentence[:80].lower().replace("’", "'"))[:4]
    terms = [" ".join(opening[:size]) for size in range(1, len(opening) + 1)]
    if any(term in known.pronoun or term in known.connective for term in terms):
        return True
    return bool(known.person) and (_scene(sentence, known) or _unnamed_speaker(sentence, known))


def lacks(document: Sequence[str], language: str = "en") -> list[tuple[str, ...]]:
    """For each sentence the names that it says in short and an earlier sentence of the document says in full."""
    if cues(language).capital_nouns:
        return [()] * len(document)
    stops = stop_words(language)
    introduced: dict[str, bool] = {}
    result = []
    for sentence in document:
        missing = []
        here: dict[str, bool] = {}
        tokens = _TOKEN.findall(sentence)
        previous = ""
        for number, token in enumerate(tokens):
            name = _bare(token)
            if len(name) > 2 and name[0].isupper():
                following = tokens[number + 1][:1] if number + 1 < len(tokens) and name == token else ""
                full = previous[:1].isupper() and previous.lower() not in stops
                if not full and not following.isupper() and introduced.get(name):
                    missing.append(name)
                here.setdefault(name, full)
            previous = token
        for name, full in here.items():
            introduced.setdefault(name, full)
        result.append(tuple(missing))
    return result


def capitalised(sentence: str) -> list[str]:
    """The words that begin with a capital, without a genitive 's."""
    return [_bare(token) for token in _TOKEN.findall(sentence) if token[0].isupper()]


def flaw(sentence: str, language: str = "en") -> str | None:
    """Why the sentence cannot stand in a summary: a short, stable reason; None when it can."""
    tokens = sentence.split()
    if len(tokens) < FEWEST_WORDS:
        return "fragment"
    if len(tokens) > MOST_WORDS:
        return "too long"
    if not _balanced(sentence):
        return "half a quotation"
    if sentence[0] in _QUOTATION_MARKS and not _attributed(sentence, cues(language)):
        return "quotation without a speaker"
    if not _CLOSED.search(sentence[-8:]):
        return "no end"
    if sentence.lower() != sentence.upper() and sum(token[0].islower() for token in tokens) < 2:
        return "names only"
    return "web page" if _WEB.search(sentence) else None


def _bare(token: str) -> str:
    return token[:-2] if token.endswith(("'s", "’s")) else token


def _scene(sentence: str, known: Cues) -> bool:
    """Whether a phrase without a name comes first and a pronoun follows: "In the past, they ..."."""
    match = _PHRASE.match(sentence)
    if not match or match.group(2).lower() not in known.person:
        return False
    phrase = match.group(1).split()
    names = [word for word in phrase[1:] if word[0].isupper() and word.lower() not in known.calendar]
    return len(phrase) <= OPENING_PHRASE and not names


def _unnamed_speaker(sentence: str, known: Cues) -> bool:
    """Whether words are given to a pronoun: "..., he said", "« ... », dit-elle"."""
    pairs = _AFTER_BREAK.findall(sentence.lower())
    return any((a in known.person and b in known.speech) or (a in known.speech and b in known.person) for a, b in pairs)


def _balanced(sentence: str) -> bool:
    """Whether every quotation mark has its partner; German closes with the mark that opens in English."""
    count = sentence.count
    if count('"') % 2 or count("«") != count("»"):
        return False
    low = count("„")
    return low == count("“") + count("”") if low else count("“") == count("”")


def _attributed(sentence: str, known: Cues) -> bool:
    return not known.speech or any(word in known.speech for word in WORD.findall(sentence.lower()))
