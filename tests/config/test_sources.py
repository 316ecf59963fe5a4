"""Sources written into config.yaml without touching the rest of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.config import load
from digest.config.sources import add_sources, remove_source
from digest.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "# mine\neditions:\n  a:\n    title: A  # title\n"
TAIL = "    from: a@a.example\n"
FLOW = '    sources: [{name: one, type: files, path: "*.txt"}]  # here\n'
BLOCK = """    sources:
      # the first
      - {name: one, type: files, path: "*.txt"}  # why
      - name: two
        type: files
        path: "b/*.txt"   # because
      # - {name: three, type: feed}

"""
FLUSH = '    sources:\n    - {name: one, type: files, path: "*.txt"}\n'
WIRES = {"name": "wires", "type": "feed", "url": "https://a.example/?a=1&b: c #d"}


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("sources", [FLOW, BLOCK, FLUSH])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("order", [(TAIL, "{}"), ("{}", TAIL)])
def test_adding_and_removing_leaves_the_file_as_it_was(
    tmp_path: Path, sources: str, ending: str, order: tuple[str, str]
) -> None:
    text = (HEAD + "".join(order).replace("{}", sources)).replace("\n", ending)
    path = written(tmp_path, text)
    add_sources(path, "a", [WIRES])
    added = load(path).editions["a"].sources[-1]
    assert (added.name, added.url) == ("wires", WIRES["url"])  # type: ignore[attr-defined]
    assert all(comment in path.read_text() for comment in ("# mine", "# title"))
    remove_source(path, "a", "wires")
    assert path.read_bytes() == text.encode()


def test_the_first_of_several_can_be_removed(tmp_path: Path) -> None:
    for text in (HEAD + BLOCK + TAIL, HEAD + FLOW.replace("}]", "}, {name: two, type: stdin}]") + TAIL):
        path = written(tmp_path, text)
        remove_source(path, "a", "one")
        assert [source.name for source in load(path).editions["a"].sources] == ["two"]


def test_a_file_without_a_last_line_break_grows_one(tmp_path: Path) -> None:
    path = written(tmp_path, (HEAD + TAIL + FLUSH).rstrip("\n"))
    add_sources(path, "a", [WIRES, {"name": "x", "type": "stdin"}])
    assert [source.name for source in load(path).editions["a"].sources] == ["one", "wires", "x"]


@pytest.mark.parametrize(
    ("edition", "name", "message"),
    [("b", "one", "no edition is called 'b'"), ("a", "zwei", "no source 'zwei'"), ("a", "one", "the only source")],
)
def test_what_cannot_be_removed_is_named(tmp_path: Path, edition: str, name: str, message: str) -> None:
    path = written(tmp_path, HEAD + FLOW + TAIL)
    with pytest.raises(UsageError, match=message):
        remove_source(path, edition, name)


@pytest.mark.parametrize(
    "source",
    [{"name": "one", "type": "stdin"}, {"name": "x", "type": "gopher"}, {"name": "x", "type": "feed", "urk": "y"}],
)
def test_a_source_that_makes_the_configuration_wrong_is_not_written(tmp_path: Path, source: dict[str, str]) -> None:
    path = written(tmp_path, HEAD + FLOW + TAIL)
    with pytest.raises(ConfigError, match=r"config\.yaml:"):
        add_sources(path, "a", [source])
    assert path.read_text() == HEAD + FLOW + TAIL
    assert [found.name for found in tmp_path.iterdir()] == ["config.yaml"]


def test_a_list_that_two_editions_share_is_left_alone(tmp_path: Path) -> None:
    text = (
        HEAD
        + FLOW.replace("sources: [", "sources: &all [")
        + TAIL
        + "  b:\n    title: B\n    from: b@b.example\n    sources: *all\n"
    )
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match="edit it by hand"):
        add_sources(path, "a", [WIRES])
    assert path.read_text() == text
