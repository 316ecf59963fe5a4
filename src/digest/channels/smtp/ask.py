"""Asking a command what the mail server accepted: Message-IDs on its stdin, the accepted ones on its stdout."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

from digest.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND_SECONDS = 120.0  # seconds


def ask_accepted_ids(command: str, message_ids: Sequence[str]) -> frozenset[str]:
    """Those of `message_ids` that the command prints, with or without angle brackets, one a line.

    Raises DeliveryError when it cannot be run, fails, or takes longer than two minutes.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command, run without a shell
            shlex.split(command),
            input="".join(f"<{message_id}>\n" for message_id in message_ids),
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise DeliveryError(f"reconcile_command {command!r}: {error}") from error
    if done.returncode != 0:
        raise DeliveryError(f"reconcile_command {command!r} failed ({done.returncode}): {done.stderr.strip()[:200]}")
    named = {line.strip().strip("<>") for line in done.stdout.splitlines()}
    return frozenset(message_id for message_id in message_ids if message_id in named)
