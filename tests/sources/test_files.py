from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digest.errors import SourceError
from digest.model import DocumentKind, Problem, Raw
from digest.net.context import FetchContext
from digest.sources.files import FilesSource

if TYPE_CHECKING:
    from collections.abc import Iterator

VISIT = FetchContext(now=datetime(2026, 11, 21, 7, tzinfo=UTC))


def fetch(path: Path, **options: object) -> list[Raw | Problem]:
    return list(FilesSource(name="seeds", path=path, **options).fetch(VISIT))  # type: ignore[arg-type]


def keys(got: list[Raw | Problem]) -> list[str]:
    return [item.key for item in got if isinstance(item, Raw)]


def problems(got: list[Raw | Problem]) -> list[str]:
    return [f"{item.subject}: {item.message}" for item in got if isinstance(item, Problem)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "deep/c.html", "deep/d.eml", "e.md", ".hidden.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"Caf\xe9 \x00")
    return tmp_path


def test_keys_are_sorted_paths_relative_to_the_folder(folder: Path) -> None:
    assert keys(fetch(folder / "*.txt")) == ["a.txt", "b.txt"]
    assert keys(fetch(folder / "**/*.*")) == ["a.txt", "b.txt", "deep/c.html", "deep/d.eml", "e.md"]
    assert keys(fetch(folder / "*" / "*.html")) == ["deep/c.html"]


def test_a_folder_means_everything_in_it_and_a_file_itself(folder: Path) -> None:
    assert keys(fetch(folder)) == ["a.txt", "b.txt", "deep/c.html", "deep/d.eml", "e.md"]
    assert keys(fetch(folder / "deep" / "c.html")) == ["c.html"]
    assert keys(fetch(folder / ".h*")) == [".hidden.txt"]


def test_bytes_are_untouched_and_kinds_follow_the_suffix(folder: Path) -> None:
    got = [item for item in fetch(folder) if isinstance(item, Raw)]
    assert {item.body for item in got} == {b"Caf\xe9 \x00"}
    assert [item.kind for item in got] == [
        DocumentKind.TEXT,
        DocumentKind.TEXT,
        DocumentKind.HTML,
        DocumentKind.EML,
        DocumentKind.TEXT,
    ]
    assert {(item.title, item.url, item.published, item.charset) for item in got} == {(None, None, None, None)}


def test_kind_and_charset_can_be_given(folder: Path) -> None:
    (got,) = fetch(folder / "e.md", kind=DocumentKind.HTML, charset="latin-1")
    assert isinstance(got, Raw)
    assert (got.kind, got.charset) == (DocumentKind.HTML, "latin-1")


@pytest.mark.parametrize("path", ["*.rst", "missing/*.txt", "missing.txt", "*/../../*.txt"])
def test_nothing_there_is_an_error_that_names_the_path(folder: Path, path: str) -> None:
    with pytest.raises(SourceError, match=r"^seeds: no file matches .*see its path:"):
        fetch(folder / path)


def test_a_folder_whose_name_looks_like_a_pattern_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "old [2026]").mkdir()
    (tmp_path / "old [2026]" / "what?.txt").write_text("x")
    assert keys(fetch(tmp_path / "old [2026]" / "*.txt")) == ["what?.txt"]
    assert keys(fetch(tmp_path / "old [2026]" / "what?.txt")) == ["what?.txt"]


def test_odd_files_are_problems_and_the_rest_is_read(folder: Path) -> None:
    (folder / "empty.txt").touch()
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    (folder / "big.txt").write_bytes(b"x" * 101)
    os.mkfifo(folder / "pipe.txt")
    got = fetch(folder / "*", max_bytes=100)
    assert keys(got) == ["a.txt", "b.txt", "e.md"]
    assert problems(got) == [
        "seeds: big.txt: 101 bytes, more than max_bytes: 100; left out",
        "seeds: empty.txt: empty; left out",
        "seeds: photo.jpg: unknown kind of file; known are .txt .text .md .html .htm .xhtml .eml, or say kind:",
        "seeds: pipe.txt: not a regular file; left out",
    ]


def test_links_are_followed_inside_the_folder_only(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("secret")
    (folder / "inside.txt").symlink_to(folder / "a.txt")
    (folder / "outside.txt").symlink_to(secret)
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    got = fetch(folder / "*.txt")
    assert keys(got) == ["a.txt", "b.txt", "inside.txt"]
    assert problems(got) == [
        "seeds: gone.txt: cannot be read: No such file or directory",
        "seeds: loop.txt: cannot be read: Too many levels of symbolic links",
        "seeds: outside.txt: a link that leads out of the source's folder; left out",
    ]


@pytest.fixture
def nobody() -> Iterator[None]:
    """Root reads everything, so root becomes somebody else for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


def test_an_unreadable_file_is_a_problem(nobody: None) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "a.txt").write_text("secret")
        (Path(name) / "a.txt").chmod(0)
        assert problems(fetch(Path(name) / "*.txt")) == ["seeds: a.txt: cannot be read: Permission denied"]


def test_a_name_with_control_characters_is_shown_without_them(folder: Path) -> None:
    (folder / "x\x1b[31m.txt").touch()
    assert problems(fetch(folder / "x*.txt")) == ["seeds: x\N{REPLACEMENT CHARACTER}[31m.txt: empty; left out"]
