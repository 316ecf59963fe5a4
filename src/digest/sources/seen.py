"""When each message of a mailbox was first met: what is new to an issue."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.net.context import FetchContext

MAX_HEADER_BYTES = 65_536  # bytes in which a message's own headers are looked for
MESSAGE_ID_HEADER = re.compile(rb"^message-id:[ \t\r\n]{0,20}<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
HEADER_END = re.compile(rb"\r?\n\r?\n")
MAX_REMEMBERED = 20_000  # messages remembered of one mailbox


@dataclass(slots=True, kw_only=True)
class MessageHistory:
    """Moments of first meeting, by key."""

    met: dict[str, datetime] = field(default_factory=dict)

    def note_if_new(self, key: str, visit: FetchContext) -> bool:
        """Whether the issue that is made on this visit should have `key`; notes it when it was never met."""
        met = self.met[key] = min(self.met.get(key, visit.now), visit.now)
        return visit.since is None or met > visit.since


def load_message_history(visit: FetchContext, source: str, box: str) -> MessageHistory:
    kept = visit.state.recall(source, f"seen {box}")
    read = json.loads(kept["met"]) if kept else {}
    return MessageHistory(met={key: datetime.fromisoformat(moment) for key, moment in read.items()})


def save_message_history(seen: MessageHistory, visit: FetchContext, source: str, box: str) -> None:
    """Leave it for the next visit; the oldest are forgotten first."""
    newest = sorted(seen.met.items(), key=lambda item: (item[1], item[0]))[-MAX_REMEMBERED:]
    note = json.dumps({key: moment.isoformat() for key, moment in newest})
    visit.state.remember(source, f"seen {box}", {"met": note})


def message_id_of(message: bytes) -> str | None:
    """The message's own id, without its brackets."""
    end = HEADER_END.search(message, 0, MAX_HEADER_BYTES)
    match = MESSAGE_ID_HEADER.search(message, 0, end.start() if end else MAX_HEADER_BYTES)
    return match[1].decode("ascii", "replace") if match else None
