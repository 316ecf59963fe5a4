"""`digest preview`: issues in the browser, live."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.options import Console, at_option, clock_at, config_option, quiet_option
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.clock import Clock
    from digest.web.security import AccessPolicy

PASSWORD_VARIABLE = "DIGEST_PREVIEW_PASSWORD"  # noqa: S105 - the name of the variable, not a password


@click.command("preview", short_help="Look at issues in the browser.")
@config_option
@at_option
@click.option("--port", type=click.IntRange(0, 65535), default=8025, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--allow-remote", metavar="NAME", multiple=True,
    help=f"Let others in who ask for this host name; needs a password in ${PASSWORD_VARIABLE}.",
)  # fmt: skip
@click.option(
    "--issues", type=click.Path(path_type=Path, file_okay=False), default=Path("issues"), show_default=True,
    help="Where `digest build` saved past issues.",
)  # fmt: skip
@click.option("--open", "open_browser", is_flag=True, help="Open the browser.")
@quiet_option
def command(  # noqa: PLR0913 - one parameter for each option
    config_path: Path,
    at: str | None,
    port: int,
    host: str,
    allow_remote: tuple[str, ...],
    issues: Path,
    *,
    open_browser: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Show every issue in the browser as readers will get it, and make the next one anew whenever you save something.

    Only this machine can look. The page loads nothing from elsewhere, and what articles bring with them cannot run.

    \b
    Example:
      digest preview --open
    """
    console = Console(quiet=quiet, verbose=verbose)
    policy = create_access_policy(host, allow_remote)
    clock_in = cache(partial(clock_at, at))

    def announce(address: str) -> None:
        click.echo(address)
        console.note("Ctrl-C ends it.")
        if open_browser:
            click.launch(address)

    signal = serve_preview(config_path, issues, (host, port), policy=policy, clock_in=clock_in, announce=announce)
    return {2: 130, 15: 143}.get(signal, 0)


def serve_preview(
    config_path: Path,
    issues: Path,
    listen_at: tuple[str, int],
    *,
    policy: AccessPolicy,
    clock_in: Callable[[str], Clock],
    announce: Callable[[str], None],
) -> int:
    """Serve the preview at (host, port) until a signal, and give its number; `announce` is told the address to open."""
    from digest.web.app import create_application
    from digest.web.events import EventStream
    from digest.web.preview import LivePreview
    from digest.web.serve import open_listening_socket, serve_until_signal

    listening = open_listening_socket(*listen_at)
    address = preview_address(listen_at[0], listening.getsockname()[1])
    events = EventStream()
    backend = LivePreview(
        config_path,
        issues=issues,
        events=events,
        clock_in=clock_in,
        report_bug=lambda text: click.echo(text, err=True),
    )
    app = create_application(backend, policy=policy, events=events)
    backend.start()
    try:
        return serve_until_signal(app, listening, events=events, started=partial(announce, address))
    finally:
        backend.close()


def preview_address(host: str, port: int) -> str:
    """The address to open."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def create_access_policy(host: str, remote: tuple[str, ...]) -> AccessPolicy:
    """Who may come in; UsageError when others could and there is no password."""
    import os
    import secrets

    from digest.web.security import LOOPBACK, AccessPolicy

    token = secrets.token_urlsafe(32)
    local = host in {"127.0.0.1", "localhost", "::1"}
    if local and not remote:
        return AccessPolicy(token=token)
    if not remote:
        raise UsageError(f"--host {host}: others could look at it: name how they may call it with --allow-remote NAME")
    password = os.environ.get(PASSWORD_VARIABLE)
    if not password:
        raise UsageError(f"--allow-remote: set a password in ${PASSWORD_VARIABLE}")
    return AccessPolicy(token=token, hosts=(*LOOPBACK, *(name.lower() for name in remote)), password=password)
