"""Making issues, readers and copies for the tests of delivery; the copies are this file's own plain ones."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from digest.clock import Clock
from digest.delivery.personalise import copier_factory
from digest.delivery.protocols import DeliveryContext, DeliveryReport
from digest.delivery.publish import Mailing, publish_issue
from digest.delivery.run import deliver
from digest.mail.message import Envelope
from digest.model import Letter, Reader, slot_path_name
from digest.stores.sql import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

ENVELOPE = Envelope(sender="The digest <digest@news.example>", list_name="The digest")


def letter(period: str = "2026-11-23", text: str = "Good morning.") -> Letter:
    mark = "0reader0token0"
    return Letter(
        issue=f"nato/{slot_path_name(period)}",
        slot=period,
        at=datetime(2026, 11, 23, 7, tzinfo=UTC),
        subject="The morning",
        preheader="",
        html=f"<p>{text}</p><a href='https://x.example/u/{mark}'>leave</a>",
        text=f"{text}\n\nhttps://x.example/u/{mark}\n",
    )


def token(edition: str, reader: Reader) -> str:
    return sha256(f"{edition}|{reader.email}".encode()).hexdigest()[:32]


def readers(*addresses: str) -> list[Reader]:
    return [Reader(email=address) for address in addresses]


def crowd(count: int) -> Iterable[Reader]:
    return (Reader(email=f"reader{number}@people.example") for number in range(count))


def store_at(folder: Any) -> Store:
    return open_store(f"sqlite:///{folder}/digest.db")


def published(
    store: Store,
    who: Iterable[Reader],
    *channels: str,
    period: str = "2026-11-23",
    now: float = 1000.0,
    text: str = "Good morning.",
    **more: Any,
) -> int:
    """An issue that is ready to leave; its row's id."""
    owner = store.runs.sign_on()
    issue_id = store.issues.claim_slot("nato", period, now, owner=owner, now=now, lease=60.0)
    assert issue_id is not None
    issue = store.issues.get_issue(issue_id)
    assert issue is not None
    mailing = Mailing(
        letters={"": letter(period, text)}, envelope=ENVELOPE, readers=who, channels=channels or ("smtp",), **more
    )
    publish_issue(store, issue, mailing, now=now)
    store.runs.sign_off(owner)
    return issue_id


def clock_stopped_at(stamp: float) -> Clock:
    """A clock that always shows the same moment."""
    return Clock(datetime.fromtimestamp(stamp, UTC), elapsed=lambda: 0.0)


def clock_from(stamp: float) -> Clock:
    """A clock that shows a moment now and runs on."""
    return Clock(datetime.fromtimestamp(stamp, UTC))


def send(store: Store, now: float = 2000.0, stop: threading.Event | None = None, **channels: Any) -> DeliveryReport:
    """One run of `deliver` at a moment."""
    around = DeliveryContext(
        clock=clock_stopped_at(now), random=random.Random(7), stop=stop or threading.Event(), linger=0.0
    )
    return deliver(store, channels, copier_factory(token), around)


def states(store: Store) -> dict[str, str]:
    """Recipient -> state."""
    return {row.rcpt: row.state for row in store.operator.list_deliveries()}
