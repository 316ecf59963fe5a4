"""Files of readers as people keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.errors import ConfigError
from digest.model import Reader
from digest.subscribers import SubscriberFile

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str | bytes) -> SubscriberFile:
    path = folder / "readers.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return SubscriberFile(path)


def test_a_plain_list_is_one_address_a_line(tmp_path: Path) -> None:
    file = written(tmp_path, "# the team\na@example.org\n\n  b@example.org \r\n")
    assert [reader.email for reader in file] == ["a@example.org", "b@example.org"]


def test_a_table_has_a_heading_in_any_order(tmp_path: Path) -> None:
    file = written(tmp_path, '\ufeffName,Email,Themes,Timezone\n"Ö, B.",a@example.org,energy; grid,Europe/Vienna\n')
    assert list(file) == [
        Reader(email="a@example.org", name="Ö, B.", timezone="Europe/Vienna", themes=("energy", "grid"))
    ]


def test_the_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = written(tmp_path, "a@example.org\n")
    assert len(list(file)) == 1
    written(tmp_path, "a@example.org\nb@example.org\n")
    assert len(list(file)) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("email,phone\na@example.org,1\n", ":1: the heading"),
        ("email,timezone\na@example.org,Mars/Base\n", ":2: unknown time zone"),
        ("email,name\na@example.org,A,B\n", ":2: has 3 columns"),
        (b"\xff\xfe\n", "is not UTF-8"),
        ("x" * 200_000, "over 100,000 characters"),
    ],
)
def test_a_file_that_cannot_be_meant_is_told(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        written(tmp_path, text).check_first_lines()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        SubscriberFile(tmp_path / "none.csv").check_first_lines()
