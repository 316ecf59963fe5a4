"""Captions, photo credits, and the alt texts that stand beside them."""

from __future__ import annotations

import re

from digest.stages.clean.lines import Page, finished, word_count
from digest.stages.clean.names import read_byline, read_role
from digest.text.boilerplate import loose
from digest.text.dates import find
from digest.text.words import stems

LONGEST = 90  # words of a caption
AGENCIES = (
    "AP|AFP|EPA|EFE|Reuters|REUTERS|Getty|Getty Images|AFP via Getty|Shutterstock|iStock|Alamy|Unsplash|Pexels|Pixabay|dpa|DPA|"
    "Bloomberg|Xinhua|TASS|ANSA|PA|PA Wire|PA Media|Anadolu|Keystone|Belga|ANP|Lusa|LUSA|Imago|imago|picture alliance|"
    "Wikimedia|Flickr|CC BY|Creative Commons|UPI|ZUMA|NurPhoto|SOPA Images|Rex|REX|Handout|HANDOUT|Depositphotos|Adobe Stock|"
    "Europa Press|Ritzau|TT|NTB|APA|LaPresse|SIPA|MAXPPP|EPA-EFE"
)
# A credit at the end of a line: bracketed with an agency, after a label and a colon, or after a copyright mark.
BRACKETED = re.compile(
    rf"[\[(](?:[^\[\]()]{{0,60}}/\s?(?:{AGENCIES})\b[^\[\]()]{{0,40}}|(?:{AGENCIES})\b[^\[\]()/]{{0,20}}/[^\[\]()]{{1,40}}|"
    r"(?:[^\[\]()/:]{0,30}:\s?)?[A-Z][\w.’'-]* [A-Z][^\[\]()/\d]{0,40}/\s?[A-Z][^\[\]()\d]{1,40})[\])][.”\"]?$"
)
KINDLY = re.compile(r"[\[(]([^()\[\]]{3,40})[\])]\.?$")  # "(file photo)", "(Symbolbild)"
TAKEN_BY = re.compile(
    r"(?:^|[|—–-]\s|\.\s|\()([^\W\d_]{3,12}) (?:by|von|par|por|di|de|door|courtesy of) [^.]{2,60}\)?\.?$"
)
SLASHED = re.compile(
    rf"(?:^|[\s.:,;)—–-])[^\s/.][^/.]{{0,40}}\s?/\s?(?:[^/.]{{0,30}}\b)?(?:{AGENCIES})(?:\s?/\s?[^/.]{{0,40}})?\)?\.?$"
)
MARKED = re.compile(r"(?:©|\(c\)|ⓒ)\s?(?:(?:19|20)\d\d\s)?[^.]{0,60}\.?$")
LABELLED = re.compile(r"[\s.(\[|—–-]([^\W\d_]{2,}(?: [^\W\d_]{2,})?)\s?:\s?((?:[^.:]|\b[A-Z]\.){2,60})[.)\]]?\.?$")
BARRED = re.compile(rf"\s/\s?(?:{AGENCIES})\b[^.]{{0,40}}$")
VIA = re.compile(rf"\b(?:via|VIA|courtesy of|courtesy)\s+(?:{AGENCIES})\)?\.?$")
AGENCY_ONLY = re.compile(rf"^[^\w]*(?:[^/|,.]{{2,40}}\s?[/|,]\s?)?(?:{AGENCIES})(?:\s?[/|,]\s?[^/|,.]{{2,40}})?[^\w]*$")


def mark_captions(page: Page) -> None:
    """Drop the lines that end with a photo credit or open as a picture's label, and stray alt texts before them."""
    found = [index for index in page.kept() if _caption(page.lines[index], page)]
    for index in found:
        page.drop(index, "caption")
    for index in found:
        if index and page.reasons[index - 1] is None and _alt_text(page, index - 1, index):
            page.drop(index - 1, "alt text")


def _caption(line: str, page: Page) -> bool:
    words = word_count(line)
    if words > LONGEST:
        return False
    tail = line[-140:]
    if (
        BRACKETED.search(tail)
        or MARKED.search(tail)
        or VIA.search(tail)
        or BARRED.search(tail)
        or _named_picture(tail, page)
    ):
        return True
    if words <= 60 and (AGENCY_ONLY.match(line) or SLASHED.search(tail)):
        return True
    return _labelled_end(tail, page) or _labelled_start(line, words, page)


def _named_picture(tail: str, page: Page) -> bool:
    """The line ends by saying what kind of picture it is, or who took it."""
    kind, by = KINDLY.search(tail), TAKEN_BY.search(tail)
    known = page.labels.words("photo") | page.labels.words("credit")
    if kind and loose(kind[1]) in known:
        return True
    return bool(by and loose(by[1]) in known and by[0].rstrip(" .)").split()[-1][:1].isupper())


def _labelled_end(tail: str, page: Page) -> bool:
    match = LABELLED.search(tail)
    if not match:
        return False
    label, name = match[1].lower(), match[2]
    known = page.labels.words("credit")
    capitals = [token[:1].isupper() for token in name.split() if token[:1].isalpha()]
    credited = (bool(capitals) and sum(capitals) * 2 >= len(capitals)) or bool(re.fullmatch(AGENCIES, name.strip()))
    return (label in known or label.split()[-1] in known) and credited


def _labelled_start(line: str, words: int, page: Page) -> bool:
    match = page.labels.starts("photo", line)
    if not match or words > 50:
        return False
    rest = line[match.end() :].lstrip()
    if rest[:1] in {":", "|", "/", "©"}:
        said = rest[1:].lstrip()
        return not (finished(line) and said[:1].islower() and words > 8)
    return words <= 8 and bool(re.match(r"(?:by|courtesy|credit|von|par|por|di|via|door)\b", rest, re.IGNORECASE))


def _alt_text(page: Page, index: int, caption: int) -> bool:
    line = page.lines[index]
    if read_byline(line, page.labels) or read_role(line, page.labels) or find(line):
        return False
    if finished(line) or not 4 <= word_count(line) <= 25 or page.title == line or index == 0:
        return False
    shared = set(stems(line, page.language)) & set(stems(page.lines[caption], page.language))
    return bool(shared)
