"""What an issue adds to the memory of its edition, as bytes for the store: JSON and packed hashes, each compressed."""

from __future__ import annotations

import io
import json
import struct
import zlib
from datetime import datetime
from typing import Any

from digest.errors import StoreError
from digest.model import RememberedArticle, RememberedEvent, RememberedIssue
from digest.text.novelty import SENTENCE_HASH_BYTES, pack_codes, unpack_codes

FORMAT_VERSION = 1
EVENT_STEM_BYTES = 3
MAX_MEMORY_BYTES = 200_000_000  # bytes of one issue's memory, unpacked


def encode_memory(told: RememberedIssue) -> bytes:
    """The bytes of one issue's memory: the length of the JSON, the JSON, then all packed hashes in its order."""
    packed: list[bytes] = []

    def put(codes: bytes) -> int:
        packed.append(codes)
        return len(codes)

    data = {
        "version": FORMAT_VERSION,
        "id": told.id,
        "at": told.at.isoformat(),
        "sentences": put(pack_codes(sorted(told.sentences), SENTENCE_HASH_BYTES)),
        "headlines": list(told.headlines),
        "events": [
            {
                "key": event.key,
                "headline": event.headline,
                "theme": event.theme,
                "first_told": event.first_told.isoformat(),
                "sources": dict(event.sources),
                "stems": put(pack_codes(event.stems, EVENT_STEM_BYTES)),
                "counts": list(event.stems.values()),
            }
            for event in told.events
        ],
        "articles": [
            [one.key, one.fingerprint, one.event, int(one.printed), put(one.sentences), put(one.stems)]
            for one in told.articles
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    head = zlib.compress(text)
    return struct.pack(">I", len(head)) + head + zlib.compress(b"".join(packed))


def decode_memory(content: bytes) -> RememberedIssue:
    """What `encode_memory` packed; StoreError when it is damaged or of a newer program."""
    try:
        (length,) = struct.unpack_from(">I", content)
        data = json.loads(_unpack(content[4 : 4 + length]).decode("utf-8", "surrogatepass"))
        if data["version"] != FORMAT_VERSION:
            raise StoreError(f"is of version {data['version']}, this program knows {FORMAT_VERSION}")
        packed = io.BytesIO(_unpack(content[4 + length :]))
        return RememberedIssue(
            id=data["id"],
            at=datetime.fromisoformat(data["at"]),
            sentences=frozenset(unpack_codes(_take(packed, data["sentences"]), SENTENCE_HASH_BYTES)),
            headlines=tuple(data["headlines"]),
            events=tuple(_read_event(row, packed) for row in data["events"]),
            articles=tuple(_read_article(row, packed) for row in data["articles"]),
        )
    except (zlib.error, struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"is damaged ({type(error).__name__})") from error


def _read_article(row: list[Any], packed: io.BytesIO) -> RememberedArticle:
    key, fingerprint, event, printed, sentences, stems = row
    return RememberedArticle(
        key=key,
        fingerprint=fingerprint,
        event=event,
        printed=bool(printed),
        sentences=_take(packed, sentences),
        stems=_take(packed, stems),
    )


def _read_event(row: dict[str, Any], packed: io.BytesIO) -> RememberedEvent:
    return RememberedEvent(
        key=row["key"],
        headline=row["headline"],
        theme=row["theme"],
        first_told=datetime.fromisoformat(row["first_told"]),
        sources=row["sources"],
        stems=dict(zip(unpack_codes(_take(packed, row["stems"]), EVENT_STEM_BYTES), row["counts"], strict=True)),
    )


def _take(packed: io.BytesIO, length: int) -> bytes:
    """The next bytes; ValueError when there are fewer."""
    codes = packed.read(length)
    if len(codes) != length:
        raise ValueError("too short")
    return codes


def _unpack(content: bytes) -> bytes:
    return zlib.decompressobj().decompress(content, MAX_MEMORY_BYTES)
