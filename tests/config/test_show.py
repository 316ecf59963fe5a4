"""What is shown of a configuration means the same when it is read again, and holds no password."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from digest.config import Config, Edition, config_as_data, config_schema, load
from digest.config.document import parse_yaml
from digest.errors import ConfigError
from digest.model import Reader

EDITION = """editions:
  a:
    title: A
    from: a@a.example
    sources: [{name: s, type: files, path: "*.txt"}]
"""


def written(folder: Path, text: str) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    "line",
    [
        "language: pt-BR",
        "timezone: Europe/Lisbon",
        "themes: [{name: Harbour, key: h, keywords: [ferry]}, {name: B, key: bee, exclude: [ship]}]",
        "themes: [{name: Harbour, key: harbour}]\n    discover: true",
        "prefer: [Harbour Post, Hill Gazette]",
        "summary: {method: lead, words: 40, section_sentences: 0}",
        "summary: {sentences: 1, section_sentences: 3}",
        "schedule: {cron: ['0 7 * * mon', '0 9 * * sat'], catch_up: latest}",
        "reply_to: desk@a.example",
        "length: {minutes: null, stories: 9, per_theme: 3, per_source: 2, max_age: 1.5}",
        "repeat: never",
        "other: lines",
        "remember: 90",
        "houses: {Sund Media: [Sund Post, ribe.example]}",
        "include: '(boats OR \"air defence\") AND NOT title:sport'",
        "exclude: zebra",
        "languages: [en, de]",
        "bounce: 'b+{token}@a.example'",
        "dkim: {selector: news, key: key.pem}",
        "subscribers: [x@a.example, {email: y@a.example, name: Y, timezone: UTC, themes: [Harbour]}]",
        "deliver: [{type: folder, path: out}]",
        "links: {unsubscribe: 'https://a.example/u/{token}'}",
        "token_secret_env: DIGEST_SECRET",
    ],
)
def test_every_setting_survives_being_shown_and_read_again(tmp_path: Path, line: str) -> None:
    (tmp_path / "key.pem").touch()
    config = written(tmp_path, f"{EDITION}    {line}\n")
    plain = config_as_data(written(tmp_path, EDITION))
    shown = config_as_data(config)
    assert shown != plain
    again = written(tmp_path, yaml.safe_dump(shown))
    assert config_as_data(again) == shown
    assert again.editions == config.editions


def test_what_every_source_may_say_survives_as_well(tmp_path: Path) -> None:
    more = "tier: 1, include: boats, exclude: zebra, languages: [en], display_name: Post, labels: [official], paywall: true"
    config = written(tmp_path, EDITION.replace('path: "*.txt"', f'path: "*.txt", {more}'))
    again = written(tmp_path, yaml.safe_dump(config_as_data(config)))
    assert again.editions == config.editions
    assert config.editions["a"].tiers == {"s": 1}
    source = config_schema()["$defs"]["EditionSettings"]["properties"]["sources"]["items"]["anyOf"][0]["properties"]
    assert {"tier", "include", "exclude", "languages", "display_name", "labels", "paywall"} <= set(source)


@pytest.mark.parametrize(
    ("store", "shown"),
    [
        ("postgresql+psycopg://me:hunter2@db.example:5432/digest", "postgresql+psycopg://me@db.example:5432/digest"),
        ("postgresql+psycopg://me:hunt@er2@db.example/digest", "postgresql+psycopg://me@db.example/digest"),
        ("postgresql+psycopg://db.example/digest", "postgresql+psycopg://db.example/digest"),
    ],
)
def test_no_password_is_shown(tmp_path: Path, store: str, shown: str) -> None:
    assert config_as_data(written(tmp_path, f"{EDITION}store: {store}\n"))["store"] == shown


def test_an_alarm_is_shown_with_the_sender_it_has_by_default(tmp_path: Path) -> None:
    alarm = "alarm: {to: [x@a.example, y@a.example], deliver: [{type: folder, path: alarms}]}\n"
    shown = config_as_data(written(tmp_path, EDITION + alarm))["alarm"]
    assert (shown["to"], shown["from"]) == (["x@a.example", "y@a.example"], "x@a.example")
    assert (shown["deliver"][0]["type"], shown["deliver"][0]["path"]) == ("folder", str(tmp_path.resolve() / "alarms"))
    assert config_as_data(written(tmp_path, EDITION))["alarm"] is None


def test_the_schema_names_every_key_that_is_shown(tmp_path: Path) -> None:
    edition = config_schema()["$defs"]["EditionSettings"]["properties"]
    assert set(config_as_data(written(tmp_path, EDITION))["editions"]["a"]) == set(edition)


def test_a_store_that_nothing_made_yet_is_not_there(tmp_path: Path) -> None:
    config = written(tmp_path, EDITION)
    assert not config.has_store()
    (tmp_path / "digest.db").touch()
    assert config.has_store()
    assert written(tmp_path, f"{EDITION}store: postgresql+psycopg://db.example/x\n").has_store()


def test_a_readers_token_names_one_reader_of_one_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGEST_TEST_SECRET", "one")
    signed = Edition(title="A", key="a", secret_env="DIGEST_TEST_SECRET")
    token = signed.reader_token(Reader(email="x@a.example"))
    assert token == signed.reader_token(Reader(email=" X@A.example ", name="X"))
    others = [
        signed.reader_token(Reader(email="y@a.example")),
        Edition(title="A", key="b", secret_env="DIGEST_TEST_SECRET").reader_token(Reader(email="x@a.example")),
        Edition(title="A", key="a").reader_token(Reader(email="x@a.example")),
    ]
    monkeypatch.setenv("DIGEST_TEST_SECRET", "two")
    tokens = {token, *others, signed.reader_token(Reader(email="x@a.example"))}
    assert len(tokens) == 5
    assert all(len(token) == 32 and int(token, 16) >= 0 for token in tokens)


@pytest.mark.parametrize("value", [None, ""])
def test_a_secret_that_is_not_set_signs_nothing(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("DIGEST_TEST_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("DIGEST_TEST_SECRET", value)
    edition = Edition(title="A", key="a", secret_env="DIGEST_TEST_SECRET")
    with pytest.raises(ConfigError, match=r"^editions\.a\.token_secret_env: \$DIGEST_TEST_SECRET is not set"):
        edition.reader_token(Reader(email="x@a.example"))


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=12)
data = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(words.filter(lambda word: word != "<<"), data, min_size=1, max_size=3))
def test_what_yaml_writes_is_read_back(value: dict[str, object]) -> None:
    text = yaml.safe_dump(value, allow_unicode=True).encode()
    assert parse_yaml(text, Path("config.yaml")).data == value
