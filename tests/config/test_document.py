"""YAML as it is read: strict, bounded, every value with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.config.document import parse_yaml
from digest.errors import ConfigError

CONFIG = Path("config.yaml")


def mistakes(data: bytes) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(data, CONFIG)
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("on", "on"), ("7:30", "7:30"), ("0777", "0777"), ("1_000", "1_000"), ("2026-01-31", "2026-01-31"),
        ("true", True), ("False", False), ("~", None), ("12", 12), ("-3", -3), ("1.5", 1.5), ('"12"', "12"), ("1e5", "1e5"),
    ],
)  # fmt: skip
def test_a_plain_scalar_means_what_it_looks_like(written: str, value: object) -> None:
    assert parse_yaml(f"key: {written}\n".encode(), CONFIG).data == {"key": value}


def test_every_value_knows_its_line_and_column() -> None:
    document = parse_yaml(b"a:\n  b: [1, two]\n", CONFIG)
    assert document.location(("a", "b", 1)) == "config.yaml:2:10"
    assert document.location(("a", "b"), key=True) == "config.yaml:2:3"


def test_an_unknown_path_has_the_place_of_its_nearest_parent() -> None:
    assert parse_yaml(b"a:\n  b: 1\n", CONFIG).location(("a", "c", "d")) == "config.yaml:2:3"


def test_a_repeated_key_is_told_with_its_place() -> None:
    assert mistakes(b"a: 1\nb: 2\na: 3\n") == ("config.yaml:3:1: the key 'a' stands twice",)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(mistakes(b"a: !!python/name:os.system ''\nb: {<<: {c: 1}}\nd: 1\nd: 2\n")) == 3


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b"a: [1,\n b: }", "config.yaml:2:5: is not valid YAML"),
        (b"a: \x00", "is not valid YAML"),
        ("title: é".encode("latin-1"), "config.yaml:1: is not UTF-8"),
        (b"a: " + b"[" * 5000, "nested deeper"),
        (b"a: " + b"[x," * 50_000, "nested deeper"),
        (b"a: &a [*a]", "refers to itself"),
        (b"a: &a [1,1,1,1,1,1]\nb: &b [" + b"*a," * 60 + b"]\nc: [" + b"*b," * 60 + b"]", "by alias"),
        (b"a: !!python/object/apply:os.system [ls]", "tags are not supported"),
        (b"x" * 1_000_001, "larger than"),
    ],
)
def test_a_document_that_cannot_be_meant_is_refused_in_one_line(data: bytes, complaint: str) -> None:
    found = mistakes(data)
    assert complaint in found[0]
    assert all("\n" not in line and line.isprintable() for line in found)
