"""Captions, photo credits, and the alt texts that stand beside them."""

from __future__ import annotations

import re

from digest.stages.clean.lines import DocumentLines, ends_sentence, word_count
from digest.stages.clean.names import name_before_role, parse_byline
from digest.text.boilerplate import comparison_key
from digest.text.dates import find_date
from digest.text.words import content_stems

MAX_CAPTION_WORDS = 90  # words of a caption
AGENCIES = (
    "AP|AFP|EPA|EFE|Reuters|REUTERS|Getty|Getty Images|AFP via Getty|Shutterstock|iStock|Alamy|Unsplash|Pexels|Pixabay|dpa|DPA|"
    "Bloomberg|Xinhua|TASS|ANSA|PA|PA Wire|PA Media|Anadolu|Keystone|Belga|ANP|Lusa|LUSA|Imago|imago|picture alliance|"
    "Wikimedia|Flickr|CC BY|Creative Commons|UPI|ZUMA|NurPhoto|SOPA Images|Rex|REX|Handout|HANDOUT|Depositphotos|Adobe Stock|"
    "Europa Press|Ritzau|TT|NTB|APA|LaPresse|SIPA|MAXPPP|EPA-EFE"
)
# A credit at the end of a line: bracketed with an agency, after a label and a colon, or after a copyright mark.
BRACKETED_CREDIT = re.compile(
    rf"[\[(](?:[^\[\]()]{{0,60}}/\s?(?:{AGENCIES})\b[^\[\]()]{{0,40}}|(?:{AGENCIES})\b[^\[\]()/]{{0,20}}/[^\[\]()]{{1,40}}|"
    r"(?:[^\[\]()/:]{0,30}:\s?)?[A-Z][\w.’'-]* [A-Z][^\[\]()/\d]{0,40}/\s?[A-Z][^\[\]()\d]{1,40})[\])][.”\"]?$"
)
PICTURE_KIND = re.compile(r"[\[(]([^()\[\]]{3,40})[\])]\.?$")  # "(file photo)", "(Symbolbild)"
TAKEN_BY = re.compile(
    r"(?:^|[|—–-]\s|\.\s|\()([^\W\d_]{3,12}) (?:by|von|par|por|di|de|door|courtesy of) [^.]{2,60}\)?\.?$"
)
SLASHED_CREDIT = re.compile(
    rf"(?:^|[\s.:,;)—–-])[^\s/.][^/.]{{0,40}}\s?/\s?(?:[^/.]{{0,30}}\b)?(?:{AGENCIES})(?:\s?/\s?[^/.]{{0,40}})?\)?\.?$"
)
COPYRIGHT_CREDIT = re.compile(r"(?:©|\(c\)|ⓒ)\s?(?:(?:19|20)\d\d\s)?[^.]{0,60}\.?$")
LABELLED_CREDIT = re.compile(
    r"[\s.(\[|—–-]([^\W\d_]{2,}(?: [^\W\d_]{2,})?)\s?:\s?((?:[^.:]|\b[A-Z]\.){2,60})[.)\]]?\.?$"
)
AGENCY_AFTER_SLASH = re.compile(rf"\s/\s?(?:{AGENCIES})\b[^.]{{0,40}}$")
VIA_AGENCY = re.compile(rf"\b(?:via|VIA|courtesy of|courtesy)\s+(?:{AGENCIES})\)?\.?$")
AGENCY_ONLY = re.compile(rf"^[^\w]*(?:[^/|,.]{{2,40}}\s?[/|,]\s?)?(?:{AGENCIES})(?:\s?[/|,]\s?[^/|,.]{{2,40}})?[^\w]*$")


def drop_captions(page: DocumentLines) -> None:
    """Drop the lines that end with a photo credit or open as a picture's label, and stray alt texts before them."""
    found = [index for index in page.kept_indexes() if _is_caption(page.lines[index], page)]
    for index in found:
        page.drop_line(index, "caption")
    for index in found:
        if index and page.reasons[index - 1] is None and _is_alt_text(page, index - 1, index):
            page.drop_line(index - 1, "alt text")


def _is_caption(line: str, page: DocumentLines) -> bool:
    words = word_count(line)
    if words > MAX_CAPTION_WORDS:
        return False
    tail = line[-140:]
    if (
        BRACKETED_CREDIT.search(tail)
        or COPYRIGHT_CREDIT.search(tail)
        or VIA_AGENCY.search(tail)
        or AGENCY_AFTER_SLASH.search(tail)
        or _ends_with_picture_note(tail, page)
    ):
        return True
    if words <= 60 and (AGENCY_ONLY.match(line) or SLASHED_CREDIT.search(tail)):
        return True
    return _ends_with_credit(tail, page) or _starts_with_photo_label(line, words, page)


def _ends_with_picture_note(tail: str, page: DocumentLines) -> bool:
    """The line ends by saying what kind of picture it is, or who took it."""
    kind, by = PICTURE_KIND.search(tail), TAKEN_BY.search(tail)
    known = page.labels.phrase_keys("photo") | page.labels.phrase_keys("credit")
    if kind and comparison_key(kind[1]) in known:
        return True
    return bool(by and comparison_key(by[1]) in known and by[0].rstrip(" .)").split()[-1][:1].isupper())


def _ends_with_credit(tail: str, page: DocumentLines) -> bool:
    match = LABELLED_CREDIT.search(tail)
    if not match:
        return False
    label, name = match[1].lower(), match[2]
    known = page.labels.phrase_keys("credit")
    capitals = [token[:1].isupper() for token in name.split() if token[:1].isalpha()]
    credited = (bool(capitals) and sum(capitals) * 2 >= len(capitals)) or bool(re.fullmatch(AGENCIES, name.strip()))
    return (label in known or label.split()[-1] in known) and credited


def _starts_with_photo_label(line: str, words: int, page: DocumentLines) -> bool:
    match = page.labels.match_start("photo", line)
    if not match or words > 50:
        return False
    rest = line[match.end() :].lstrip()
    if rest[:1] in {":", "|", "/", "©"}:
        said = rest[1:].lstrip()
        return not (ends_sentence(line) and said[:1].islower() and words > 8)
    return words <= 8 and bool(re.match(r"(?:by|courtesy|credit|von|par|por|di|via|door)\b", rest, re.IGNORECASE))


def _is_alt_text(page: DocumentLines, index: int, caption: int) -> bool:
    line = page.lines[index]
    if parse_byline(line, page.labels) or name_before_role(line, page.labels) or find_date(line):
        return False
    if ends_sentence(line) or not 4 <= word_count(line) <= 25 or page.title == line or index == 0:
        return False
    shared = set(content_stems(line, page.language)) & set(content_stems(page.lines[caption], page.language))
    return bool(shared)
