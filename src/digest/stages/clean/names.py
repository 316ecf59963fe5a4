"""Bylines: who wrote it, told from what merely begins with "by"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.stages.clean.lines import ends_sentence, word_count
from digest.text.dates import find_date, is_calendar_word
from digest.text.words import stop_words

if TYPE_CHECKING:
    from digest.text.boilerplate import PhraseLists

NAME_JOINERS = frozenset(
    """
    and und et y e i en og och & de da do dos das del della di du des la le van von der den ter ten zu zur bin
    ibn al el of for the with mit avec con met per
    """.split()
)
PORTRAIT_LABEL = re.compile(
    r"^(?:avatar|photo|image|picture|profile|headshot|portrait|author|icon)(?: of)?\s+", re.IGNORECASE
)
BYLINE_SITE = re.compile(r",?\s*[(<]?\b(?:https?://|www\.)(?P<host>[\w.-]+)\S*", re.IGNORECASE)
AFTER_NAMES = re.compile(r"\s*(?:[|•·/»]|\s[–—-]\s|\b\S+@\S+|@\w+|\(|<).*$")
PERSONAL_TITLES = frozenset(
    ["dr", "prof", "sir", "dame", "lord", "mr", "mrs", "ms", "rev", "hon", "jr", "sr", "st", "phd", "md"]
)
NAME_TOKEN = re.compile(r"[^\W\d_][\w’'-]+|[A-Z]\.")
MAX_BYLINE_WORDS = 14  # words of a byline


def parse_byline(line: str, labels: PhraseLists) -> tuple[str, str | None] | None:
    """(names, site) of a line that begins with "by" and goes on with names; None for any other line."""
    bare = PORTRAIT_LABEL.sub("", line)
    match = labels.match_start("byline", bare)
    if not match or word_count(line) > MAX_BYLINE_WORDS + 8:
        return None
    rest = bare[match.end() :].lstrip(" :")
    site = BYLINE_SITE.search(rest)
    names = trim_names(rest[: site.start()] if site else rest, labels)
    if not names or not is_name_list(names, labels):
        return None
    return names, site["host"].lower().removeprefix("www.") if site else None


def trim_names(text: str, labels: PhraseLists) -> str:
    """`text` without the date, address, site or role that follows the names."""
    printed = find_date(text)
    if printed:
        text = text[: printed.start]
    text = AFTER_NAMES.sub("", text).strip(" ,;:|–—-")
    head, comma, tail = text.partition(",")
    if comma and labels.find_phrases("role", tail) and not re.search(r"\band\b|&", tail):
        text = head
    front, comma, place = text.rpartition(",")
    if (
        comma
        and len(front.split()) > 1
        and len(place.split()) == 1
        and place.strip().lower().strip(".") not in PERSONAL_TITLES
    ):
        text = front  # "By Ann Lee, Brussels"
    words = text.split()
    while words and ((is_calendar_word(words[-1]) and len(words) > 2) or labels.match_start("published", words[-1])):
        words.pop()
    return " ".join(words).strip(" ,;:|–—-")


def is_name_list(text: str, labels: PhraseLists) -> bool:
    """Every word is a name, an initial, a title, or joins names; and there is at least one name."""
    tokens = [token.strip(",;") for token in text.split()]
    if not 1 <= len(tokens) <= MAX_BYLINE_WORDS or any(character.isdigit() for character in text):
        return False
    if ends_sentence(text) and not re.search(r"(?:\b[A-Z]|[JS]r|etc)\.$", text):
        return False
    names = [token for token in tokens if _looks_like_name(token)]
    others = [token for token in tokens if not _looks_like_name(token)]
    allowed = all(
        token.lower() in NAME_JOINERS
        or token.lower().strip(".") in PERSONAL_TITLES
        or labels.match_start("staff", token)
        for token in others
    )
    return bool(names) and allowed and not (len(tokens) == 1 and is_calendar_word(tokens[0]))


def is_lone_name(line: str, text: str) -> bool:
    """Two to four capitalised words that `text` never writes small: a name standing alone."""
    tokens = line.split()
    if not 2 <= len(tokens) <= 4 or not all(NAME_TOKEN.fullmatch(token) for token in tokens) or line.isupper():
        return False
    small = [token.lower() for token in tokens]
    return not any(
        word in stop_words(code) for word in small for code in ("en", "de", "fr", "es", "it", "nl", "pt")
    ) and not any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in small)


def name_before_role(line: str, labels: PhraseLists) -> str | None:
    """The name in "Ann Lee, Senior Research Fellow" or "Ann Lee | Reporter"; None when the line is anything else."""
    name, comma, role = re.sub(r"\s[|/•·–—]\s", ", ", line, count=1).partition(",")
    if not comma or ends_sentence(line) or not 2 <= word_count(name) <= 6 or word_count(line) > 18:
        return None
    functions = sum(token.lower() in stop_words("en") for token in role.split())
    if not is_name_list(name, labels) or not labels.find_phrases("role", role) or functions > 4:
        return None
    return name.strip()


def _looks_like_name(token: str) -> bool:
    token = token.strip("()[]“”\"'’")
    return (
        token[:1].isupper()
        or (token[:2].lower() in {"d'", "l'", "o'", "d’", "l’", "o’"} and token[2:3].isupper())
        or (not token.isascii() and not token[:1].islower())
    )
