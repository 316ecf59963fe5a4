"""A message is new until an issue has had it, and it is known by its own id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.net.context import FetchContext, InMemoryState
from digest.sources.seen import (
    MAX_REMEMBERED,
    MessageHistory,
    load_message_history,
    message_id_of,
    save_message_history,
)

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
DAY = timedelta(days=1)


def visit(now: datetime = NOW, since: datetime | None = None, state: InMemoryState | None = None) -> FetchContext:
    return FetchContext(now=now, since=since, state=state or InMemoryState())


@pytest.mark.parametrize(
    ("message", "key"),
    [
        (b"Message-ID: <1@a.example>\nSubject: x\n\nText", "1@a.example"),
        (b"Subject: x\r\nMESSAGE-Id:<1@a.example>\r\n\r\nText", "1@a.example"),
        (b"Message-ID:\r\n <1@a.example>\r\n\r\nText", "1@a.example"),
        (b"Message-ID: <1@a.example>", "1@a.example"),
        (b"Message-ID: <caf\xe9@a.example>\n\n", "caf\ufffd@a.example"),
        (b"X-Message-ID: <2@a.example>\n\nText", None),
        (b"In-Reply-To: <2@a.example>\n\nText", None),
        (b"Subject: x\n\nMessage-ID: <2@a.example>\n", None),  # of a mail that is quoted in the text
        (b"Message-ID: 2@a.example\n\n", None),
        (b"Message-ID: <>\n\n", None),
        (b"Message-ID: <a b@a.example>\n\n", None),
        (b"Message-ID: <" + b"x" * 251 + b">\n\n", None),
        (b"Subject: " + b"x" * 70_000 + b"\nMessage-ID: <2@a.example>\n\n", None),
        (b"", None),
    ],
)
def test_the_id_is_that_of_the_messages_own_header(message: bytes, key: str | None) -> None:
    assert message_id_of(message) == key


@given(st.binary(max_size=80))
def test_any_bytes_have_an_id_of_bounded_length_or_none(data: bytes) -> None:
    for message in (data, b"Message-ID: <" + data):
        key = message_id_of(message)
        assert key is None or 0 < len(key) <= 250


@pytest.mark.parametrize(
    ("met", "since", "is_new"),
    [
        (None, None, True),
        (None, NOW - DAY, True),
        (NOW - 2 * DAY, None, True),
        (NOW - 2 * DAY, NOW - DAY, False),
        (NOW - DAY, NOW - DAY, False),  # the issue of that moment had it
        (NOW - DAY + timedelta(seconds=1), NOW - DAY, True),
        (NOW + DAY, NOW - DAY, True),
    ],
)
def test_new_is_what_was_first_met_after_the_last_issue(
    met: datetime | None, since: datetime | None, is_new: bool
) -> None:
    history = MessageHistory(met={} if met is None else {"a": met})
    assert history.note_if_new("a", visit(since=since)) is is_new
    assert history.note_if_new("a", visit(since=since)) is is_new


def test_a_message_keeps_the_moment_of_its_first_meeting() -> None:
    history = MessageHistory()
    for days in (3, 1, 2):
        history.note_if_new("a", visit(NOW + days * DAY))
    assert history.met == {"a": NOW + DAY}


@given(st.dictionaries(st.text(max_size=20), st.datetimes(timezones=st.just(UTC)), max_size=10))
def test_a_history_that_is_saved_is_the_one_that_is_loaded(met: dict[str, datetime]) -> None:
    here = visit()
    save_message_history(MessageHistory(met=met), here, "post", "INBOX")
    assert load_message_history(here, "post", "INBOX").met == met


def test_mailboxes_and_sources_do_not_share_a_history() -> None:
    here = visit()
    save_message_history(MessageHistory(met={"a": NOW}), here, "post", "INBOX")
    assert load_message_history(here, "post", "Archive").met == {}
    assert load_message_history(here, "other", "INBOX").met == {}


def test_the_oldest_messages_are_forgotten_first() -> None:
    here, second = visit(), timedelta(seconds=1)
    met = {f"m{number}": NOW + (number * 7 % (MAX_REMEMBERED + 3)) * second for number in range(MAX_REMEMBERED + 3)}
    save_message_history(MessageHistory(met=met), here, "post", "INBOX")
    kept = load_message_history(here, "post", "INBOX").met
    assert len(kept) == MAX_REMEMBERED
    assert min(kept.values()) == NOW + 3 * second
