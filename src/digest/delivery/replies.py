"""What a mail server's replies mean: reply codes and enhanced status codes (RFC 5321, RFC 3463) to verdicts."""

from __future__ import annotations

import re

from digest.delivery.model import Phase, Verdict

ENHANCED_CODE = re.compile(r"[245]\.(\d{1,3})\.\d{1,3}\b")  # RFC 3463
BLAMELESS_SUBJECTS = frozenset("234567")  # subjects of RFC 3463 that say nothing against the address


def classify_reply(phase: Phase, code: int, text: str = "") -> Verdict:
    """What an SMTP reply in a phase means (RFC 5321 section 4.2; RFC 3463 for 5xx at RCPT)."""
    if 200 <= code < 300:
        return Verdict.SENT
    if code == 421 or not 400 <= code < 600:
        return Verdict.AMBIGUOUS if phase is Phase.DOT and code != 421 else Verdict.CONNECTION
    if code in {530, 534, 535, 538}:
        return Verdict.CONFIGURATION
    return _temporary_verdict(phase) if code < 500 else _permanent_verdict(phase, text)


def _temporary_verdict(phase: Phase) -> Verdict:
    return Verdict.TEMPORARY if phase in {Phase.RCPT, Phase.DATA, Phase.DOT} else Verdict.CONNECTION


def _permanent_verdict(phase: Phase, text: str) -> Verdict:
    if phase is Phase.RCPT:
        found = ENHANCED_CODE.match(text)
        subject = found[1] if found else "1"
        if subject == "7":
            return Verdict.ISSUE
        return Verdict.MAILBOX if subject in BLAMELESS_SUBJECTS else Verdict.ADDRESS
    if phase in {Phase.MAIL, Phase.DATA, Phase.DOT}:
        return Verdict.ISSUE
    return Verdict.CONFIGURATION
