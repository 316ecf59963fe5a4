"""Rules over text, whichever part it stands in."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from digest.stages.check.finding import error, shorten, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.stages.check.finding import Finding

# What a template leaves behind when it was not filled in: ours, other engines', a repr, a reader's mark.
TEMPLATE_MARK = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{#[^0-9a-fA-F]|<%|\$\{[A-Za-z_]|\*\|[A-Z_:]+\|\*|%%[A-Za-z_]+%%|%7B%7B"
    r"|<built-in|<bound method|\[object Object\]|\d+reader\d*token\d+|qzx*\d{5}z",
    re.IGNORECASE,
)
EMPTY_VALUE = re.compile(
    r"^\W*(?:None|nan|NaN|NaT|null|undefined)\W*$"
    r"|\b(?:None|NaN|nan|NaT|undefined|null) (?:min|minutes|words|articles|stories|sources|read)\b"
    r"|(?:^|[:=·|(] *)(?:nan|NaN|NaT|None|undefined)(?= *(?:$|[·|,;)]))|\b(?:by|from) None\b"
)
SHOWN_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+|mdash|rsquo);")
SHOWN_TAG = re.compile(r"</?(?:p|a|b|i|br|div|span|strong|em|img|td|tr|table)\b[^<>]{0,200}>", re.IGNORECASE)
MOJIBAKE_PATTERN = re.compile(
    "\u00c3[\u0080-\u00bf]|\u00e2\u20ac[\u2122\u0153\u009d\u201c\u00a6]|\u00c2[\u00a0-\u00bf]|\ufffd"
)
UNSUBSCRIBE_WORD = re.compile(
    r"unsubscri|opt.?out|abmelden|abbestell|désabonn|désinscri|cancelar|disiscri|afmelden|darse de baja|dar de baja",
    re.IGNORECASE,
)
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def check_placeholders(text: str, where: str) -> Iterator[Finding]:
    """Marks of a template, and empty values shown as words."""
    if found := TEMPLATE_MARK.search(text):
        yield error(
            "mark", f"{where}: {shorten(text[max(0, found.start() - 15) : found.end() + 25])!r} was not filled in"
        )
    elif EMPTY_VALUE.search(text):
        yield error("mark", f"{where}: {shorten(text)!r} shows an empty value")


def check_unprintable(text: str, where: str) -> Iterator[Finding]:
    """Controls, lone surrogates, direction overrides."""
    wrong = sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n\r"})
    if wrong:
        yield error("control", f"{where}: control characters {', '.join(wrong[:6])}; Gmail clips a message at some")
    if DIRECTION_OVERRIDES.search(text):
        yield error("direction", f"{where}: a direction override or isolate reverses what follows it")


def check_mojibake(text: str, where: str) -> Iterator[Finding]:
    """Text decoded with the wrong charset."""
    if found := MOJIBAKE_PATTERN.search(text):
        yield error(
            "charset", f"{where}: {shorten(text[max(0, found.start() - 20) :][:40])!r} was read in a wrong charset"
        )


def check_unfinished(text: str, where: str) -> Iterator[Finding]:
    """What the letter's makers left undone, as shown: marks, empty values, markup, a wrong charset."""
    yield from check_placeholders(text, where)
    yield from check_double_escaping(text, where)
    yield from check_mojibake(text, where)


def check_double_escaping(text: str, where: str) -> Iterator[Finding]:
    """Entities and tags that the reader sees as such."""
    if found := SHOWN_ENTITY.search(text):
        yield error("escaped", f"{where}: {found[0]!r} is shown: escaped twice")
    if found := SHOWN_TAG.search(text):
        yield error("escaped", f"{where}: {shorten(found[0])!r} is shown as text")


def long_words(text: str) -> list[str]:
    """Words of more than 40 letters in scripts that break lines at spaces."""
    return [word for word in re.findall(r"\w{41,}", text) if max(word) < "\u1100"]


def check_subject(subject: str) -> Iterator[Finding]:
    if len(subject) > 78:
        yield warning("subject", f"{len(subject)} characters; phones show about 40")
    if subject.isupper() and len(subject) > 8:
        yield warning("subject", "all in capitals: filters take that for shouting")
