"""The command line: the only place that prints, reads the clock and exits.

Commands are loaded when they are called: `digest --help` imports click and nothing else. The help
lines stand in the table so that listing them costs no import; a test keeps them equal to the commands'.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from digest.errors import DigestError
from digest.version import __version__

COMMANDS: dict[str, str] = {
    "build": "Build one issue from the sources and save it.",
    "check": "Check a saved issue: markup, contrast, links, headers, text.",
    "completion": "Print what a shell needs to complete this command.",
    "config": "Check, show or describe the configuration.",
    "doctor": "Find what would keep the next issue from going out.",
    "explain": "Show where each sentence comes from and what was left out.",
    "feed": "Show what a feed holds.",
    "fetch": "Visit the sources now and keep what is new.",
    "init": "Write a configuration to start from.",
    "issues": "List issues; approve or reject one that is held.",
    "outbox": "Show readers' copies and move those that are stuck.",
    "preview": "Look at issues in the browser.",
    "query": "Try a query on documents.",
    "run": "Run the daemon: build and deliver on schedule.",
    "schedule": "Show when the next issues are due.",
    "send": "Publish an issue once and deliver what is open.",
    "sources": "List, add, remove, test, import and export sources.",
    "stage": "Run one stage alone, JSON Lines in and out.",
    "template": "List, copy or check the templates of issues.",
}

EXIT_CODES = """\b
Exit codes: 0 done · 1 failed · 2 usage · 3 configuration
4 nothing to send · 5 partly done · 7 already running"""


class LazyGroup(click.Group):
    """A group that imports a command's module when that command is called or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"digest.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = click.utils.make_str(args[0])
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f"no such command {name!r}{_similar_command(name)}")
        return super().resolve_command(ctx, args)


def _similar_command(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    return f"; did you mean {near[0]!r}?" if near else " (`digest --help` lists them)"


@click.group(
    cls=LazyGroup,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="digest")
@click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the traceback of an error (anywhere on the line)."
)
def root() -> None:
    """Turn many articles into one e-mail worth reading: quoted verbatim, on time, once.

    \b
    Example:
      digest init && digest build && digest preview --open
    """


def main() -> None:
    """Run the command line; a DigestError is one line and its exit code, a bug is a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        sys.exit(_run_command(arguments))
    except DigestError as error:
        if debug:
            raise
        sys.exit(_print_error(str(error), error.exit_code))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_print_error("interrupted", 130))
    except BrokenPipeError:
        _silence_closed_output()
        sys.exit(141)
    except OSError as error:
        if debug:
            raise
        _silence_closed_output()
        sys.exit(_print_error(f"{error.filename or 'cannot write or read'}: {error.strerror or error}", 1))


def _run_command(arguments: list[str]) -> int:
    if "DIGEST_FAULT" in os.environ:
        from digest.faults import arm_fault

        arm_fault(os.environ["DIGEST_FAULT"])
    code: int = root.main(arguments, prog_name="digest", standalone_mode=False) or 0
    sys.stdout.flush()  # here, where a full disk can still be told
    return code


def _print_error(message: str, code: int) -> int:
    for line in message.splitlines():
        shown = "".join(character if character.isprintable() else "?" for character in line)
        click.echo(f"digest: {shown}", err=True)
    return code


def _silence_closed_output() -> None:
    """The reader of our output has gone (`| head`): nothing to say, and nothing to say it on."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
