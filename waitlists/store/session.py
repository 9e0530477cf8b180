"""Connections to SQLite and PostgreSQL that behave alike: one transaction a block, one writer at a time.

A reader sees one moment of the database for its whole block and cannot write; a writer waits its turn. So nothing
half-written is ever read, and dataset versions appear in the order of their numbers. Failures come out as
`DatabaseUnavailable` or `SchemaMismatch` with one sentence.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from waitlists.errors import BadArgument, DatabaseUnavailable, SchemaMismatch
from waitlists.store.bulk import as_json
from waitlists.store.outages import place, plain_outages
from waitlists.store.revision import current_revision, head_revision, is_newer
from waitlists.store.tables import metadata

Answer = TypeVar("Answer")

_WRITER_LOCK = 7_415_001
"""Any number will do; it is the one key of the PostgreSQL advisory lock that makes writers queue as SQLite's do."""

_POSTGRESQL_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "10min",
    "timezone": "UTC",
}

_CACHE = "PRAGMA cache_size = -32768"
_HARDLY_ANY_CACHE = "PRAGMA cache_size = -256"

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",  # a published version must survive a power cut; WAL makes that cheap
    "PRAGMA temp_store = MEMORY",  # sorted rows of a load never reach a shared temporary folder
    _CACHE,
    "PRAGMA trusted_schema = OFF",
)


def make_engine(
    url: str, *, pool_timeout: float = 5.0, pool_size: int = 5, max_overflow: int = 10, busy_timeout: float = 30.0
) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://...`; nothing is connected to yet.

    Parameters
    ----------
    url
        Database address. A relative SQLite path is taken from the current folder, once.
    pool_timeout
        Seconds to wait for a free connection before `DatabaseUnavailable`.
    pool_size, max_overflow
        Connections kept, and how many more may be open for a while.
    busy_timeout
        Seconds an SQLite writer waits for its turn.

    Raises
    ------
    BadArgument
        For an address that is not one of the two engines; the address itself is not repeated, it may hold a password.
    DatabaseUnavailable
        When the folder of an SQLite file does not exist.
    """
    parsed = _parsed(url)
    options: dict[str, Any] = {
        "pool_timeout": pool_timeout,
        "pool_size": pool_size,
        "max_overflow": max_overflow,
        "json_serializer": as_json,
        # An error that nobody foresaw is printed with its statement; what was to be stored stays out of it.
        "hide_parameters": True,
    }
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed, options, busy_timeout)
    return create_engine(parsed, pool_pre_ping=True, connect_args=_postgresql_arguments(parsed), **options)


@contextmanager
def reading(engine: Engine) -> Generator[Connection]:
    """A connection that sees one moment of the database until the block ends and cannot write."""
    with plain_outages(engine.url), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execution_options(reads_only=True)
        else:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """The one writer's connection: what the block wrote is all visible after it, or, on any error, nothing is."""
    with plain_outages(engine.url), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = '10min'"))
            # Of a database that nobody else sees (`rehearsal`) there is one writer anyway.
            if not connection.get_execution_options().get("is_private", False):
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
        yield connection


def transact(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    """What `work` answers in the writer's transaction, done once more where the connection was lost under it.

    A connection may be lost while it commits, and then nobody knows whether it did: `work` has to notice what is there
    already.
    """
    try:
        with writing(engine) as connection:
            return work(connection)
    except DatabaseUnavailable as error:
        if not _is_lost(error.__cause__):
            raise
    with writing(engine) as connection:
        return work(connection)


def _is_lost(error: BaseException | None) -> bool:
    """Whether the connection went away under a statement; COPY speaks to the driver without SQLAlchemy between."""
    if isinstance(error, psycopg.OperationalError):
        return (error.sqlstate or "08").startswith(("08", "57P"))
    return isinstance(error, DBAPIError) and error.connection_invalidated


def check_schema(engine: Engine) -> None:
    """Return quietly when the database is at the revision this code needs and has its tables.

    Raises
    ------
    SchemaMismatch
        When it is empty, older, newer, or lacks a table; the sentence says which and what to do.
    """
    with reading(engine) as connection:
        current = current_revision(connection)
        tables = set(inspect(connection).get_table_names())
    problem = _schema_problem(current, tables)
    if problem:
        raise SchemaMismatch(f"{place(engine.url)} {problem}")


def check_integrity(engine: Engine) -> None:
    """Return quietly when the SQLite file is whole; PostgreSQL keeps its own checks.

    Raises
    ------
    DatabaseUnavailable
        When pages of the file are damaged.
    """
    if engine.dialect.name != "sqlite":
        return
    with reading(engine) as connection:
        # Every page is read once, so that keeping pages would only cost whoever serves afterwards memory.
        connection.exec_driver_sql(_HARDLY_ANY_CACHE)
        answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        connection.exec_driver_sql(_CACHE)
    if answer != "ok":
        raise DatabaseUnavailable(f"{place(engine.url)} is damaged: restore the last backup (see docs/operations.md)")


def _schema_problem(current: str | None, tables: set[str]) -> str | None:
    if current is None:
        return "has no schema yet: run `waitlists migrate`"
    if is_newer(current):
        return "was made by a newer version of this software: upgrade the software, the database stays as it is"
    if current != head_revision():
        return f"is at schema revision {current}, this version needs {head_revision()}: run `waitlists migrate`"
    missing = sorted(set(metadata.tables) - tables)
    return f"has lost the table {missing[0]}: restore the last backup" if missing else None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadArgument("the database address cannot be understood", field="DATABASE_URL") from None
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise BadArgument("the database must be SQLite or PostgreSQL", field="DATABASE_URL")
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if not parsed.database or parsed.database.startswith((":memory:", "file:")):
        raise BadArgument("an SQLite database needs a file, as in sqlite:///waitlists.db", field="DATABASE_URL")
    return parsed.set(database=str(Path(parsed.database).absolute()))


def _postgresql_arguments(url: URL) -> dict[str, Any]:
    own = url.query.get("options", "")
    limits = " ".join(f"-c {name}={value}" for name, value in _POSTGRESQL_LIMITS.items())
    return {"connect_timeout": 5, "application_name": "waitlists", "options": f"{limits} {own}".strip()}


def _sqlite_engine(url: URL, options: dict[str, Any], busy_timeout: float) -> Engine:
    path = Path(str(url.database))
    if not path.parent.is_dir():
        raise DatabaseUnavailable(f"the folder {path.parent} does not exist: create it for the database file")
    engine = create_engine(url, connect_args={"timeout": busy_timeout}, **options)
    event.listen(engine, "do_connect", lambda *_: _create_private(path))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_private(path: Path) -> None:
    """Make the file readable by its owner alone; SQLite gives its -wal and -shm files the same permissions."""
    if not path.exists():
        try:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise DatabaseUnavailable(f"the database file {path} cannot be created: {error.strerror}") from error


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin transactions itself, at the first write, never before DDL; ours begin in `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        cursor.execute("PRAGMA journal_mode = WAL")
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that turns into a write fails at once when another writer was faster; IMMEDIATE waits its turn.
    reads_only = connection.get_execution_options().get("reads_only", False)
    # Said only where it changes: SQLite then prepares every statement anew.
    if connection.info.get("reads_only") != reads_only:
        connection.exec_driver_sql(f"PRAGMA query_only = {int(reads_only)}")
        connection.info["reads_only"] = reads_only
    connection.exec_driver_sql("BEGIN DEFERRED" if reads_only else "BEGIN IMMEDIATE")
