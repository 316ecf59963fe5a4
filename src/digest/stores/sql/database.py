"""One database, two ways in: readers see a snapshot, one writer at a time holds a short transaction.

SQLite: WAL, `BEGIN IMMEDIATE` (a deferred transaction that upgrades fails at once in spite of busy_timeout),
one writing connection shared by the threads. Every commit survives a crash of the process (synchronous NORMAL);
durable ones survive a loss of power too: after the commit, outside the lock, the log is flushed to the disk, which is
what FULL does while everybody waits. PostgreSQL: the same by synchronous_commit.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from digest.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Engine

BUSY_SECONDS = 30
PAGE_CACHE_KIB = 24_000  # KiB: keeps the upper levels of the index of a million message ids in memory

WAL_CHECKPOINT_PAGES = 8_000  # of the write-ahead log before it is folded into the database: 32 MB


class CompiledStatement:
    """A statement compiled once, run on the driver's own cursor: the send loop has no time to compile.

    `sql` takes a mapping of all its parameters, on both databases; constants belong into the text.
    """

    __slots__ = ("_values", "sql")

    def __init__(self, statement: Any, engine: Engine, *, columns: Sequence[str] | None = None) -> None:
        dialect = type(engine.dialect)(paramstyle="named" if engine.dialect.name == "sqlite" else "pyformat")  # type: ignore[call-arg]
        options = {"render_postcompile": True}
        compiled = statement.compile(dialect=dialect, column_keys=columns, compile_kwargs=options)
        self.sql = str(compiled)
        self._values: dict[str, Any] = dict(compiled.params)

    def bind_values(self, **values: Any) -> dict[str, Any]:
        """The parameters: those given, and for the others the constants of the statement."""
        return {**self._values, **values}


class HotTransaction:
    """One short transaction on the driver's cursor: `with database.hot_transaction() as cursor`. A class, because it is hot."""

    __slots__ = ("_database", "_durable")

    def __init__(self, database: Database, *, durable: bool) -> None:
        self._database = database
        self._durable = durable

    def __enter__(self) -> Any:
        database = self._database
        database.lock.acquire()
        try:
            cursor = database.writer_cursor()
            if database.is_sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            elif not self._durable:
                cursor.execute("SET LOCAL synchronous_commit = off")
        except BaseException as error:
            database.lock.release()
            raise database.translate_error(error) from error
        return cursor

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        database = self._database
        try:
            driver = database.writer_cursor().connection
            if error is None:
                driver.commit()
            else:
                driver.rollback()
        except BaseException as trouble:
            with contextlib.suppress(Exception):
                driver.rollback()
            raise database.translate_error(trouble) from trouble
        finally:
            database.lock.release()
        if error is not None and (told := database.translate_error(error)) is not error:
            raise told from error
        if self._durable and error is None:
            database.sync_to_disk()


class Database:
    """An engine, its one writer and the errors of both in our words."""

    def __init__(self, url: str) -> None:
        import sqlalchemy

        self.url = url
        try:
            self.engine = _create_engine(url)
        except (sqlalchemy.exc.ArgumentError, ModuleNotFoundError) as error:
            raise StoreError(f"store {url!r}: {error}") from error
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.lock = RLock()
        self._writer: Connection | None = None
        self._cursor: Any = None
        self._log: int | None = None  # descriptor of SQLite's write-ahead log

    @property
    def path(self) -> Path | None:
        """The file of an SQLite store; None for a server."""
        name = self.engine.url.database
        return Path(name) if self.is_sqlite and name else None

    @contextmanager
    def read_transaction(self) -> Iterator[Connection]:
        """A consistent view; nothing is written."""
        with self._translate_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write_transaction(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction: all of it or nothing, on the disk when this returns if `durable`."""
        with self.lock, self._translate_errors():
            connection = self._open_writer()
            with connection.begin():
                if not self.is_sqlite and not durable:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                yield connection
        if durable:
            self.sync_to_disk()

    def hot_transaction(self, *, durable: bool = False) -> HotTransaction:
        """The same promise as `write_transaction`, on the driver's cursor."""
        return HotTransaction(self, durable=durable)

    def writer_cursor(self) -> Any:
        """The writer's cursor; only for the holder of `lock`."""
        if self._cursor is None:
            driver: Any = self._open_writer().connection.driver_connection
            self._cursor = driver.cursor()
        return self._cursor

    def sync_to_disk(self) -> None:
        """Wait until every commit so far is on the disk. PostgreSQL did that itself."""
        if self.path is None:
            return
        with self._translate_errors():
            if self._log is None:
                self._log = os.open(f"{self.path}-wal", os.O_RDONLY | os.O_CLOEXEC)
            os.fsync(self._log)

    def boot_identity(self) -> str:
        """Changes when the machine that keeps the store was restarted: what was only NORMAL may be gone."""
        if self.is_sqlite:
            return _boot_id()
        with self.read_transaction() as connection:
            return str(connection.exec_driver_sql("SELECT pg_postmaster_start_time()").scalar_one())

    def close(self) -> None:
        with self.lock:
            self._forget_writer()
        self.engine.dispose()

    def _open_writer(self) -> Connection:
        if self._writer is None:
            self._writer = self.engine.connect().execution_options(digest_writes=True)
        return self._writer

    def _forget_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = self._cursor = None
        if self._log is not None:
            os.close(self._log)
            self._log = None

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            told = self.translate_error(error)
            if told is error:
                raise
            raise told from error

    def translate_error(self, error: BaseException) -> BaseException:
        """The error in our words when it is the database's or the disk's; itself when it is not."""
        import sqlalchemy

        theirs = (sqlalchemy.exc.SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return StoreError(f"store {self._store_name()}: the disk is full")
        if not isinstance(error, theirs):
            return error
        if not self.is_sqlite:
            self._forget_writer()
        return StoreError(f"store {self._store_name()}: {getattr(error, 'orig', None) or error}".strip())

    def _store_name(self) -> str:
        return str(self.path) if self.is_sqlite else self.engine.url.render_as_string(hide_password=True)


def _create_engine(url: str) -> Engine:
    from sqlalchemy import create_engine, event

    options: dict[str, Any] = {}
    if url.startswith("sqlite"):
        options["connect_args"] = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_transaction)
    return engine


def _prepare_sqlite(driver: Any, _record: object) -> None:
    driver.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode = WAL",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "foreign_keys = ON",
        "synchronous = NORMAL",
        f"cache_size = -{PAGE_CACHE_KIB}",
        f"wal_autocheckpoint = {WAL_CHECKPOINT_PAGES}",
    ):
        driver.execute(f"PRAGMA {pragma}")


def _begin_transaction(connection: Connection) -> None:
    writes = connection.get_execution_options().get("digest_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return socket.gethostname()  # no such file outside Linux: a restart goes unnoticed there
