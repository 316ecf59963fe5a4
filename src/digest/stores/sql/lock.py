"""One daemon for each store: flock on `<database>.lock`, or an advisory lock of the server."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from digest.errors import AlreadyRunningError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from digest.stores.sql.database import Database

ADVISORY_LOCK_KEY = 0x646967657374  # "digest"


@contextmanager
def hold_daemon_lock(database: Database) -> Iterator[None]:
    """Hold the store as its one daemon; raises AlreadyRunningError naming the process that does."""
    if database.path is not None:
        with _hold_file_lock(database.path.with_name(f"{database.path.name}.lock")):
            yield
        return
    with database.engine.connect() as connection:
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({ADVISORY_LOCK_KEY})").scalar_one():
            raise AlreadyRunningError("another daemon works on the same store")
        connection.commit()
        try:
            yield
        finally:
            connection.invalidate()  # back in the pool it would keep the lock


@contextmanager
def _hold_file_lock(path: Path) -> Iterator[None]:
    import fcntl  # not on Windows, where `digest run` needs PostgreSQL

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"cannot open the lock {path}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise AlreadyRunningError(f"already running, pid {holder} (lock {path})") from error
        except OSError as error:
            raise StoreError(f"cannot lock {path}: {error.strerror}") from error
        try:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        except OSError as error:
            raise StoreError(f"cannot write the lock {path}: {error.strerror}") from error
        yield
    finally:
        os.close(descriptor)
