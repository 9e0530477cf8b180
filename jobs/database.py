"""Opening the database a command works on: there, at the right revision, or a plain refusal."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, make_url

from waitlists.errors import DatabaseUnavailable, WaitlistsError
from waitlists.store.session import check_schema, make_engine, writing


@contextmanager
def closing(engine: Engine) -> Generator[Engine]:
    """The engine, all its connections closed afterwards: SQLite then folds its log back into the one file."""
    try:
        yield engine
    finally:
        engine.dispose()


def ready_engine(url: str) -> Engine:
    """An engine on a database that exists and is at the revision this code needs.

    Raises
    ------
    DatabaseUnavailable
        When it is not there or cannot be reached; an SQLite file is not created by asking.
    SchemaMismatch
        When `waitlists migrate` has to run first.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise DatabaseUnavailable(f"there is no database {file}: run `waitlists migrate` or `waitlists load`")
    engine = make_engine(url)
    try:
        check_schema(engine)
    except WaitlistsError:
        engine.dispose()
        raise
    return engine


def engine_for_loading(url: str) -> tuple[Engine, bool]:
    """An engine to load into, and whether its schema had to be made: a new or empty SQLite file is given one.

    Raises
    ------
    SchemaMismatch
        For PostgreSQL without a schema and for any older or newer one: those are migrated on purpose, by a person.
    """
    file = sqlite_file(url)
    if file is None or (file.exists() and file.stat().st_size > 0):
        return ready_engine(url), False
    engine = make_engine(url)
    migrated(engine)
    return engine, True


class Migrated(NamedTuple):
    """The revision that the schema was at, None for an empty database, and which users may serve from it."""

    before: str | None
    serving: tuple[str, ...]


def migrated(engine: Engine, *, serving: str | None = None) -> Migrated:
    """Bring the schema up to date, and what those may do who serve, of whom `serving` may be a new one.

    Raises
    ------
    BadArgument
        `serving` names a PostgreSQL user that no grant could hold to serving alone.
    """
    # Alembic costs half a second to import, and only these two commands need it.
    from waitlists.store.grants import grant_serving, serving_users
    from waitlists.store.migrate import migrate

    asked = () if serving is None else (serving,)
    before = migrate(engine)
    with writing(engine) as connection:
        # A version that reads more than the one before would be refused it until somebody thought of granting it.
        users = tuple(sorted({*serving_users(connection), *asked}))
        for user in users:
            grant_serving(connection, user)
    return Migrated(before, users)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address; None for PostgreSQL."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(str(parsed.database)) if is_file else None


def can_start_serving(url: str) -> str | None:
    """None when the database is ready; else a sentence about a server that is down, which readiness will show.

    Raises
    ------
    DatabaseUnavailable
        When an SQLite file is missing or damaged: waiting does not mend that.
    SchemaMismatch
        When the schema is at another revision.
    """
    from waitlists.store.session import check_integrity

    try:
        with closing(ready_engine(url)) as engine:
            check_integrity(engine)
    except DatabaseUnavailable as error:
        if sqlite_file(url) is not None:
            raise
        return str(error)
    return None
