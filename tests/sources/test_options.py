"""Every source can be written in a configuration."""

from __future__ import annotations

import pytest

from digest.config.plugins import adapter
from digest.registry import BUILT_IN, find


@pytest.mark.parametrize("name", sorted(BUILT_IN["sources"]))
def test_the_options_of_every_source_are_known_to_the_configuration(name: str) -> None:
    assert adapter(find("sources", name)).pydantic_complete
