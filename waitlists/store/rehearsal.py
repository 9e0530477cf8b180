"""A private copy of the database as of one moment, to try on it what is to become visible in one transaction later.

SQLite: a file in a folder of its own beside the database, which a copy whose process was killed leaves behind until the
next look (`clear_copies`). PostgreSQL: temporary tables of one connection, which the server drops with it. Neither is
in any backup, and nobody waits for a copy, neither readers of the original nor writers.
"""

import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, event, text
from sqlalchemy.schema import CreateIndex, CreateTable

from waitlists.errors import DatabaseUnavailable, DiskFull
from waitlists.logs import logger, rehearsal_bound
from waitlists.store.outages import place, plain_outages
from waitlists.store.session import make_engine, reading
from waitlists.store.tables import metadata

LEFT_OUT: Final = frozenset(
    {
        "api_key", "audit", "audit_tally", "clearance", "delivery_content", "first_answer",
        "forecast", "job_run", "judged_list", "outbox", "quarantine", "subscriber",
    }
)  # fmt: skip
"""Tables that are empty in a copy: nothing that is tried there reads them."""

_AT_WORK: Final = 5_201_126
"""The key of the PostgreSQL lock that every copy holds with others, by which who waits for them knows of them."""

_ORIGINAL: Final = "original"
_COPY: Final = ".copy-"


@contextmanager
def rehearsal(engine: Engine) -> Generator[Engine]:
    """A copy of the database to read and write as one likes, gone when the block ends.

    New rows get the numbers that they would get in the original. Foreign keys are not checked.

    Raises
    ------
    DatabaseUnavailable
        It cannot be made, or the connection that holds it was lost.
    DiskFull
        There is no room for it beside the original.
    """
    make = _beside if engine.dialect.name == "sqlite" else _within
    with rehearsal_bound(), make(engine) as copy:
        logger().info("rehearsal.begun")
        yield copy


def clear_copies(engine: Engine) -> list[Path]:
    """Delete the copies of an SQLite database whose process was killed; one that is at work keeps its own.

    Returns
    -------
    list of Path
        Copies of other users, who may be at work in them or were killed: this one may not see to them.
    """
    if engine.dialect.name != "sqlite":
        return []
    return [one for one in _copies(engine) if not _is_cleared(one)]


def _copies(engine: Engine) -> list[Path]:
    file = _file(engine)
    begun = f"{file.name}{_COPY}"
    return sorted(one for one in file.parent.iterdir() if one.name.startswith(begun) and one.is_dir())


def await_copies(engine: Engine, on_wait: Callable[[], None]) -> None:
    """Wait until no copy is at work that was begun before; `on_wait` is called where one is."""
    if engine.dialect.name == "sqlite":
        for folder in _copies(engine):
            _await_folder(folder, on_wait)
        return
    with plain_outages(engine.url), engine.begin() as connection:
        _wait_as_long_as_it_takes(connection)
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _AT_WORK}).scalar_one():
            on_wait()
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _AT_WORK})


def _await_folder(folder: Path, on_wait: Callable[[], None]) -> None:
    """Wait for whoever holds a folder; one that is gone, or another user's, is nobody's to wait for."""
    with suppress(FileNotFoundError, PermissionError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(opened, fcntl.LOCK_EX)
        finally:
            os.close(opened)


def _wait_as_long_as_it_takes(connection: Connection) -> None:
    for limit in ("statement_timeout", "lock_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = 0"))


@contextmanager
def _beside(engine: Engine) -> Generator[Engine]:
    """The copy of an SQLite file, in a folder that is locked as long as somebody works in it."""
    file = _file(engine)
    with _room_in(file.parent):
        folder, lock = _held_beside(file)
    try:
        with plain_outages(engine.url), _room_in(file.parent):
            _fill_file(engine, file, folder / "copy.db")
        copy = make_engine(f"sqlite:///{folder / 'copy.db'}")
        try:
            yield copy
        finally:
            copy.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _held_beside(file: Path) -> tuple[Path, int]:
    """A folder of one's own and its lock: one that is cleared before it is locked is made anew."""
    while True:
        folder = Path(mkdtemp(prefix=f"{file.name}{_COPY}", dir=file.parent))
        with suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)


@contextmanager
def _room_in(folder: Path) -> Generator[None]:
    """What the system says of files that cannot be made, in plain words."""
    try:
        yield
    except OSError as error:
        why = f"no copy of the database can be made in {folder}: {error.strerror}"
        kind = DiskFull if error.errno == errno.ENOSPC else DatabaseUnavailable
        raise kind(f"{why}; free some space there, and let this user write to it") from error


def _fill_file(engine: Engine, file: Path, path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None)) as driver:
        # Whoever dies here leaves nothing that is wanted.
        driver.execute("PRAGMA journal_mode = OFF")
        driver.execute("PRAGMA synchronous = OFF")
        driver.execute(f"ATTACH ? AS {_ORIGINAL}", [str(file)])
        # Not IMMEDIATE, which would keep others from writing to the original: it is read as of its first read.
        driver.execute("BEGIN")
        for statement in _statements(engine, _ORIGINAL):
            driver.execute(statement)
        driver.execute("COMMIT")


@contextmanager
def _within(engine: Engine) -> Generator[Engine]:
    """The copy within a PostgreSQL server: one connection, whose temporary tables are all that it finds by name."""
    with reading(engine) as connection:
        asked = text("SELECT current_schema(), has_database_privilege(current_database(), 'TEMPORARY')")
        origin, may = connection.execute(asked).one()
    if not may:
        why = f"{place(engine.url)} gives its user no temporary tables, on which a week is tried before it is stored"
        raise DatabaseUnavailable(f"{why}: GRANT TEMPORARY ON DATABASE to it (see docs/operations.md)")
    options = f"{engine.url.query.get('options', '')} -c search_path=pg_temp".strip()
    url = engine.url.update_query_dict({"options": options}).render_as_string(hide_password=False)
    copy = make_engine(url, pool_size=1, max_overflow=0)
    # Others write to other tables: their lock is not this one's.
    copy.update_execution_options(is_private=True)
    opened: list[int] = []
    event.listen(copy, "do_connect", lambda *_: _connect_once(engine, opened))
    try:
        _fill_schema(copy, origin)
        yield copy
    finally:
        # The server would do so too, some time after the connection is closed.
        with suppress(DatabaseUnavailable), plain_outages(copy.url), copy.begin() as connection:
            connection.execute(text("DISCARD TEMP"))
        copy.dispose()


def _connect_once(engine: Engine, opened: list[int]) -> None:
    if opened:
        raise DatabaseUnavailable(f"{place(engine.url)} dropped the connection that held a copy; try again")
    opened.append(1)


def _fill_schema(copy: Engine, origin: str) -> None:
    with plain_outages(copy.url), copy.connect() as connection:
        with connection.begin():
            _wait_as_long_as_it_takes(connection)
            # Kept as long as the connection is.
            connection.execute(text("SELECT pg_advisory_lock_shared(:key)"), {"key": _AT_WORK})
        # One moment for all tables.
        connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            _wait_as_long_as_it_takes(connection)
            for statement in (*_statements(copy, origin), *_counted_on(copy, origin)):
                connection.exec_driver_sql(statement)


def _statements(engine: Engine, origin: str) -> Iterator[str]:
    """Every table made and filled, each index once its table is full."""
    quote = engine.dialect.identifier_preparer.quote_identifier
    for table in metadata.sorted_tables:
        yield _said(CreateTable(table, include_foreign_key_constraints=[]), engine)
        if table.name not in LEFT_OUT:
            name, columns = quote(table.name), ", ".join(quote(column.name) for column in table.c)
            # Names are this package's own, or the server's of a schema.
            yield f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {quote(origin)}.{name}"  # noqa: S608
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            yield _said(CreateIndex(index), engine)


def _counted_on(engine: Engine, origin: str) -> Iterator[str]:
    """New rows numbered as the original would, and the planner told what the tables hold: nobody else does."""
    quote = engine.dialect.identifier_preparer.quote_identifier
    for table in metadata.sorted_tables:
        number = _numbered(table)
        if number is not None:
            counter = f"{table.name}_{number}_seq"
            last = f"{quote(origin)}.{quote(counter)}"
            yield f"SELECT setval('pg_temp.{counter}', last_value, is_called) FROM {last}"  # noqa: S608 - as above
        yield f"ANALYZE {quote(table.name)}"


def _numbered(table: Table) -> str | None:
    """The column that the database numbers."""
    column = table.autoincrement_column
    return column.name if column is not None else None


def _said(clause: Any, engine: Engine) -> str:
    return str(clause.compile(dialect=engine.dialect))


def _is_cleared(folder: Path) -> bool:
    """Whether a copy is gone, or somebody's at work; a process that began it just now waits until it is decided."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return True
    except PermissionError:
        logger().warning("rehearsal.not_cleared")
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    is_gone = not folder.exists()
    logger().warning("rehearsal.cleared" if is_gone else "rehearsal.not_cleared")
    return is_gone


def _file(engine: Engine) -> Path:
    return Path(str(engine.url.database))
