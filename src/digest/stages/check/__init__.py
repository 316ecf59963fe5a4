"""check: `Letter` -> findings. The gate that every issue passes before it leaves.

    errors = [finding for finding in check(letter, issue) if finding.level is Level.ERROR]

Errors stop a send, warnings are shown, infos never matter. The gate knows nothing of our templates: it
reads the finished parts as a mail client would, so it also judges a user's template or a foreign message.
"""

from __future__ import annotations

from digest.stages.check.bisect import blame
from digest.stages.check.finding import Finding, Level, errors_of
from digest.stages.check.gate import check, check_html, check_message, check_text
from digest.stages.check.quoted import literals_in, literals_of

__all__ = [
    "Finding",
    "Level",
    "blame",
    "check",
    "check_html",
    "check_message",
    "check_text",
    "errors_of",
    "literals_in",
    "literals_of",
]
