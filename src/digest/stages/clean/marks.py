"""Lines that are furniture wherever they stand. Each rule needs the shape of the line as well as its words."""

from __future__ import annotations

import re

from digest.stages.clean.lines import LETTER, finished, word_count
from digest.text.boilerplate import Labels, loose

QUOTED = re.compile(r"^[“\"„«»‘'「]|[”\"“«»’'」]$")
COPYRIGHT = re.compile(r"^(?:©|\(c\)\s|copyright\b)", re.IGNORECASE)
COPYRIGHT_YEAR = re.compile(
    r"(?:©|copyright|\(c\))\W{0,4}(?:19|20)\d\d|(?:19|20)\d\d\W{0,4}(?:©|copyright)", re.IGNORECASE
)
ADDRESS_ONLY = re.compile(r"^(?:https?://|www\.)\S+$|^\S+@\S+\.\w{2,}$|^@\w{2,30}$")
BARS = re.compile(r"\s*[|•·»›>/]\s*")
CODE = re.compile(r"^(?=[\x21-\x7e]{20,}$)(?=.*[+=/<>{}$_\\])\S+$")  # one long "word" of signs: encoded or script text
HASHTAGS = re.compile(r"^(?:#\w+[\s,]*)+$")
CUT = re.compile(r"\[\+?\d+ (?:chars|characters|more words)\]$|\[(?:…|\.\.\.)\]$")
DIGITS = re.compile(r"\d+(?:[.,]\d+)?[km]?", re.IGNORECASE)


def furniture(line: str, labels: Labels) -> str | None:
    """The reason why a line is furniture, or None. Long lines are only suspected of being legal notices."""
    if not LETTER.search(line):
        return "separator"
    words = word_count(line)
    if words > 90:
        return None
    key = loose(line[:400])
    if key in labels.words("advert"):
        return "advertisement"
    if key in labels.words("continue"):
        return "continue"
    if _menu(line, labels):
        return "marker"
    if key in labels.words("marker") and not (finished(line) and line[-1] in "!?"):
        return "marker"
    for rule in (_share, _count, _address, _tags, _note, _legal, _promotion, _desk):
        reason = rule(line, words, labels)
        if reason:
            return reason
    return None


def _menu(line: str, labels: Labels) -> bool:
    """Menu words between bars: "Sign in | Subscribe"."""
    pieces = [loose(piece) for piece in BARS.split(line)] if len(line) < 120 else []
    known = labels.words("marker") | labels.words("fine_print")
    return len(pieces) > 1 and all(not piece or piece in known for piece in pieces)


def says_cut(line: str, labels: Labels) -> bool:
    """The line tells that the copy ends before the article does."""
    return bool(CUT.search(line[-60:])) or (len(line) < 120 and loose(line) in labels.words("continue"))


def _share(line: str, words: int, labels: Labels) -> str | None:
    tokens = loose(line).split()
    if not tokens or words > 25:
        return None
    known = labels.words("share")
    if all(token in known or token.isdigit() for token in tokens) and any(t in labels.words("network") for t in tokens):
        return "share"
    starts = labels.starts("share_start", line)
    named = sum(token in labels.words("network") for token in tokens) > 1
    short = words <= 8 and not (finished(line) and line[-1] == ".") and not QUOTED.search(line)
    return "share" if starts and (named or short) else None


def _count(line: str, words: int, labels: Labels) -> str | None:
    if words > 6:
        return None
    tokens = [token for token in loose(line).split() if not DIGITS.fullmatch(token)]
    if len(tokens) < len(loose(line).split()) and tokens:
        rest = " ".join(tokens)
        if rest in labels.words("count"):
            return "comments"
        if rest in labels.words("minutes"):
            return "reading time"
    return None


def _address(line: str, _words: int, _labels: Labels) -> str | None:
    if ADDRESS_ONLY.match(line):
        return "address"
    if CODE.match(line):
        return "code"
    return "tags" if HASHTAGS.match(line) else None


def _tags(line: str, words: int, labels: Labels) -> str | None:
    match = labels.starts("tags", line)
    if not match or words > 40 or finished(line):
        return None
    return "tags" if line[match.end() :].lstrip()[:1] in {":", "|", "–"} else None


def _note(line: str, words: int, labels: Labels) -> str | None:
    match = labels.starts("note", line)
    if not match or line[match.end() :].lstrip()[:1] not in {":", "–", "-", "—"}:
        return None
    return "note" if words <= 60 and labels.find("self", line) else None


def _legal(line: str, words: int, labels: Labels) -> str | None:
    if COPYRIGHT.match(line) and words <= 60 and (words <= 12 or COPYRIGHT_YEAR.search(line)):
        return "copyright"
    if QUOTED.search(line):
        return None
    if words <= 60 and labels.find("elsewhere", line) and labels.find("self", line):
        return "notice"
    strong, weak = len(labels.find("legal", line)), len(labels.find("fine_print", line))
    if strong and words <= 70:
        return "notice"
    bound = 6 if finished(line) else 12  # a sentence may well speak of privacy policies
    return "notice" if weak > 1 and words <= bound * weak else None


def _promotion(line: str, words: int, labels: Labels) -> str | None:
    if words > 40 or QUOTED.search(line) or not labels.starts("promote", line):
        return None
    objects, addressed = len(labels.find("object", line)), len(labels.find("address", line))
    if "@" in line and words <= 14:
        return "promotion"
    return "promotion" if objects and (addressed or (words <= 9 and not finished(line))) else None


def _desk(line: str, words: int, labels: Labels) -> str | None:
    bare = line.lstrip("( [—–-*")
    if words > 60 or not (labels.starts("desk", bare) or (labels.find("desk", line) and words <= 25)):
        return None
    names = sum(token[:1].isupper() for token in bare.split())
    return "credit" if names * 3 >= words else None
