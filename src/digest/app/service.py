"""What a long-running service needs before it starts and after every reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import ConfigError, TemplateError

if TYPE_CHECKING:
    from digest.config import Config


def prove_templates(config: Config) -> None:
    """Load every edition's template, to keep it until the next reload; ConfigError says what is wrong with one."""
    for edition in config.editions.values():
        try:
            assert edition.renderer
        except TemplateError as error:
            raise ConfigError(f"editions.{edition.key}: {error}") from error
