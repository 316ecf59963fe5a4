"""Web addresses within quotations: both parts must lead to the same places, so the HTML part links them."""

from __future__ import annotations

import re
from html import escape

from digest.stages.render.sanitise import INVISIBLE_CHARACTERS, clean_line, safe_link

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'\]]+", re.IGNORECASE)
WEB_SCHEME = re.compile(r"https?://", re.IGNORECASE)
TRAILING_PUNCTUATION = ".,;:!?)>]}"  # belongs to the sentence, not to the address


class AutolinkedText(str):
    """A text whose addresses are links where HTML is written; plain text everywhere else."""

    __slots__ = ()

    def __html__(self) -> str:
        """What autoescape asks for."""
        pieces, start = [], 0
        for found in WEB_ADDRESS.finditer(self):
            url = found[0].rstrip(TRAILING_PUNCTUATION)
            pieces += [escape(self[start : found.start()]), f'<a class="within" href="{escape(url)}">{escape(url)}</a>']
            start = found.start() + len(url)
        return "".join((*pieces, escape(self[start:])))


def quotation_text(text: str) -> str | None:
    """A verbatim sentence ready for both parts; None when it names an address that a mail must not lead to."""
    said = clean_line(text)
    if "://" not in said:
        return said
    return AutolinkedText(said) if all(map(_is_linkable, WEB_ADDRESS.findall(said))) else None


def label_text(text: str) -> str:
    """A title or a name in one line, empty when nothing in it is seen.

    An address in it loses its scheme, because labels are not linked twice.
    """
    said = clean_line(text) if text.isascii() or not text.translate(INVISIBLE_CHARACTERS).isspace() else ""
    return WEB_SCHEME.sub("", said) if "://" in said else said


def _is_linkable(url: str) -> bool:
    # What stands before an @ is not the host, whatever it looks like.
    return url.isascii() and "@" not in url.split("/")[2] and safe_link(url.rstrip(TRAILING_PUNCTUATION)) is not None
