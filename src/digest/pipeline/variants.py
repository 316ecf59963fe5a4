"""Which letter a reader gets: the whole issue, or one in another language or with some themes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.stages.check import blocking_findings, check_letter
from digest.stages.compose import abridge_issue

if TYPE_CHECKING:
    from digest.config import Edition
    from digest.model import Issue, Letter, Reader
    from digest.pipeline import BuiltIssue

MAX_VARIANTS = 200  # letters of one issue for readers of other languages and themes


def variant_of(reader: Reader) -> str:
    """Which letter of an issue a reader gets: "" is the whole one in the edition's language."""
    themes = ",".join(sorted({theme.casefold() for theme in reader.themes}))
    return f"{reader.language or ''}|{themes}" if reader.language or themes else ""


def render_variants(built: BuiltIssue, edition: Edition) -> dict[str, Letter | None]:
    """The letters that the edition's readers need, by variant; None where the issue holds nothing for them.

    Beyond MAX_VARIANTS a wish is answered with the whole issue, rather than with another hundred renderings.
    """
    letters: dict[str, Letter | None] = {"": built.letter}
    for reader in edition.readers:
        variant = variant_of(reader)
        if variant in letters:
            continue
        if len(letters) >= MAX_VARIANTS:
            letters[variant] = built.letter
            continue
        issue = abridge_issue(built.issue, themes=reader.themes, language=reader.language)
        letters[variant] = None if issue is None else _render_variant(built, issue, edition)
    return letters


def _render_variant(built: BuiltIssue, issue: Issue, edition: Edition) -> Letter:
    """The letter of an abridged issue; the whole one, which passed the gate, when the abridged one does not."""
    letter = edition.renderer.render(issue, number=built.number)
    return built.letter if blocking_findings(check_letter(letter, issue)) else letter
