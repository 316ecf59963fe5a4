"""check: `Letter` -> findings. The gate that every issue passes before it leaves.

    errors = [finding for finding in check(letter, issue) if finding.level is Level.ERROR]

Errors stop a send, warnings are shown, infos never matter. The gate knows nothing of our templates: it
reads the finished parts as a mail client would, so it also judges a user's template or a foreign message.
"""

from __future__ import annotations

from digest.stages.check.bisect import find_refused_stories
from digest.stages.check.finding import Finding, Level, blocking_findings
from digest.stages.check.gate import check_html, check_letter, check_message, check_text
from digest.stages.check.quoted import source_texts_in_json, source_texts_of

__all__ = [
    "Finding",
    "Level",
    "blocking_findings",
    "check_html",
    "check_letter",
    "check_message",
    "check_text",
    "find_refused_stories",
    "source_texts_in_json",
    "source_texts_of",
]
