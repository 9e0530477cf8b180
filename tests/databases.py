"""The fixtures `database` and `empty_database`: the same test on SQLite and on a real PostgreSQL.

PostgreSQL is the server WAITLISTS_TEST_POSTGRES_URL names, else one started from the `pgserver` wheel, once a process.
A test gets a database of its own, cloned from a migrated template. Import the fixtures into a folder's conftest.
"""

import atexit
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import Pool

from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine

BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


# What is lost when the machine stops is of no interest to a test; waiting for the disk is.
@event.listens_for(Pool, "checkout")
def _wait_for_no_disk(connection: object, *_: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The address of a migrated database with nothing in it."""
    if request.param == "sqlite":
        file = tmp_path / "waitlists.db"
        shutil.copy(sqlite_template(), file)
        yield f"sqlite:///{file}"
    else:
        yield from _postgresql(template=postgresql_template())


@pytest.fixture
def database(database_url: str) -> Generator[Engine]:
    """A migrated database with nothing in it."""
    yield from _engine(database_url)


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Engine]:
    """A database without even a schema."""
    if request.param == "sqlite":
        yield from _engine(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        for url in _postgresql(template="template0"):
            yield from _engine(url)


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Generator[Engine]:
    """A migrated SQLite database, for what only SQLite does."""
    shutil.copy(sqlite_template(), tmp_path / "waitlists.db")
    yield from _engine(f"sqlite:///{tmp_path / 'waitlists.db'}")


@pytest.fixture
def postgresql_url() -> Generator[str]:
    """The address of a migrated PostgreSQL database, for what only PostgreSQL does."""
    yield from _postgresql(template=postgresql_template())


@contextmanager
def shared_database(kind: str, folder: Path) -> Generator[Engine]:
    """A migrated database of a kind, for tests that share what it is filled with."""
    if kind == "sqlite":
        shutil.copy(sqlite_template(), folder / "shared.db")
        yield from _engine(f"sqlite:///{folder / 'shared.db'}")
    else:
        with new_postgresql() as url:
            yield from _engine(url)


@contextmanager
def new_postgresql() -> Generator[str]:
    """The address of a migrated PostgreSQL database, for what is no test."""
    yield from _postgresql(template=postgresql_template())


@cache
def sqlite_template() -> Path:
    """A migrated SQLite file to copy; removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="waitlists-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(f"sqlite:///{folder / 'template.db'}")
    return folder / "template.db"


@cache
def postgresql_template() -> str:
    """The name of a migrated database on the test server, to clone; dropped when the process ends."""
    name = _new_name()
    administer(f"CREATE DATABASE {name} TEMPLATE template0")
    atexit.register(administer, f"DROP DATABASE {name} WITH (FORCE)")
    _migrate(_url_of(name))
    return name


@cache
def _server() -> URL:
    given = os.environ.get("WAITLISTS_TEST_POSTGRES_URL")
    return make_url(given).set(drivername="postgresql+psycopg") if given else _own_server()


def _own_server() -> URL:
    folder = Path(tempfile.mkdtemp(prefix="waitlists-pg-"))
    # Said before the server starts, so done after it has stopped: what is said last is done first.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # pgserver asks for a runtime folder as it is imported, and warns where a machine has none.
    with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR") or str(folder)}):
        import pgserver

        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        _execute(url, f"ALTER SYSTEM SET {setting}")
    _execute(url, "SELECT pg_reload_conf()")
    return url


def _postgresql(*, template: str) -> Generator[str]:
    name = _new_name()
    administer(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield _url_of(name)
    finally:
        administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _engine(url: str) -> Generator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _migrate(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


def _new_name() -> str:
    return f"waitlists_{uuid4().hex}"


def _url_of(name: str) -> str:
    return _server().set(database=name).render_as_string(hide_password=False)


def administer(statement: str) -> None:
    """Say one thing to the test server, outside any transaction."""
    _execute(_server(), statement)


def _execute(url: URL, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
