"""From file to finished objects: every mistake at once, each with its place and the nearest right key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from digest.config import config_as_data, config_schema, load
from digest.errors import ConfigError
from tests.conftest import TOP

if TYPE_CHECKING:
    from pathlib import Path

GOOD = (TOP / "config.yaml").read_text("utf-8")


def loaded(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.mistakes


def test_the_projects_own_configuration_is_right() -> None:
    config = load(TOP / "config.yaml")
    assert list(config.editions) == ["nato"]
    assert config.store == f"sqlite:///{TOP}/digest.db"


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("timezone: Europe/Brussels", "timezone: Europe/Brusels", "unknown time zone 'Europe/Brusels'"),
        ("    language: en", "    langage: en", "unknown key (did you mean 'language'?)"),
        ("type: files,", "type: flies,", "no source is named 'flies'"),
        ("type: files, path", "type: files, pathh", "unknown key (did you mean 'path'?)"),
        ("sentences: 3", "sentences: many", "is a whole number"),
        ("method: directed", "method: sumy-magic", "no summariser is named 'sumy-magic'"),
        ("0 7 * * mon-fri", "0 25 * * *", "editions.nato.schedule"),
        ("catch_up: latest", "catch_up: maybe", "editions.nato.schedule.catch_up"),
        ("digest@example.org", "nobody", "editions.nato.from"),
        ("store: sqlite:///digest.db", "store: mysql://x", "store: is sqlite:///PATH or postgresql"),
        ("  nato:  ", "  ../x:  ", "an edition's key is made of"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in GOOD
    mistakes = loaded(tmp_path, GOOD.replace(right, wrong))
    mistake = next(mistake for mistake in mistakes if told in mistake)
    line = next(number for number, text in enumerate(GOOD.splitlines(), 1) if right in text)
    assert mistake.startswith(f"config.yaml:{line}:")


def test_all_mistakes_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        GOOD.replace("type: files", "type: flies")
        .replace("catch_up: latest", "catch_up: x")
        .replace("sentences: 3", "sentences: -1")
    )
    mistakes = loaded(tmp_path, text)
    lines = [int(mistake.split(":")[1]) for mistake in mistakes]
    assert len(mistakes) == 3
    assert lines == sorted(lines)


def test_a_value_is_never_quoted_back(tmp_path: Path) -> None:
    text = GOOD.replace("- {type: folder, path: outbox}", "- {type: smtp, host: h, port: hunter2}")
    assert "hunter2" not in "".join(loaded(tmp_path, text))


def test_what_is_shown_can_be_read_again(tmp_path: Path) -> None:
    import yaml

    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(config_as_data(load(TOP / "config.yaml"))), encoding="utf-8")
    again = load(path)
    assert (
        config_as_data(again)["editions"]["nato"]["themes"]
        == config_as_data(load(TOP / "config.yaml"))["editions"]["nato"]["themes"]
    )


def test_the_schema_knows_every_plug_in() -> None:
    text = json.dumps(config_schema())
    for word in ("files", "folder", "smtp", "catch_up", "keywords", "subscribers"):
        assert word in text


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("style: {light: {muted: '#aaaaaa'}}", "style.light.muted: #aaaaaa on box #ffffff has contrast 2.32"),
        ("style: {light: {mutedd: '#aaaaaa'}}", "did you mean 'muted'?"),
        ("style: {template: fancy, logo: x}", "style.logo: 'x' is not an https address"),
        ("links: {unsubscribe: 'https://example.org/u'}", "editions.nato.links: unsubscribe: {token} is missing"),
        ("dkim: {selector: news, key: none.pem}", "none.pem is not a file"),
    ],
)
def test_a_look_or_an_address_that_cannot_work_is_told(tmp_path: Path, added: str, told: str) -> None:
    mistakes = loaded(tmp_path, GOOD.replace("    language: en\n", f"    language: en\n    {added}\n"))
    assert any(told in mistake for mistake in mistakes), mistakes


def test_bounces_and_signatures_reach_the_envelope(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("x")
    path = tmp_path / "config.yaml"
    added = "bounce: 'b+{token}@example.org'\n    dkim: {selector: news, key: key.pem}\n"
    path.write_text(GOOD.replace("    language: en\n", f"    language: en\n    {added}"), "utf-8")
    envelope = load(path).editions["nato"].envelope
    assert envelope.bounce == "b+{token}@example.org"
    assert envelope.dkim is not None
    assert envelope.dkim.key == tmp_path.resolve() / "key.pem"


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("[editor@example.org]", "[{emial: a@example.org}]", "16:19: editions.nato.subscribers.0.email: is missing"),
        (
            "[editor@example.org]",
            "[{emial: a@example.org}]",
            "subscribers.0.emial: unknown key (did you mean 'email'?)",
        ),
        ("[editor@example.org]", "[5]", "editions.nato.subscribers.0: is text or a mapping"),
        ("[editor@example.org]", "5", "editions.nato.subscribers: is text or a list"),
        ("[editor@example.org]", "a@example.org", "write one address as [name@example.org]"),
        ('cron: "0 7 * * mon-fri"', "cron: 5", "editions.nato.schedule.cron: is text or a list"),
        ('cron: "0 7 * * mon-fri"', "cron: [5]", "editions.nato.schedule.cron.0: is text"),
        ('cron: "0 7 * * mon-fri"', 'cron: "0 7 30 2 *"', "schedule: cron line 1: names a day that never comes"),
        ("sentences: 3", "sentences: -1", "summary.sentences: is a whole number from 0"),
        ("    language: en", "    themes: Energy\n    language: en", "the key 'themes' stands twice"),
        ('path: "seeds/*.txt"', "path: 5", "sources.0.path: is a path"),
        ("    language: en", "    prefer: Energy", "editions.nato.prefer: is a list"),
        ("store: sqlite", "deliver: []\nstore: sqlite", "deliver: unknown key (belongs to an edition"),
        ("    language: en", "    store: x", "editions.nato.store: unknown key (belongs to the whole file"),
        ("name: Burden-sharing", "name: iraq Training Mission", "themes.1.name: two themes have this name"),
        ("name: Burden-sharing", "key: iraq-training-mission, name: B", "themes.1.key: two themes have this key"),
        ('"NATO digest <digest@', '"NATO\\r\\nBcc: x <digest@', "editions.nato.from: is one line"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_file(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    text = GOOD.replace(right, wrong)
    assert text != GOOD
    mistakes = loaded(tmp_path, text)
    assert any(told in mistake for mistake in mistakes), mistakes
    assert not any(word in mistake for mistake in mistakes for word in ("Settings", "tuple", "union", "valid "))


def test_a_reader_without_an_address_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(GOOD.replace("[editor@example.org]", "[editor@example.org, nobody]"), encoding="utf-8")
    (warning,) = [warning for warning in load(path).warnings if "nobody" in warning]
    line = GOOD[: GOOD.index("subscribers:")].count("\n") + 1
    assert warning.startswith(f"config.yaml:{line}:39: editions.nato.subscribers.1: 'nobody' is not an address")
