"""`digest config check|show|schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli.options import Console, config_option, json_option, load_config, print_json, quiet_option

if TYPE_CHECKING:
    from pathlib import Path


@click.group("config", short_help="Check, show or describe the configuration.")
def command() -> None:
    """Check, show or describe the configuration.

    \b
    Example:
      digest config check
    """


@command.command("check", short_help="Find every mistake, each with line and column.")
@config_option
@json_option
@quiet_option
def check_command(config_path: Path, *, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Find every mistake of the configuration at once, each with line and column.

    \b
    Example:
      digest config check --config config.yaml
    """
    config = load_config(config_path)
    if as_json:
        print_json({"ok": True, "editions": sorted(config.editions), "warnings": list(config.warnings)})
    console = Console(quiet=quiet, verbose=verbose)
    for warning in config.warnings:
        console.warn(warning)
    if not as_json:
        console.note(f"{config_path}: {len(config.editions)} edition(s), no mistakes")
    return 0


@command.command("show", short_help="Print the configuration with every default.")
@config_option
@json_option
def show_command(config_path: Path, *, as_json: bool) -> int:
    """Print the configuration as it is understood, every default written out, secrets left out.

    \b
    Example:
      digest config show --json
    """
    from digest.config import config_as_data

    data = config_as_data(load_config(config_path))
    if as_json:
        print_json(data)
        return 0
    import yaml

    click.echo(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), nl=False)
    return 0


@command.command("schema", short_help="Print the JSON Schema of the configuration.")
def schema_command() -> int:
    """Print the JSON Schema of the configuration, for editors that complete and check YAML.

    \b
    Example:
      digest config schema > digest.schema.json
    """
    from digest.config import config_schema

    print_json(config_schema())
    return 0
