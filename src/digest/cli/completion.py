"""`digest completion`: what a shell needs to complete commands, options, editions and issues."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")
PLACES = {
    "bash": "digest completion bash > ~/.local/share/bash-completion/completions/digest",
    "zsh": "digest completion zsh > a file named _digest in a folder of $fpath",
    "fish": "digest completion fish > ~/.config/fish/completions/digest.fish",
}


@click.command("completion", short_help="Print what a shell needs to complete this command.")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print the completion script for SHELL (bash, zsh or fish): commands, options, editions of ./config.yaml, issues.

    \b
    Example:
      digest completion bash > ~/.local/share/bash-completion/completions/digest
    """
    from click.shell_completion import get_completion_class

    from digest.cli import root

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(root, {}, "digest", "_DIGEST_COMPLETE").source())
    click.echo(f"Keep it: {PLACES[shell]}", err=True)
    return 0
