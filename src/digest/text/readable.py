"""Which sentences can stand in a summary: rules a reader would give, no model.

A sentence *dangles* when it opens with a pronoun or a connective and so needs the one before it. It has a
*flaw* when it cannot stand even behind its predecessor: a piece of a quotation, a fragment, web junk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.text.cues import cues
from digest.text.words import WORD

if TYPE_CHECKING:
    from digest.text.cues import Cues

FEWEST_WORDS = 6  # fewer is a fragment
MOST_WORDS = 60  # more is a list or a paragraph without a full stop

_OPENING = "\"“„«»‹‘'([ \u00a0\u202f"
_CLOSED = re.compile(r"[.!?…。！？؟।۔][\"”“’'»«)\]」』\s]*$")
_WEB = re.compile(
    r"cookie|javascript|browser|subscribe|sign up|log ?in\b|please try again|newsletter|all rights reserved|click here"
    r"|hide caption|toggle caption|getty images|advertisement|follow us|share this|contributed to this (?:report|story)"
    r"|copyright|©|https?://|www\.",
    re.IGNORECASE,
)


def dangles(sentence: str, language: str = "en") -> bool:
    """Whether the sentence opens with a pronoun or connective that points to what came before."""
    known = cues(language)
    opening = WORD.findall(sentence[:80].lower().replace("’", "'"))[:4]
    terms = [" ".join(opening[:size]) for size in range(1, len(opening) + 1)]
    return any(term in known.pronoun or term in known.connective for term in terms)


def flaw(sentence: str, language: str = "en") -> str | None:
    """Why the sentence cannot stand in a summary: a short, stable reason; None when it can."""
    size = len(sentence.split())
    if size < FEWEST_WORDS:
        return "fragment"
    if size > MOST_WORDS:
        return "too long"
    if not _balanced(sentence):
        return "half a quotation"
    if sentence[0] in '"“„«»' and not _attributed(sentence, cues(language)):
        return "quotation without a speaker"
    if not _CLOSED.search(sentence[-8:]):
        return "no end"
    return "web page" if _WEB.search(sentence) else None


def _balanced(sentence: str) -> bool:
    """Whether every quotation mark has its partner; German closes with the mark that opens in English."""
    count = sentence.count
    if count('"') % 2 or count("«") != count("»"):
        return False
    low = count("„")
    return low == count("“") + count("”") if low else count("“") == count("”")


def _attributed(sentence: str, known: Cues) -> bool:
    return not known.speech or any(word in known.speech for word in WORD.findall(sentence.lower()))
