"""Lines that are furniture wherever they stand. Each rule needs the shape of the line as well as its words."""

from __future__ import annotations

import re

from digest.stages.clean.lines import LETTER, ends_sentence, word_count
from digest.text.boilerplate import PhraseLists, comparison_key

QUOTED_EDGE = re.compile(r"^[“\"„«»‘'「]|[”\"“«»’'」]$")
COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)
COPYRIGHT_YEAR = re.compile(
    r"(?:©|copyright|\(c\))\W{0,4}(?:19|20)\d\d|(?:19|20)\d\d\W{0,4}(?:©|copyright)", re.IGNORECASE
)
ADDRESS_ONLY = re.compile(r"^(?:https?://|www\.)\S+$|^\S+@\S+\.\w{2,}$|^@\w{2,30}$")
MENU_SEPARATOR = re.compile(r"\s*[|•·»›>/]\s*")
CODE_LIKE_LINE = re.compile(
    r"^(?=[\x21-\x7e]{20,}$)(?=.*[+=/<>{}$_\\])\S+$"
)  # one long "word" of signs: encoded or script text
HASHTAGS = re.compile(r"^(?:#\w+[\s,]*)+$")
TRUNCATION_MARK = re.compile(r"\[\+?\d+ (?:chars|characters|more words)\]$|\[(?:…|\.\.\.)\]$")
COUNT_NUMBER = re.compile(r"\d+(?:[.,]\d+)?[km]?", re.IGNORECASE)


def boilerplate_reason(line: str, labels: PhraseLists) -> str | None:
    """The reason why a line is furniture, or None. Long lines are only suspected of being legal notices."""
    if not LETTER.search(line):
        return "separator"
    words = word_count(line)
    if words > 90:
        return None
    key = comparison_key(line[:400])
    if key in labels.phrase_keys("advert"):
        return "advertisement"
    if key in labels.phrase_keys("continue"):
        return "continue"
    if _is_menu(line, labels):
        return "marker"
    if key in labels.phrase_keys("marker") and not (ends_sentence(line) and line[-1] in "!?"):
        return "marker"
    for rule in (
        _share_reason,
        _count_reason,
        _address_reason,
        _tags_reason,
        _note_reason,
        _legal_reason,
        _promotion_reason,
        _credit_reason,
    ):
        reason = rule(line, words, labels)
        if reason:
            return reason
    return None


def _is_menu(line: str, labels: PhraseLists) -> bool:
    """Menu words between bars: "Sign in | Subscribe"."""
    pieces = [comparison_key(piece) for piece in MENU_SEPARATOR.split(line)] if len(line) < 120 else []
    known = labels.phrase_keys("marker") | labels.phrase_keys("fine_print")
    return len(pieces) > 1 and all(not piece or piece in known for piece in pieces)


def says_truncated(line: str, labels: PhraseLists) -> bool:
    """The line tells that the copy ends before the article does."""
    return bool(TRUNCATION_MARK.search(line[-60:])) or (
        len(line) < 120 and comparison_key(line) in labels.phrase_keys("continue")
    )


def _share_reason(line: str, words: int, labels: PhraseLists) -> str | None:
    tokens = comparison_key(line).split()
    if not tokens or words > 25:
        return None
    known = labels.phrase_keys("share")
    if all(token in known or token.isdigit() for token in tokens) and any(
        t in labels.phrase_keys("network") for t in tokens
    ):
        return "share"
    starts = labels.match_start("share_start", line)
    named = sum(token in labels.phrase_keys("network") for token in tokens) > 1
    short = words <= 8 and not (ends_sentence(line) and line[-1] == ".") and not QUOTED_EDGE.search(line)
    return "share" if starts and (named or short) else None


def _count_reason(line: str, words: int, labels: PhraseLists) -> str | None:
    if words > 6:
        return None
    tokens = [token for token in comparison_key(line).split() if not COUNT_NUMBER.fullmatch(token)]
    if len(tokens) < len(comparison_key(line).split()) and tokens:
        rest = " ".join(tokens)
        if rest in labels.phrase_keys("count"):
            return "comments"
        if rest in labels.phrase_keys("minutes"):
            return "reading time"
    return None


def _address_reason(line: str, _words: int, _labels: PhraseLists) -> str | None:
    if ADDRESS_ONLY.match(line):
        return "address"
    if CODE_LIKE_LINE.match(line):
        return "code"
    return "tags" if HASHTAGS.match(line) else None


def _tags_reason(line: str, words: int, labels: PhraseLists) -> str | None:
    match = labels.match_start("tags", line)
    if not match or words > 40 or ends_sentence(line):
        return None
    return "tags" if line[match.end() :].lstrip()[:1] in {":", "|", "–"} else None


def _note_reason(line: str, words: int, labels: PhraseLists) -> str | None:
    match = labels.match_start("note", line)
    if not match or line[match.end() :].lstrip()[:1] not in {":", "–", "-", "—"}:
        return None
    return "note" if words <= 60 and labels.find_phrases("self", line) else None


def _legal_reason(line: str, words: int, labels: PhraseLists) -> str | None:
    if COPYRIGHT.match(line) and words <= 60 and (words <= 12 or COPYRIGHT_YEAR.search(line)):
        return "copyright"
    if QUOTED_EDGE.search(line):
        return None
    if words <= 60 and labels.find_phrases("elsewhere", line) and labels.find_phrases("self", line):
        return "notice"
    strong, weak = len(labels.find_phrases("legal", line)), len(labels.find_phrases("fine_print", line))
    if strong and words <= 70:
        return "notice"
    bound = 6 if ends_sentence(line) else 12  # a sentence may well speak of privacy policies
    return "notice" if weak > 1 and words <= bound * weak else None


def _promotion_reason(line: str, words: int, labels: PhraseLists) -> str | None:
    if words > 40 or QUOTED_EDGE.search(line) or not labels.match_start("promote", line):
        return None
    objects, addressed = len(labels.find_phrases("object", line)), len(labels.find_phrases("address", line))
    if "@" in line and words <= 14:
        return "promotion"
    return "promotion" if objects and (addressed or (words <= 9 and not ends_sentence(line))) else None


def _credit_reason(line: str, words: int, labels: PhraseLists) -> str | None:
    bare = line.lstrip("( [—–-*")
    if words > 60 or not (labels.match_start("desk", bare) or (labels.find_phrases("desk", line) and words <= 25)):
        return None
    names = sum(token[:1].isupper() for token in bare.split())
    return "credit" if names * 3 >= words else None
