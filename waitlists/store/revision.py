"""Which schema revision this code needs and which one a database is at."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config() -> Config:
    """Alembic's configuration for this schema, wherever the package is installed."""
    config = Config()
    # Alembic interpolates its options: a percent sign in the path stands doubled.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@cache
def known_revisions() -> tuple[str, ...]:
    """Every revision this code can read, newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


def head_revision() -> str:
    """The revision this code needs."""
    return known_revisions()[0]


def current_revision(connection: Connection) -> str | None:
    """The revision of the connected database; None for one that was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()
