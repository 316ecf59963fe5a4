"""Plain text: the whole document is lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.model import Draft
from digest.text.charset import decode
from digest.text.normalise import normalise_text, unescape_entities
from digest.text.wrap import unwrap_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFormat:
    """Reads plain text of any charset."""

    max_characters: int = 2_000_000  # longer texts are cut here and marked as truncated

    def read(self, raw: Raw) -> Iterator[Draft]:
        """One draft with every line of the document."""
        text = normalise_text(unescape_entities(decode(raw.body, raw.charset)))
        lines = unwrap_paragraphs(text[: self.max_characters].split("\n"))
        yield Draft(key=raw.key, lines=tuple(lines), truncated=len(text) > self.max_characters)
