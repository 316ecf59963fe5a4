"""A plug-in goes by one name, the one of its entry point: in configurations, in the store and before users' eyes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from digest import registry
from digest.app.newsroom import channels_of
from digest.channels.folder import FolderChannel
from digest.config import config_as_data, load
from digest.errors import ConfigError
from digest.model import Draft, Placement
from tests.conftest import TOP


@dataclass(frozen=True, slots=True, kw_only=True)
class SesChannel(FolderChannel):
    """A channel of somebody else's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alphabet:
    """A grouper of somebody else's: a theme for each initial."""

    capital: bool = True

    @property
    def order(self):
        return ()

    def place(self, stories):
        initials = [(story.lead.title or "?")[0] for story in stories]
        return [
            Placement(theme=one, name=one, event=story.key, score=1.0)
            for one, story in zip(initials, stories, strict=True)
        ]


class Shouted:
    """A format of somebody else's: text in capitals."""

    suffixes = (".loud",)

    def read(self, raw):
        yield Draft(key=raw.key, lines=tuple(raw.body.decode().capitalize().splitlines()), framed=False)


PLUGINS = {"channels": {"ses": SesChannel}, "groupers": {"alphabet": Alphabet}, "formats": {"shouted": Shouted}}


@pytest.fixture
def installed(monkeypatch):
    """Plug-ins as if packages with entry points had been installed."""

    class Point:
        def __init__(self, name, target):
            self.name = name
            self.load = lambda: target

    def points(group, name=None):
        family = PLUGINS.get(group.removeprefix("digest."), {})
        return [Point(known, target) for known, target in family.items() if name in (None, known)]

    monkeypatch.setattr(registry, "entry_points", points)
    registry.find_plugin.cache_clear()
    yield
    registry.find_plugin.cache_clear()


CONFIG = """\
editions:
  toy:
    title: Toy
    from: a@x.example
    sources: [{name: here, type: files, path: "*.loud"}]
    grouping: {method: alphabet, capital: false}
    deliver: [{type: ses, path: out}, {type: ses, path: other}]
"""


def config_at(folder: Path, text: str = CONFIG):
    (folder / "config.yaml").write_text(text, "utf-8")
    return load(folder / "config.yaml")


@pytest.mark.parametrize(
    ("family", "name"), [(family, name) for family in registry.BUILT_IN for name in registry.BUILT_IN[family]]
)
def test_every_built_in_class_knows_its_name(family, name):
    assert registry.name_of_plugin(family, object.__new__(registry.find_plugin(family, name))) == name


def test_copies_are_kept_under_the_name_of_the_entry_point(installed, tmp_path):
    edition = config_at(tmp_path).editions["toy"]
    assert list(channels_of(edition)) == ["toy/ses", "toy/ses-2"]


def test_a_class_that_no_table_names_goes_by_its_own():
    assert registry.name_of_plugin("channels", SesChannel(path=Path("out"))) == "seschannel"


def test_a_grouper_of_another_package_is_chosen_with_its_options_and_shown(installed, tmp_path):
    config = config_at(tmp_path)
    assert config.editions["toy"].grouper == Alphabet(capital=False)
    assert config_as_data(config)["editions"]["toy"]["grouping"] == {"method": "alphabet", "capital": False}


def test_a_format_of_another_package_reads_the_files_that_it_claims(installed, tmp_path):
    from digest.app.build import build_once
    from digest.clock import Clock

    config = config_at(tmp_path)
    words = "THE COUNCIL OF THE HARBOUR VOTED ON MONDAY FOR A NEW FERRY TO THE ISLAND AND AGAINST THE BRIDGE. " * 4
    (tmp_path / "vote.loud").write_text(words)
    (article,) = build_once(config, config.editions["toy"], Clock().start).collection.articles
    assert article.text.startswith("The council of the harbour voted")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("method: alphabet", "method: alphabeth", "no grouper is named 'alphabeth'"),
        ("method: alphabet, ", "", "grouping.capital: needs method: the name of an installed grouper"),
        ("capital: false", "capitals: false", "unknown key (did you mean 'capital'?)"),
        ("path: \"*.loud\"", "path: x, kind: louder", "no format is named 'louder' (known: eml, html, shouted, text)"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_the_names_that_are_known(installed, tmp_path, old, new, message):
    with pytest.raises(ConfigError) as caught:
        config_at(tmp_path, CONFIG.replace(old, new))
    assert message in str(caught.value)


def test_the_configuration_of_the_newcomer_names_no_grouper():
    assert config_as_data(load(TOP / "config.yaml"))["editions"]["nato"]["grouping"] == {}
