"""One database, two ways in: readers see a snapshot, one writer at a time holds a short transaction.

SQLite: WAL, `BEGIN IMMEDIATE` (a deferred transaction that upgrades fails at once in spite of busy_timeout),
one writing connection shared by the threads. Durable transactions wait for the disk (synchronous FULL), the
others survive a crash of the process but not of the power (NORMAL). PostgreSQL: the same by synchronous_commit.
"""

from __future__ import annotations

import errno
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
PAGE_CACHE = 24_000  # KiB: keeps the upper levels of the index of a million message ids in memory


class Statement:
    """A statement compiled once, run on the driver's own cursor: the send loop has no time to compile."""

    __slots__ = ("_base", "_order", "sql")

    def __init__(self, statement: Any, engine: Engine, *, columns: Sequence[str] | None = None) -> None:
        options = {"render_postcompile": True}
        compiled = statement.compile(engine, column_keys=columns, compile_kwargs=options)
        self.sql = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        self._base: dict[str, Any] = dict(compiled.params)

    def bind(self, **values: Any) -> Any:
        """The parameters in the form that the driver wants."""
        if self._order is None:
            return {**self._base, **values}
        base = self._base
        return [values[name] if name in values else base[name] for name in self._order]


class Database:
    """An engine, its one writer and the errors of both in our words."""

    def __init__(self, url: str) -> None:
        import sqlalchemy

        self.url = url
        try:
            self.engine = _engine(url)
        except (sqlalchemy.exc.ArgumentError, ModuleNotFoundError) as error:
            raise StoreError(f"store {url!r}: {error}") from error
        self.sqlite = self.engine.dialect.name == "sqlite"
        self._lock = RLock()
        self._writer: Connection | None = None
        self._driver: Any = None
        self._full: bool | None = None

    @property
    def path(self) -> Path | None:
        """The file of an SQLite store; None for a server."""
        name = self.engine.url.database
        return Path(name) if self.sqlite and name else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written."""
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction: all of it or nothing, on the disk when this returns if `durable`."""
        with self._lock, self._translated():
            connection = self._open(durable=durable)
            with connection.begin():
                if not self.sqlite and not durable:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                yield connection

    @contextmanager
    def hot(self, *, durable: bool = False) -> Iterator[Any]:
        """The same promise as `write`, on the driver's cursor."""
        with self._lock, self._translated():
            if self._driver is None or self._full is not durable:
                self._driver = self._open(durable=durable).connection.driver_connection
            driver = self._driver
            cursor = driver.cursor()
            try:
                if self.sqlite:
                    cursor.execute("BEGIN IMMEDIATE")
                elif not durable:
                    cursor.execute("SET LOCAL synchronous_commit = off")
                yield cursor
                driver.commit()
            except BaseException:
                driver.rollback()
                raise
            finally:
                cursor.close()

    def boot(self) -> str:
        """Changes when the machine that keeps the store was restarted: what was only NORMAL may be gone."""
        if self.sqlite:
            return _boot_id()
        with self.read() as connection:
            return str(connection.exec_driver_sql("SELECT pg_postmaster_start_time()").scalar_one())

    def close(self) -> None:
        with self._lock:
            self._forget()
        self.engine.dispose()

    def _open(self, *, durable: bool) -> Connection:
        if self._writer is None:
            self._writer = self.engine.connect().execution_options(digest_writes=True)
            self._full = None
        if self.sqlite and self._full is not durable:
            driver: Any = self._writer.connection.driver_connection
            driver.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self._full = durable
        return self._writer

    def _forget(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer = self._driver = None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import sqlalchemy

        driver_error = self.engine.dialect.loaded_dbapi.Error
        try:
            yield
        except (sqlalchemy.exc.SQLAlchemyError, driver_error) as error:
            if not self.sqlite:
                self._forget()
            cause = getattr(error, "orig", None) or error
            raise StoreError(f"store {self._name()}: {cause}".strip()) from error
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise StoreError(f"store {self._name()}: the disk is full") from error

    def _name(self) -> str:
        return str(self.path) if self.sqlite else self.engine.url.render_as_string(hide_password=True)


def _engine(url: str) -> Engine:
    from sqlalchemy import create_engine, event

    options: dict[str, Any] = {}
    if url.startswith("sqlite"):
        options["connect_args"] = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(driver: Any, _record: object) -> None:
    driver.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode = WAL", f"busy_timeout = {BUSY_SECONDS * 1000}", "foreign_keys = ON"):
        driver.execute(f"PRAGMA {pragma}")
    driver.execute(f"PRAGMA cache_size = -{PAGE_CACHE}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("digest_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return socket.gethostname()  # no such file outside Linux: a restart goes unnoticed there
