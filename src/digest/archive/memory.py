"""What an issue adds to the memory of its edition, as bytes for the store: JSON, compressed; hashes as packed numbers."""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest.errors import StoreError
from digest.model import RememberedArticle, RememberedEvent, RememberedIssue
from digest.text.novelty import SENTENCE_HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT_VERSION = 1
STEM_BYTES, EVENT_STEM_BYTES = 2, 3
MAX_MEMORY_BYTES = 200_000_000  # bytes of one issue's memory, unpacked


def encode_memory(told: RememberedIssue) -> bytes:
    """The bytes of one issue's memory."""
    data = {
        "version": FORMAT_VERSION,
        "id": told.id,
        "at": told.at.isoformat(),
        "sentences": _pack(sorted(told.sentences), SENTENCE_HASH_BYTES),
        "headlines": list(told.headlines),
        "events": [
            {
                "key": event.key,
                "headline": event.headline,
                "theme": event.theme,
                "first_told": event.first_told.isoformat(),
                "sources": dict(event.sources),
                "stems": _pack(event.stems, EVENT_STEM_BYTES),
                "counts": list(event.stems.values()),
            }
            for event in told.events
        ],
        "articles": [
            [
                article.key,
                article.fingerprint,
                article.event,
                int(article.printed),
                _pack(article.sentences, SENTENCE_HASH_BYTES),
                _pack(sorted(article.stems), STEM_BYTES),
            ]
            for article in told.articles
        ],
    }
    return zlib.compress(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"), 6
    )


def decode_memory(content: bytes) -> RememberedIssue:
    """What `encode_memory` packed; StoreError when it is damaged or of a newer program."""
    try:
        unpacker = zlib.decompressobj()
        data = json.loads(unpacker.decompress(content, MAX_MEMORY_BYTES).decode("utf-8", "surrogatepass"))
        if data["version"] != FORMAT_VERSION:
            raise StoreError(f"is of version {data['version']}, this program knows {FORMAT_VERSION}")
        return RememberedIssue(
            id=data["id"],
            at=datetime.fromisoformat(data["at"]),
            articles=tuple(_read_article(row) for row in data["articles"]),
            events=tuple(_read_event(row) for row in data["events"]),
            sentences=frozenset(_unpack(data["sentences"], SENTENCE_HASH_BYTES)),
            headlines=tuple(data["headlines"]),
        )
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"is damaged ({type(error).__name__})") from error


def _read_article(row: list[Any]) -> RememberedArticle:
    key, fingerprint, event, printed, sentences, stems = row
    return RememberedArticle(
        key=key,
        fingerprint=fingerprint,
        event=event,
        printed=bool(printed),
        sentences=tuple(_unpack(sentences, SENTENCE_HASH_BYTES)),
        stems=frozenset(_unpack(stems, STEM_BYTES)),
    )


def _read_event(row: dict[str, Any]) -> RememberedEvent:
    return RememberedEvent(
        key=row["key"],
        headline=row["headline"],
        theme=row["theme"],
        first_told=datetime.fromisoformat(row["first_told"]),
        sources=row["sources"],
        stems=dict(zip(_unpack(row["stems"], EVENT_STEM_BYTES), row["counts"], strict=True)),
    )


def _pack(codes: Iterable[int], size: int) -> str:
    return b85encode(b"".join(code.to_bytes(size, "big") for code in codes)).decode("ascii")


def _unpack(text: str, size: int) -> list[int]:
    packed = b85decode(text)
    return [int.from_bytes(packed[start : start + size], "big") for start in range(0, len(packed), size)]
