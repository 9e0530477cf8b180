"""Failures of the database in plain sentences: what cannot be reached, is full, busy or damaged, and what to do.

Only failures that a person or a retry can mend are translated. A statement that is wrong stays the error it is: hiding
a mistake of ours behind "the database is unavailable" would send the reader to the wrong place.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from waitlists.errors import DatabaseUnavailable, DiskFull, SchemaMismatch, WaitlistsError

_FULL = "has no space left: free some and run the command again; nothing was half-written"
_DAMAGED = "is damaged: restore the last backup (see docs/operations.md)"
_BUSY = "is busy: another writer held it for too long; try again"
_REFUSED = "refused the user or password: check WAITLISTS_DATABASE_URL"
_GONE = "cannot be reached: check that it runs and that WAITLISTS_DATABASE_URL is right"
_READ_ONLY = "cannot be written to: check its permissions"
_CANNOT_OPEN = "cannot be opened: check the folder and its permissions"
_SLOW = "took too long over a question and was stopped; try again"
_NO_DATABASE = "does not exist: create it or check WAITLISTS_DATABASE_URL"
_UNGRANTED = (
    "refuses its user a right: as the owner run `waitlists migrate --grant USER`; `waitlists status` names it there"
)
_OTHER_SCHEMA = "does not have the tables this version needs: run `waitlists migrate`"

_KINDS: dict[str, type[WaitlistsError]] = {_FULL: DiskFull, _OTHER_SCHEMA: SchemaMismatch}

_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_IOERR: "could not be read or written by the disk: check the disk and its free space",
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
}
"""By primary result code; https://www.sqlite.org/rescode.html."""

_POSTGRESQL = {
    "53100": _FULL,
    "53": "has no connection or memory to spare: try again, or raise its limits",
    "55P03": _BUSY,
    "40": _BUSY,
    "57014": _SLOW,
    "28": _REFUSED,
    "42501": _UNGRANTED,
    "3D": _NO_DATABASE,
    "25006": _READ_ONLY,
    "08": _GONE,
    "57": _GONE,
    "58": "reports a failure of its own disk or system: see its log",
    "XX": _DAMAGED,
}
"""By SQLSTATE or its class; https://www.postgresql.org/docs/16/errcodes-appendix.html."""


@contextmanager
def plain_outages(url: URL) -> Generator[None]:
    """Errors of the block below as this project's own, with the place but never the password of `url`.

    Raises
    ------
    DatabaseUnavailable
        The database cannot be reached, is busy, damaged, or all connections are in use.
    DiskFull
        Its disk is full.
    SchemaMismatch
        A table or column that this code needs is not there.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable(f"every connection to {place(url)} is in use; try again in a moment") from error
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        plain = _in_plain_words(error.orig if isinstance(error, DBAPIError) else error, url)
        if plain is None:
            _take_values_out(error)
            raise
        raise plain from error


def _take_values_out(error: Exception) -> None:
    """Leave what broke, not with what: PostgreSQL tells the row in its details, and a traceback would repeat them."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.Error) and cause.diag.message_primary:
        said = cause.diag.message_primary
        # Class 22 is wrong data, quoted after a colon; elsewhere only names of tables and constraints are.
        said = said.partition(":")[0] if (cause.sqlstate or "").startswith("22") else said
        cause.args = (f"{said} (SQLSTATE {cause.sqlstate})",)
        error.args = cause.args


def place(url: URL) -> str:
    """Where the database is, in words a log may hold: no user, no password."""
    if url.get_backend_name() == "sqlite":
        return f"the database file {url.database}"
    host = url.query.get("host", url.host or "localhost")
    return f"the PostgreSQL database {url.database} at {host}"


def _in_plain_words(error: BaseException | None, url: URL) -> WaitlistsError | None:
    cause = _sqlite_cause(error) if isinstance(error, sqlite3.Error) else _postgresql_cause(error)
    if cause is None:
        return None
    sentence = f"{place(url)} {cause}"
    return _KINDS.get(cause, DatabaseUnavailable)(sentence)


def _sqlite_cause(error: sqlite3.Error) -> str | None:
    text = str(error)
    if text.startswith(("no such table", "no such column")) or "has no column named" in text:
        return _OTHER_SCHEMA
    # The low byte is the primary code; the rest says which of its kinds (IOERR alone has 30).
    return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


def _postgresql_cause(error: BaseException | None) -> str | None:
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state in {"42P01", "42703"}:
        return _OTHER_SCHEMA
    if state is not None:
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    return _connection_cause(error)


def _connection_cause(error: psycopg.Error) -> str | None:
    """A failure before or after the talk with the server carries no SQLSTATE; libpq's own words are all there is."""
    text = str(error)
    if "password authentication failed" in text or "no password supplied" in text:
        return _REFUSED
    if 'database "' in text and "does not exist" in text:
        return _NO_DATABASE
    return _GONE if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
