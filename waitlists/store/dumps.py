"""The parts of a backup, taken from one moment of a database while others go on writing, and put back.

SQLite: its own online copy, one file. PostgreSQL: every table by COPY from one snapshot, so that neither making nor
restoring a backup needs the server's tools, in the server's version, on this machine (docs/adr/0018).
"""

import errno
import os
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Table, func, select, text

from waitlists.errors import DatabaseUnavailable
from waitlists.store.outages import place, plain_outages
from waitlists.store.session import make_engine, reading
from waitlists.store.tables import metadata

SQLITE_PART: Final = "waitlists.db"
_CHUNK = 1 << 20
_FIRST_PAGES: Final = 16
"""Fewer than there are tables, of which each has a page of its own: the first step is never the last."""

_UNWRITTEN: Final = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR_WRITE: errno.EIO,
    sqlite3.SQLITE_IOERR_FSYNC: errno.EIO,
}
"""What SQLite says where a copy cannot be written, since the database it is of is only read meanwhile."""

Settled = TypeVar("Settled")


@contextmanager
def sqlite_moment(engine: Engine, copy: Path) -> Generator[Connection]:
    """A reader of a copy of the database at one moment, written to `copy` and checked page by page.

    Raises
    ------
    OSError
        The copy cannot be written.
    """
    with plain_outages(engine.url):
        source: Any = engine.raw_connection()
        try:
            with closing(sqlite3.connect(copy)) as target:
                # All pages in one step: while it lasts readers and, thanks to the log, writers go on.
                source.driver_connection.backup(target, pages=-1)
        except sqlite3.Error as error:
            code = _UNWRITTEN.get(getattr(error, "sqlite_errorcode", 0))
            if code is None:
                raise
            raise OSError(code, os.strerror(code)) from error
        finally:
            source.close()
    copied = make_engine(f"sqlite:///{copy}")
    try:
        if not is_whole(copied):
            raise DatabaseUnavailable(f"{place(engine.url)} is damaged: restore an earlier backup")
        with reading(copied) as connection:
            yield connection
    finally:
        copied.dispose()


@contextmanager
def postgresql_moment(engine: Engine) -> Generator[Connection]:
    """A reader of one moment that may take as long as it needs."""
    with reading(engine) as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection


def is_whole(engine: Engine) -> bool:
    """Whether an SQLite file is whole: every page, the indexes, and what rows refer to."""
    try:
        with reading(engine) as connection:
            answer = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    except DatabaseUnavailable:
        return False
    return answer == "ok" and orphan is None


def counts(connection: Connection) -> dict[str, int]:
    """Rows by table."""
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in sorted(metadata.tables.items())
    }


def is_blank(connection: Connection) -> bool:
    """Whether nothing was ever loaded, run, looked at or made here: no row but those a migration makes."""
    tables = (table for name, table in metadata.tables.items() if name != "audit_tally")
    return not any(connection.execute(select(1).select_from(table).limit(1)).first() for table in tables)


def file_chunks(path: Path) -> Generator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def tables_out(connection: Connection) -> Generator[tuple[str, Iterable[bytes]]]:
    """Every table of PostgreSQL as the text that COPY writes."""
    for name, table in sorted(metadata.tables.items()):
        yield f"{name}.copy", _copied_out(connection, table)


def overwrite_sqlite(copy: Path, target: Engine, settle: Callable[[], Settled]) -> Settled:
    """Make the target's content that of `copy`, for readers at one moment; who reads it may go on, who writes waits.

    Parameters
    ----------
    settle
        Called once when no other can write to the target any more, to do to `copy` what depends on what the target
        holds; what it raises leaves the target as it was.

    Raises
    ------
    DatabaseUnavailable
        Another process writes to it for longer than a writer waits its turn.
    """
    settled: list[Settled] = []

    def stepped(status: int, _remaining: int, _total: int) -> None:
        # The driver would try again without end.
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise DatabaseUnavailable(f"{place(target.url)} is busy: stop what writes to it and restore again")
        # The first pages take the writer's lock, which stays; SQLite starts over by itself once the copy has changed.
        if not settled:
            settled.append(settle())

    with plain_outages(target.url):
        into: Any = target.raw_connection()
        try:
            with closing(sqlite3.connect(copy)) as source:
                source.backup(into.driver_connection, pages=_FIRST_PAGES, progress=stepped)
        finally:
            into.close()
    return settled[0]


def overwrite_postgresql(connection: Connection, parts: Mapping[str, Iterable[bytes]]) -> None:
    """Replace the rows of every table within the writer's transaction, so that readers see the old ones or the new.

    Rows are deleted, not truncated: a reader whose moment began before would find a truncated table empty. The audit
    only grows, so its triggers rest meanwhile; they are back when the transaction ends, whichever way.
    """
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    _triggers(connection, "DISABLE")
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())
    for table in metadata.sorted_tables:
        _copied_in(connection, table, parts[f"{table.name}.copy"])
        _count_on(connection, table)
    _triggers(connection, "ENABLE")


def _triggers(connection: Connection, what: str) -> None:
    for name in ("audit", "audit_tally"):
        connection.execute(text(f"ALTER TABLE {name} {what} TRIGGER USER"))


def _copied_out(connection: Connection, table: Table) -> Generator[bytes]:
    with _driver(connection).cursor() as cursor, cursor.copy(_copy(table, sql.SQL("TO STDOUT"))) as rows:
        for chunk in rows:
            yield bytes(chunk)


def _copied_in(connection: Connection, table: Table, chunks: Iterable[bytes]) -> None:
    with _driver(connection).cursor() as cursor, cursor.copy(_copy(table, sql.SQL("FROM STDIN"))) as rows:
        for chunk in chunks:
            rows.write(chunk)


def _copy(table: Table, direction: sql.SQL) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.c)
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table.name), columns, direction)


def _count_on(connection: Connection, table: Table) -> None:
    """Have the database number new rows after those that were put back."""
    for column in table.primary_key.columns:
        asked = text("SELECT pg_get_serial_sequence(:table, :column)")
        counter = connection.execute(asked, {"table": f'"{table.name}"', "column": column.name}).scalar()
        if counter is not None:
            last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(counter, last, False)))


def _driver(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
