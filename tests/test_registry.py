"""Names and the classes behind them."""

from __future__ import annotations

import dataclasses

import pytest

from digest import registry
from digest.config.plugins import type_adapter
from digest.errors import UsageError

EVERY = [(family, name) for family in registry.BUILT_IN for name in registry.BUILT_IN[family]]


@pytest.mark.parametrize(("family", "name"), EVERY)
def test_every_built_in_name_leads_to_a_frozen_dataclass(family: str, name: str) -> None:
    cls = registry.find_plugin(family, name)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no channel is named 'pigeon' .*folder"):
        registry.find_plugin("channels", "pigeon")


@pytest.mark.parametrize(("family", "name"), EVERY)
def test_every_options_type_is_known_at_run_time(family: str, name: str) -> None:
    assert type_adapter(registry.find_plugin(family, name)).json_schema()["type"] == "object"
