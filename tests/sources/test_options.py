"""Every source can be written in a configuration."""

from __future__ import annotations

import pytest

from digest.config.plugins import type_adapter
from digest.registry import BUILT_IN, find_plugin


@pytest.mark.parametrize("name", sorted(BUILT_IN["sources"]))
def test_the_options_of_every_source_are_known_to_the_configuration(name: str) -> None:
    assert type_adapter(find_plugin("sources", name)).pydantic_complete
