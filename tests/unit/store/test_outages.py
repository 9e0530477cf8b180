"""Database failures in plain sentences: the right error, the place, never the password."""

import sqlite3

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from waitlists.errors import DatabaseUnavailable, SchemaMismatch, WaitlistsError
from waitlists.store.outages import place, plain_outages

FILE = make_url("sqlite:////data/waitlists.db")
SERVER = make_url("postgresql+psycopg://ann:secret@db.example/waitlists")


def sqlite_error(code: int, text: str = "") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


def postgresql_error(state: str | None, text: str = "", kind: type[psycopg.Error] = psycopg.OperationalError):
    error = kind(text)
    error.sqlstate = state
    return error


def translated(url, error: Exception) -> Exception:
    with pytest.raises((WaitlistsError, type(error))) as caught, plain_outages(url):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "no space left"),
        (sqlite3.SQLITE_CORRUPT, "is damaged"),
        (sqlite3.SQLITE_NOTADB, "is damaged"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "is busy"),
        (sqlite3.SQLITE_IOERR_WRITE, "check the disk"),
        (sqlite3.SQLITE_READONLY, "cannot be written to"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
    ],
)
def test_an_sqlite_failure_says_what_to_do(code, words):
    error = translated(FILE, OperationalError("INSERT", {}, sqlite_error(code)))
    assert isinstance(error, DatabaseUnavailable)
    assert str(error).startswith("the database file /data/waitlists.db ")
    assert words in str(error)


@pytest.mark.parametrize(
    ("state", "text", "words"),
    [
        ("53100", "", "no space left"),
        ("53300", "", "no connection or memory"),
        ("55P03", "", "is busy"),
        ("40P01", "", "is busy"),
        ("57014", "", "took too long"),
        ("57P01", "", "cannot be reached"),
        ("28P01", "", "refused the user or password"),
        ("3D000", "", "does not exist"),
        ("25006", "", "cannot be written to"),
        ("08006", "", "cannot be reached"),
        ("58030", "", "its own disk"),
        ("XX001", "", "is damaged"),
        (None, "connection refused", "cannot be reached"),
        (None, 'FATAL: password authentication failed for user "ann"', "refused the user or password"),
        (None, 'FATAL: database "waitlists" does not exist', "does not exist"),
    ],
)
def test_a_postgresql_failure_says_what_to_do(state, text, words):
    error = translated(SERVER, postgresql_error(state, text))
    assert isinstance(error, DatabaseUnavailable)
    assert str(error).startswith("the PostgreSQL database waitlists at db.example ")
    assert words in str(error)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        (FILE, sqlite_error(sqlite3.SQLITE_ERROR, "no such table: run")),
        (FILE, sqlite_error(sqlite3.SQLITE_ERROR, "no such column: scope")),
        (FILE, sqlite_error(sqlite3.SQLITE_ERROR, "table run has no column named as_of")),
        (SERVER, postgresql_error("42P01", kind=psycopg.ProgrammingError)),
        (SERVER, postgresql_error("42703", kind=psycopg.ProgrammingError)),
    ],
)
def test_a_missing_table_or_column_is_another_schema(url, error):
    found = translated(url, error)
    assert isinstance(found, SchemaMismatch)
    assert "waitlists migrate" in str(found)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        (FILE, sqlite_error(sqlite3.SQLITE_ERROR, "near SELCT: syntax error")),
        (FILE, sqlite3.IntegrityError("CHECK constraint failed")),
        (FILE, OperationalError("SELECT", {}, ValueError())),
        (SERVER, postgresql_error("42601", kind=psycopg.ProgrammingError)),
        (SERVER, postgresql_error(None, "bad argument", kind=psycopg.ProgrammingError)),
        (SERVER, ValueError("not of the database")),
    ],
)
def test_a_mistake_of_ours_stays_what_it_is(url, error):
    assert translated(url, error) is error


def test_too_many_at_once_is_said():
    error = translated(SERVER, PoolTimeout("QueuePool limit"))
    assert isinstance(error, DatabaseUnavailable)
    assert "in use" in str(error)


@pytest.mark.parametrize("url", [SERVER, make_url("postgresql+psycopg://ann:secret@/waitlists?host=/run/db")])
def test_a_place_holds_no_user_and_no_password(url):
    assert "ann" not in place(url)
    assert "secret" not in place(url)
