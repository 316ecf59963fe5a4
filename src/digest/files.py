"""Files that are whole or absent, whatever happens."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from digest.faults import faultpoint


def write_atomically(path: Path, body: bytes) -> Path:
    """Write a file so that after any accident it is whole or absent: temporary name, fsync, rename, fsync.

    Raises OSError; nothing is left behind then.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(body)
            faultpoint("artefact_temporary")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    faultpoint("artefact_renamed")
    return path
