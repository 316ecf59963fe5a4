"""The gate: which rules a letter, a message or a part goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.stages.check.contrast import check_contrast
from digest.stages.check.document import read_html_part
from digest.stages.check.finding import error
from digest.stages.check.html import HTML_RULES
from digest.stages.check.mail import check_headers, check_mime_parts, read_mail
from digest.stages.check.parts import check_divergence, check_reader_mark, check_text_part, check_verbatim
from digest.stages.check.quoted import SourceTexts, source_texts_of
from digest.stages.check.wording import check_mojibake, check_subject, check_unprintable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Issue, Letter
    from digest.stages.check.document import HtmlPart
    from digest.stages.check.finding import Finding


def check_letter(letter: Letter, issue: Issue | None = None) -> list[Finding]:
    """Judge a letter. With its issue also the quotations, and source text that looks like a mark is known as such."""
    literals = SourceTexts((*(source_texts_of(issue) if issue else ()), letter.mark))
    found = [*check_reader_mark(letter), *check_subject(letter.subject), *check_unprintable(letter.subject, "subject")]
    found += check_mojibake(literals.blank_out(letter.subject), "subject")
    document = read_html_part(letter.html, literals)
    if document is None:
        return [*found, error("empty", "the HTML part is empty")]
    found += _check_part(document)
    found += check_text_part(letter.text, literals)
    found += check_divergence(document, letter.text)
    if issue:
        found += check_verbatim(letter, issue, document)
    return found


def check_html(html: str, literals: Sequence[str] = ()) -> list[Finding]:
    """Judge an HTML part by itself."""
    document = read_html_part(html, SourceTexts(literals))
    return [error("empty", "the HTML part is empty")] if document is None else _check_part(document)


def check_text(text: str, literals: Sequence[str] = ()) -> list[Finding]:
    """Judge a text part by itself."""
    return list(check_text_part(text, SourceTexts(literals)))


def check_message(data: bytes, literals: Sequence[str] = ()) -> list[Finding]:
    """Judge a whole message: headers, structure, both parts, and that they say the same."""
    mail = read_mail(data)
    told = SourceTexts(literals)
    found = [*check_headers(mail, told), *check_mime_parts(mail)]
    text, html = mail.text, mail.html
    if text is not None:
        found += check_text_part(text, told)
    document = read_html_part(html, told) if html is not None else None
    if document is not None:
        found += _check_part(document)
        if text:
            found += check_divergence(document, text)
    return found


def _check_part(document: HtmlPart) -> list[Finding]:
    return [finding for rule in (*HTML_RULES, check_contrast) for finding in rule(document)]
