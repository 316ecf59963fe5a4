"""The gate: which rules a letter, a message or a part goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.stages.check.contrast import contrasts
from digest.stages.check.document import read
from digest.stages.check.finding import error
from digest.stages.check.html import RULES
from digest.stages.check.mail import headers, parts, read_mail
from digest.stages.check.parts import divergence, reader_mark, text_part, verbatim
from digest.stages.check.quoted import Literals, literals_of
from digest.stages.check.wording import misread, too_long_subject, unprintable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Issue, Letter
    from digest.stages.check.document import Document
    from digest.stages.check.finding import Finding


def check(letter: Letter, issue: Issue | None = None) -> list[Finding]:
    """Judge a letter. With its issue also the quotations, and source text that looks like a mark is known as such."""
    literals = Literals((*(literals_of(issue) if issue else ()), letter.mark))
    found = [*reader_mark(letter), *too_long_subject(letter.subject), *unprintable(letter.subject, "subject")]
    found += misread(literals.without(letter.subject), "subject")
    document = read(letter.html, literals)
    if document is None:
        return [*found, error("empty", "the HTML part is empty")]
    found += _page(document)
    found += text_part(letter.text, literals)
    found += divergence(document, letter.text)
    if issue:
        found += verbatim(letter, issue, document)
    return found


def check_html(html: str, literals: Sequence[str] = ()) -> list[Finding]:
    """Judge an HTML part by itself."""
    document = read(html, Literals(literals))
    return [error("empty", "the HTML part is empty")] if document is None else _page(document)


def check_text(text: str, literals: Sequence[str] = ()) -> list[Finding]:
    """Judge a text part by itself."""
    return list(text_part(text, Literals(literals)))


def check_message(data: bytes, literals: Sequence[str] = ()) -> list[Finding]:
    """Judge a whole message: headers, structure, both parts, and that they say the same."""
    mail = read_mail(data)
    told = Literals(literals)
    found = [*headers(mail, told), *parts(mail)]
    text, html = mail.text, mail.html
    if text is not None:
        found += text_part(text, told)
    document = read(html, told) if html is not None else None
    if document is not None:
        found += _page(document)
        if text:
            found += divergence(document, text)
    return found


def _page(document: Document) -> list[Finding]:
    return [finding for rule in (*RULES, contrasts) for finding in rule(document)]
