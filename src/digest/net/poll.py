"""Ask for a document only when it may have changed, and remember what the server said about that."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digest.net.fetcher import FetchError, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.net.context import FetchContext

UNCONDITIONAL_EVERY = 24  # polls; some servers' validators never change, so every 24th question comes without them
MAX_FRESHNESS = timedelta(hours=6)  # a longer max-age would make a daily issue miss a day
GONE_PAUSE = timedelta(days=7)  # how long a 410 is believed
BUSY_PAUSE = timedelta(minutes=15)  # when a busy server does not say how long
MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s{0,3}=\s{0,3}\"?(\d{1,9})")
VALIDATOR_HEADERS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def poll_document(
    visit: FetchContext, source: str, url: str, *, allowed: frozenset[str], known: bool, robots: bool = False
) -> Response | None:
    """The document at `url`, or None when it is the one that was read last time.

    `known` says that the caller still has what it made of that one; without it everything is asked for afresh.
    With `robots` the host's robots.txt is obeyed.
    Raises FetchError, also without asking, while the server wants to be left alone.
    """
    key = f"http {url}"
    note = dict(visit.state.recall(source, key) or {})
    _refuse_while_deferred(note, visit.now)
    known = known and "hash" in note
    if known and not visit.afresh and _is_fresh(note, visit.now):
        return None
    ask = visit.fetcher.get_page if robots else visit.fetcher.get
    try:
        answer = ask(note.get("url", url), allowed=allowed, headers=_conditional_headers(note) if known else {})
    except FetchError as error:
        visit.state.remember(source, key, _note_of_refusal(note, error, visit.now))
        raise
    if answer.status == 304 and not known:
        raise FetchError("says that nothing changed, to a question that did not ask that; it is out of order")
    digest = note["hash"] if answer.status == 304 else hashlib.sha256(answer.body).hexdigest()
    unchanged = known and digest == note["hash"]
    visit.state.remember(source, key, _note_of_response(note, answer, digest, visit.now))
    return None if unchanged else answer


def forget_validators(visit: FetchContext, source: str, url: str) -> None:
    """Forget the validators of `url`, so that the next fetch asks for the whole document."""
    visit.state.remember(source, f"http {url}", {})


def _refuse_while_deferred(note: Mapping[str, str], now: datetime) -> None:
    if "until" in note and now < (until := datetime.fromisoformat(note["until"])):
        raise FetchError(f"{note['why']} (not asked again before {until:%Y-%m-%d %H:%M} UTC)")


def _is_fresh(note: Mapping[str, str], now: datetime) -> bool:
    if "fresh" not in note:
        return False
    asked, until = (datetime.fromisoformat(note[name]) for name in ("asked", "fresh"))
    return asked <= now < until


def _conditional_headers(note: Mapping[str, str]) -> dict[str, str]:
    if int(note.get("polls", "0")) % UNCONDITIONAL_EVERY == UNCONDITIONAL_EVERY - 1:
        return {}
    return {header: note[name] for name, header in VALIDATOR_HEADERS.items() if name in note}


def _note_of_response(note: Mapping[str, str], answer: Response, digest: str, now: datetime) -> dict[str, str]:
    """What to remember of a good answer."""
    fresh = {name: value for name in VALIDATOR_HEADERS if (value := _echoable_header(answer, name))}
    kept = fresh or ({name: note[name] for name in VALIDATOR_HEADERS if name in note} if answer.status == 304 else {})
    new = {**kept, "hash": digest, "asked": now.isoformat(), "polls": str(int(note.get("polls", "0")) + 1)}
    if age := _max_age_seconds(answer):
        new["fresh"] = (now + min(timedelta(seconds=age), MAX_FRESHNESS)).isoformat()
    if address := answer.moved_to or note.get("url"):
        new["url"] = address
    return new


def _note_of_refusal(note: Mapping[str, str], error: FetchError, now: datetime) -> dict[str, str]:
    """What to remember of a refusal: nothing but until when to leave the server alone."""
    pause = None
    if error.status == 410:
        pause = GONE_PAUSE
    elif error.status in {429, 503}:
        pause = timedelta(seconds=error.later) if error.later is not None else BUSY_PAUSE
    kept = {name: value for name, value in note.items() if name not in {"until", "why"}}
    if "url" in kept and error.status in {404, 410, None}:
        del kept["url"]  # the new address does not answer: go back to the configured one
    return {**kept, "until": (now + pause).isoformat(), "why": str(error)} if pause else kept


def _echoable_header(answer: Response, name: str) -> str | None:
    """A header's value, when it can be sent back as it came."""
    value = answer.headers.get(name, "")
    return value if value and len(value) <= 500 and value.isascii() and value.isprintable() else None


def _max_age_seconds(answer: Response) -> int:
    """Seconds for which the answer is good, RFC 9111 section 5.2.2; 0 when it does not say or forbids."""
    control = answer.headers.get("cache-control", "").lower()[:500]
    if "no-cache" in control or "no-store" in control:
        return 0
    match = MAX_AGE.search(control)
    age = answer.headers.get("age", "0")
    return max(0, int(match[1]) - (int(age[:9]) if age.isdecimal() else 0)) if match else 0
