"""Creates the schema, or brings an older one to the revision this code needs, in one transaction.

An interrupted migration leaves the schema as it was and is simply run again; two that start at once queue as any
writers do, and the second finds nothing to do.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from waitlists.errors import DatabaseUnavailable, SchemaMismatch
from waitlists.store.outages import place, plain_outages
from waitlists.store.revision import current_revision, head_revision, is_newer
from waitlists.store.session import reading, writing
from waitlists.store.tables import metadata

_MIGRATIONS = Path(__file__).parent / "migrations"

__all__ = ["drift", "head_revision", "migrate", "migrating", "move_to"]


def migrate(engine: Engine) -> str | None:
    """Bring the schema to `head_revision()`; returns the revision it was at, None for an empty database.

    Raises
    ------
    SchemaMismatch
        When the database was made by a newer version of this software.
    DatabaseUnavailable
        When it cannot be reached or written to.
    """
    with migrating(engine) as connection:
        before = current_revision(connection)
        if before is not None and is_newer(before):
            raise SchemaMismatch(
                f"{place(engine.url)} was made by a newer version of this software: upgrade that first"
            )
        _run(connection, "head")
    return before


def move_to(engine: Engine, revision: str) -> None:
    """Bring the schema up or down to `revision` (`base` for none); what a step down drops is lost."""
    with migrating(engine) as connection:
        _run(connection, revision)


def drift(engine: Engine) -> list[Any]:
    """What differs between the migrated database and `tables.py`, as Alembic sees it; empty when nothing does."""
    with reading(engine) as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


@contextmanager
def migrating(engine: Engine) -> Generator[Connection]:
    """The writer's connection with room for schema changes: no time limit, no foreign keys while tables are copied."""
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            yield connection
        return
    with plain_outages(engine.url), engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        yield connection
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise DatabaseUnavailable(
                f"{place(engine.url)} has rows of {broken[0]} that refer to nothing; not migrated"
            )


@contextmanager
def _foreign_keys_off(connection: Connection) -> Generator[None]:
    """SQLite changes a table by copying and dropping it, which foreign keys forbid; it hears this before BEGIN only."""
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - a connection that was just opened has its driver's one
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _run(connection: Connection, revision: str) -> None:
    config = Config()
    # Alembic interpolates its options: a percent sign in the path stands doubled.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    is_going_down = revision == "base" or revision < (current_revision(connection) or "")
    (command.downgrade if is_going_down else command.upgrade)(config, revision)
