from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.context import FetchContext, InMemoryState
from digest.sources.mail import MailSource

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
DAY = timedelta(days=1)


def letter(number: int, text: str = "The ferry sails.") -> bytes:
    return f"Message-ID: <{number}@news.example>\nSubject: Letter {number}\n\n{text}\n".encode()


def fetch(
    path: Path, memory: InMemoryState | None = None, now: datetime = NOW, since: datetime | None = None, **options: int
) -> list[Raw | Problem]:
    visit = FetchContext(now=now, since=since, state=memory or InMemoryState())
    return list(MailSource(name="post", path=path, **options).fetch(visit))


def keys(got: list[Raw | Problem]) -> list[str]:
    return [found.key for found in got if isinstance(found, Raw)]


def test_an_mbox_gives_its_messages(tmp_path: Path) -> None:
    box = tmp_path / "news.mbox"
    text = "Dear all,\nFrom here on\n\n>From the start\n"
    box.write_bytes(b"From a@x Sat\n" + letter(1, text) + b"\nFrom b@x Sun\n" + letter(2) + b"\n")
    first, second = fetch(box)
    assert isinstance(first, Raw)
    assert isinstance(second, Raw)
    assert (first.kind, first.key, second.key) == (DocumentKind.EML, "1@news.example", "2@news.example")
    assert b"\nFrom here on\n\nFrom the start\n" in first.body


def test_a_maildir_gives_new_and_read_messages_and_is_left_as_it_was(tmp_path: Path) -> None:
    for name in ("new/2.host", "cur/1.host:2,S", "tmp/3.host"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(letter(int(name.split("/")[1][0])))
    assert keys(fetch(tmp_path)) == ["1@news.example", "2@news.example"]
    assert sorted(path.name for path in tmp_path.rglob("*.host*")) == ["1.host:2,S", "2.host", "3.host"]


def test_a_folder_gives_its_eml_files(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(letter(2))
    (tmp_path / "a.eml").write_bytes(b"Subject: no id\n\nText\n")
    got = keys(fetch(tmp_path))
    assert got[0].startswith("sha256:")
    assert got[1] == "2@news.example"
    assert keys(fetch(tmp_path / "b.eml")) == ["2@news.example"]


def test_an_issue_takes_what_is_new_since_the_last_one(tmp_path: Path) -> None:
    memory = InMemoryState()
    (tmp_path / "1.eml").write_bytes(letter(1))
    assert keys(fetch(tmp_path, memory)) == ["1@news.example"]
    (tmp_path / "2.eml").write_bytes(letter(2))
    assert keys(fetch(tmp_path, memory, NOW + DAY, NOW)) == ["2@news.example"]
    assert keys(fetch(tmp_path, memory, NOW + DAY, NOW)) == ["2@news.example"]
    assert keys(fetch(tmp_path, memory, NOW + 2 * DAY, NOW + DAY)) == []


def test_odd_messages_are_problems(tmp_path: Path) -> None:
    (tmp_path / "big.eml").write_bytes(letter(1, "x" * 500))
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "out.eml").symlink_to("/etc/hostname")
    (tmp_path / "ok.eml").write_bytes(letter(2))
    got = fetch(tmp_path, max_bytes=400)
    assert keys(got) == ["2@news.example"]
    assert [found.subject for found in got if isinstance(found, Problem)] == [
        "post: big.eml",
        "post: gone.eml",
        "post: out.eml",
    ]


@pytest.mark.parametrize(
    ("content", "message"), [(None, "cannot be read: No such file"), (b"hello", "not an mbox file")]
)
def test_what_is_no_mailbox_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    box = tmp_path / "box"
    if content is not None:
        box.write_bytes(content)
    with pytest.raises(SourceError, match=f"^post: .*{message}"):
        fetch(box)


def test_an_empty_mailbox_is_empty(tmp_path: Path) -> None:
    (tmp_path / "box").touch()
    assert fetch(tmp_path / "box") == []
    os.mkfifo(tmp_path / "pipe.eml")
    assert keys(fetch(tmp_path)) == []
