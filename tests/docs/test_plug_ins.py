"""The examples of the page for authors of plug-ins: read from the page, installed as a package would be, and run."""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from digest import registry
from digest.app.build import build_once
from digest.app.newsroom import channels_of
from digest.app.send import send_test_copy
from digest.clock import Clock
from digest.config import config_as_data, load
from digest.delivery.model import OutgoingMessage, Verdict
from digest.model import Budget
from digest.testing import FetchContext, InMemoryChannel, InMemoryState
from tests.conftest import TOP

PAGE = (TOP / "docs" / "plug-ins.md").read_text("utf-8")
CLASSES = {"sources": "ClipboardSource", "summarisers": "LongestSummariser", "channels": "PrintChannel"}
NAMES = {"sources": "clipboard", "summarisers": "longest", "channels": "print"}
CONFIG = """\
editions:
  toy:
    title: Toy
    from: a@x.example
    sources: [{name: clips, type: clipboard, path: clips.txt}]
    summary: {method: longest, least_words: 3}
    subscribers: [b@x.example]
    deliver: [{type: print}]
"""


def module_with(class_name: str) -> ModuleType:
    """The example that defines a class, as a module."""
    (code,) = [
        block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if f"class {class_name}:" in block
    ]
    module = ModuleType(f"example_{class_name}")
    sys.modules[module.__name__] = module
    exec(compile(code, class_name, "exec"), module.__dict__)
    return module


EXAMPLES = {family: getattr(module_with(name), name) for family, name in CLASSES.items()}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch):
    class Point:
        def __init__(self, family: str) -> None:
            self.name = NAMES[family]
            self.load = lambda: EXAMPLES[family]

    def points(group: str, name: str | None = None) -> list[Point]:
        family = group.removeprefix("digest.")
        return [Point(family)] if family in NAMES and name in (None, NAMES[family]) else []

    monkeypatch.setattr(registry, "entry_points", points)
    registry.find_plugin.cache_clear()
    yield
    registry.find_plugin.cache_clear()


@pytest.fixture
def config(installed, tmp_path: Path):
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    story = "The council of {} voted on Monday for a new ferry to the island. It was a long night. Nobody left early.\n"
    (tmp_path / "clips.txt").write_text("\n---\n".join(story.format(name) * 3 for name in ("Tarn", "Oban")), "utf-8")
    return load(tmp_path / "config.yaml")


def test_the_three_examples_make_an_issue_together(config):
    built = build_once(config, config.editions["toy"], Clock().start)
    assert built.issue.counts.articles == 2
    texts = [sentence.text for brief in built.issue.briefs for sentence in brief.sentences]
    assert any(text.startswith("The council of Tarn voted") for text in texts)


def test_they_go_by_the_names_of_their_entry_points(config):
    edition = config_as_data(config)["editions"]["toy"]
    assert edition["sources"][0]["type"] == "clipboard"
    assert edition["summary"]["method"] == "longest"
    assert list(channels_of(config.editions["toy"])) == ["toy/print"]


def test_the_channel_prints_a_message(config, capsysbinary):
    built = build_once(config, config.editions["toy"], Clock().start)
    assert send_test_copy(config.editions["toy"], built.letter, "b@x.example") == "toy/print (print:stdout)"
    assert b"To: b@x.example" in capsysbinary.readouterr().out


def test_the_source_gives_what_came_after_the_last_issue(tmp_path):
    path, state = tmp_path / "clips.txt", InMemoryState()
    source = EXAMPLES["sources"](name="clips", path=path)
    start = Clock().start
    path.write_text("one", "utf-8")
    first = list(source.fetch(FetchContext(now=start, state=state)))
    path.write_text("one\n---\ntwo", "utf-8")
    later = FetchContext(now=start + timedelta(days=1), since=start + timedelta(hours=1), state=state)
    assert [raw.body for raw in first] == [b"one"]
    assert [raw.body for raw in source.fetch(later)] == [b"two"]


def test_the_summariser_ranks_by_length_and_puts_fragments_last():
    documents = [["Yes.", "A sentence of six words here."], ["The longest sentence of them all stands in here."]]
    assert EXAMPLES["summarisers"]().choose(documents, Budget(sentences=1), "en") == [(1, 0), (0, 1), (0, 0)]


def test_the_channel_for_tests_keeps_what_it_took():
    message = OutgoingMessage(issue="a/1", message_id="m@x", sender="a@x.example", recipient="b@x.example", body=b"x")
    channel, refusing = InMemoryChannel(), InMemoryChannel(verdict=Verdict.TEMPORARY)
    assert channel.connect().send(message).verdict is Verdict.SENT
    assert refusing.connect().send(message).verdict is Verdict.TEMPORARY
    assert (channel.messages, refusing.messages) == ([message], [])


def test_the_page_names_every_family():
    assert set(re.findall(r"`digest\.(\w+)`", PAGE)) >= set(registry.BUILT_IN)
