"""What `make` installs is locked: every requirement of pyproject.toml, at a release that it allows, with hashes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import TOP

PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
FILES = ("build.txt", "run.txt", "dev.txt")


def locked(name: str) -> dict[str, str]:
    """Package -> version in a file of ci/."""
    lines = (TOP / "ci" / name).read_text("utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^ ;\\]+)", line) for line in lines]
    return {str(canonicalize_name(match[1])): match[2] for match in found if match}


def group(name: str) -> Iterator[str]:
    for entry in PROJECT["dependency-groups"][name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from group(entry["include-group"])


RUN = PROJECT["project"]["dependencies"]
EXTRAS = [text for extra in PROJECT["project"]["optional-dependencies"].values() for text in extra]
DEVELOPMENT = [*EXTRAS, *group("check"), *group("bench")]


@pytest.mark.parametrize(
    ("text", "name"),
    [*((text, "run.txt") for text in RUN), *((text, "dev.txt") for text in DEVELOPMENT)],
)
def test_a_requirement_is_locked_at_a_release_that_it_allows(text: str, name: str):
    requirement = Requirement(text)
    version = locked(name).get(str(canonicalize_name(requirement.name)))
    assert version is not None, f"{requirement.name} is not in ci/{name}: run `make lock`"
    assert requirement.specifier.contains(version), f"{requirement.name} {version}: run `make lock`"


def test_the_build_backend_is_locked():
    (text,) = PROJECT["build-system"]["requires"]
    requirement = Requirement(text)
    assert requirement.specifier.contains(locked("build.txt")[requirement.name])


def test_the_files_agree_with_each_other():
    run, build, dev = (locked(name) for name in ("run.txt", "build.txt", "dev.txt"))
    assert {name for name in run if dev.get(name, run[name]) != run[name]} == set()
    assert {name for name in build if run.get(name, build[name]) != build[name]} == set()


@pytest.mark.parametrize("name", FILES)
def test_every_locked_package_has_its_hashes(name: str):
    blocks = re.split(r"\n(?=[a-z0-9])", (TOP / "ci" / name).read_text("utf-8").strip())
    assert blocks
    assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", FILES)
def test_no_host_and_no_path_of_a_machine_is_in_a_lock(name: str):
    text = (TOP / "ci" / name).read_text("utf-8")
    assert not re.search(r"https?://|file:|--index-url|--find-links|^-[ief] ", text, re.MULTILINE)


def test_users_get_lower_bounds_only():
    bounds = {Requirement(text).name: str(Requirement(text).specifier) for text in RUN}
    bounded = {name: spec for name, spec in bounds.items() if "<" in spec and name != "apscheduler"}
    assert bounded == {}  # apscheduler 4 is another library
