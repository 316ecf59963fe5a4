"""Bylines: who wrote it, told from what merely begins with "by"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import finished, word_count
from digest.text.dates import find, is_calendar_word
from digest.text.words import stop_words

if TYPE_CHECKING:
    from digest.text.boilerplate import Labels

JOINING = frozenset(
    [
        "and",
        "und",
        "et",
        "y",
        "e",
        "i",
        "en",
        "og",
        "och",
        "&",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "des",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "zu",
        "zur",
        "bin",
        "ibn",
        "al",
        "el",
        "of",
        "for",
        "the",
        "with",
        "mit",
        "avec",
        "con",
        "met",
        "per",
    ]
)
PORTRAIT = re.compile(
    r"^(?:avatar|photo|image|picture|profile|headshot|portrait|author|icon)(?: of)?\s+", re.IGNORECASE
)
ADDRESS = re.compile(r",?\s*[(<]?\b(?:https?://|www\.)(?P<host>[\w.-]+)\S*", re.IGNORECASE)
AFTER = re.compile(r"\s*(?:[|•·/»]|\s[–—-]\s|\b\S+@\S+|@\w+|\(|<).*$")
TITLES = frozenset(
    ["dr", "prof", "sir", "dame", "lord", "mr", "mrs", "ms", "rev", "hon", "jr", "sr", "st", "phd", "md"]
)
NAME = re.compile(r"[^\W\d_][\w’'-]+|[A-Z]\.")
LONGEST = 14  # words of a byline


def read_byline(line: str, labels: Labels) -> tuple[str, str | None] | None:
    """(names, site) of a line that begins with "by" and goes on with names; None for any other line."""
    bare = PORTRAIT.sub("", line)
    match = labels.starts("byline", bare)
    if not match or word_count(line) > LONGEST + 8:
        return None
    rest = bare[match.end() :].lstrip(" :")
    site = ADDRESS.search(rest)
    names = trim_names(rest[: site.start()] if site else rest, labels)
    if not names or not named(names, labels):
        return None
    return names, site["host"].lower().removeprefix("www.") if site else None


def trim_names(text: str, labels: Labels) -> str:
    """`text` without the date, address, site or role that follows the names."""
    printed = find(text)
    if printed:
        text = text[: printed.start]
    text = AFTER.sub("", text).strip(" ,;:|–—-")
    head, comma, tail = text.partition(",")
    if comma and labels.find("role", tail) and not re.search(r"\band\b|&", tail):
        text = head
    front, comma, place = text.rpartition(",")
    if comma and len(front.split()) > 1 and len(place.split()) == 1 and place.strip().lower().strip(".") not in TITLES:
        text = front  # "By Ann Lee, Brussels"
    words = text.split()
    while words and ((is_calendar_word(words[-1]) and len(words) > 2) or labels.starts("published", words[-1])):
        words.pop()
    return " ".join(words).strip(" ,;:|–—-")


def named(text: str, labels: Labels) -> bool:
    """Every word is a name, an initial, a title, or joins names; and there is at least one name."""
    tokens = [token.strip(",;") for token in text.split()]
    if not 1 <= len(tokens) <= LONGEST or any(character.isdigit() for character in text):
        return False
    if finished(text) and not re.search(r"(?:\b[A-Z]|[JS]r|etc)\.$", text):
        return False
    names = [token for token in tokens if _name(token)]
    others = [token for token in tokens if not _name(token)]
    allowed = all(
        token.lower() in JOINING or token.lower().strip(".") in TITLES or labels.starts("staff", token)
        for token in others
    )
    return bool(names) and allowed and not (len(tokens) == 1 and is_calendar_word(tokens[0]))


def lone_name(line: str, text: str) -> bool:
    """Two to four capitalised words that `text` never writes small: a name standing alone."""
    tokens = line.split()
    if not 2 <= len(tokens) <= 4 or not all(NAME.fullmatch(token) for token in tokens) or line.isupper():
        return False
    small = [token.lower() for token in tokens]
    return not any(
        word in stop_words(code) for word in small for code in ("en", "de", "fr", "es", "it", "nl", "pt")
    ) and not any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in small)


def read_role(line: str, labels: Labels) -> str | None:
    """The name in "Ann Lee, Senior Research Fellow" or "Ann Lee | Reporter"; None when the line is anything else."""
    name, comma, role = re.sub(r"\s[|/•·–—]\s", ", ", line, count=1).partition(",")
    if not comma or finished(line) or not 2 <= word_count(name) <= 6 or word_count(line) > 18:
        return None
    functions = sum(token.lower() in stop_words("en") for token in role.split())
    if not named(name, labels) or not labels.find("role", role) or functions > 4:
        return None
    return name.strip()


def _name(token: str) -> bool:
    token = token.strip("()[]“”\"'’")
    return (
        token[:1].isupper()
        or (token[:2].lower() in {"d'", "l'", "o'", "d’", "l’", "o’"} and token[2:3].isupper())
        or (not token.isascii() and not token[:1].islower())
    )
