"""Sentences: where they begin and end. Rules, no model; linear in the length of the text.

Four things are known that a split after `[.!?]` does not know: abbreviations (per language, in two
classes: never the end, and the end only before a likely first word), initials, closing quotation
marks, and that a quotation of several sentences is one unit, because its parts lose their speaker.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from digest.text.cues import language_cues
from digest.text.words import stop_words

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSERS = "\"”“’'»«›‹)]}」』）"
OPENERS = "\"“„«»‹›‘'([{¿¡「『（"

# The lookbehind keeps a row of dots linear: without it every dot starts an attempt of its own.
_END = re.compile(rf"(?<![.!?…])[.!?…؟۔।]++[{re.escape(CLOSERS)}]*+(?=\s|$)|[。！？]++[{re.escape(CLOSERS)}]*+")
_LINE_PATTERN = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_BULLET = re.compile(r"\s*(?:[-–—•·*▪‣]\s+)?")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DOTTED_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_QUOTE = re.compile(r"[“”„«»\"]")
_CLOSED_BY = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"'}
_MAX_ABBREVIATION_CHARACTERS = 24  # characters looked at before a full stop

_MAX_CHARACTERS_BEFORE_START = 16  # space and marks passed over before a sentence's first letter

_PLACE = r"[^\W\d_a-zß-öø-ÿ][\w.'’-]{0,30}(?: [^\W\d_a-zß-öø-ÿ][\w.'’-]{0,30}){0,3}"
_DATELINE = re.compile(
    rf"(?:{_PLACE}(?:, {_PLACE}){{0,2}}(?:, [^,()–—-]{{3,16}})? ?)?\((?:[A-Z][\w.& -]{{1,24}}|dpa|epd)\)\s*(?:[-–—]{{1,2}}\s+)?"
    rf"|[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ .'’-]{{2,30}}(?:, {_PLACE}){{0,2}}(?:, [^,()–—-]{{3,16}})? ?[-–—]{{1,2}}\s+"
    rf"|{_PLACE}, {_PLACE}(?:, [^,()–—-]{{3,16}})? [-–—]{{1,2}}\s+"
)


class SentenceSpan(NamedTuple):
    """One sentence: `text` is `source[start:end]`, offsets in code points."""

    start: int
    end: int
    text: str


def split_sentences(text: str, language: str = "en") -> list[SentenceSpan]:
    """The sentences of `text` in order, without the white space and bullets around them.

    A line break ends a sentence unless the next line goes on in lower case. Text between balanced
    quotation marks is never cut.
    """
    spans = []
    for start, end in _line_blocks(text):
        begin = start
        for stop in [*_sentence_ends(text, start, end, language), end]:
            first = _BULLET.match(text, begin, stop)
            begin = first.end() if first and begin == start else begin
            body = text[begin:stop]
            left = begin + len(body) - len(body.lstrip())
            right = begin + len(body.rstrip())
            if left < right:
                spans.append(SentenceSpan(left, right, text[left:right]))
            begin = stop
    return spans


def strip_dateline(span: SentenceSpan) -> SentenceSpan:
    """The first sentence of a report without "BRUSSELS (Reuters) - " or "Brussels, Belgium – " before it."""
    line = _DATELINE.match(span.text)
    rest = span.text[line.end() :] if line else ""
    opening = rest.lstrip(OPENERS)[:1]
    if not line or not (opening.isupper() or opening.isdigit()) or len(rest) < len(span.text) // 2:
        return span
    return SentenceSpan(span.start + line.end(), span.end, rest)


def _line_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines that belong together: a line that goes on in lower case is wrapped, not ended."""
    begin = end = -1
    for line in _LINE_PATTERN.finditer(text):
        bare = line.group().strip()
        if not bare:
            continue
        if begin >= 0 and not _continues_previous_line(text, end, line.start(), bare):
            yield begin, end
            begin = -1
        begin = line.start() if begin < 0 else begin
        end = line.start() + len(line.group().rstrip())
    if begin >= 0:
        yield begin, end


def _continues_previous_line(text: str, end: int, start: int, line: str) -> bool:
    """Whether `line` is the wrapped rest of the line that ended at `end`."""
    return line[0].islower() and text[end - 1] not in ".!?…:" and text.count("\n", end, start) <= 1


def _sentence_ends(text: str, start: int, end: int, language: str) -> list[int]:
    """Ends of sentences strictly inside `text[start:end]`."""
    quotations = _quotation_spans(text, start, end)
    opened = [opening for opening, _ in quotations]
    stops = []
    for match in _END.finditer(text, start, end):
        stop = match.end()
        before = bisect_left(opened, stop) - 1
        if before >= 0 and stop <= quotations[before][1]:
            continue
        if stop < end and _may_start_sentence(text, stop, end) and not _is_abbreviation(text, match, end, language):
            stops.append(stop)
    return stops


def _quotation_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Places of the quotation marks that open and close, outermost pairs, in order."""
    straight = text.count('"', start, end) % 2 == 0
    pairs: list[tuple[int, int]] = []
    opening = -1
    for match in _QUOTE.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if mark == '"' and not straight:
            continue
        if opening >= 0 and mark in _CLOSED_BY[text[opening]]:
            pairs.append((opening, at))
            opening = -1
        elif mark in _CLOSED_BY and (opening < 0 or mark == text[opening]):
            opening = at
    return pairs


def _may_start_sentence(text: str, stop: int, end: int) -> bool:
    """Whether a sentence may begin after `stop`: a capital, a digit, a script without case, `iPhone`."""
    at, end = stop, min(end, stop + _MAX_CHARACTERS_BEFORE_START)
    while at < end and (text[at].isspace() or text[at] in OPENERS or text[at] in "-–—•…"):
        at += 1
    if at >= end:
        return False
    first = text[at]
    camel = first.islower() and at + 1 < end and text[at + 1].isupper()
    return camel or not first.islower()


def _is_abbreviation(text: str, match: re.Match[str], end: int, language: str) -> bool:
    """Whether the full stop belongs to the word before it and ends no sentence."""
    if not match.group().startswith(".") or match.group()[1:2] in (".", "!", "?", "…"):
        return False
    dot, known = match.start(), language_cues(language)
    word = _word_before(text, dot)
    bare = word.lower()
    part = re.split(r"[-'’]", bare)[-1]  # R-Ariz., l'on.
    following = _WORD.search(text, match.end(), min(end, match.end() + 40))
    after = following.group() if following else ""
    if following and len(word) <= 2 and len(after) <= 2 and text[following.end() : following.end() + 1] == ".":
        return True  # z. B., EE. UU., J. K.
    if bare in known.numbered and after[:1].isdigit():
        return True
    if (word.isupper() and len(word) > 2 and "." not in word) or (part in known.named and not word[:1].isupper()):
        return False
    if part in known.joined:
        return True
    if known.ordinals and bare.isdigit() and len(bare) <= 2:
        return not _is_likely_opener(after, language)
    uncertain = part in known.open or _DOTTED_INITIALS.fullmatch(bare) or (len(word) == 1 and word.isupper())
    quoted = text[match.end() + 1 : match.end() + 2] in ("“", "„", "«", '"')
    return bool(uncertain) and not _is_likely_opener(after, language) and not quoted


def _word_before(text: str, dot: int) -> str:
    """The token that ends at the full stop, without opening marks; "" when there is none."""
    tail = text[max(0, dot - _MAX_ABBREVIATION_CHARACTERS) : dot]
    return "" if not tail or tail[-1].isspace() else tail.split()[-1].lstrip(OPENERS)


def _is_likely_opener(word: str, language: str) -> bool:
    return word[:1].isupper() and word.lower() in stop_words(language)
