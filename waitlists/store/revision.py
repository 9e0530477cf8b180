"""Which schema revision this code needs and which one a database is at; without Alembic, which is slow to import.

Revisions are numbered in order, so that an older code can tell that a database is newer than itself.
"""

from sqlalchemy import Connection, inspect, text

_HEAD = "0026"
_TABLE = "alembic_version"


def head_revision() -> str:
    """The revision this code needs: the last one in `migrations/versions`."""
    return _HEAD


def is_newer(revision: str) -> bool:
    """Whether a database at `revision` was made by a later version of this code."""
    return revision > _HEAD


def current_revision(connection: Connection) -> str | None:
    """The revision of the connected database; None for one without a schema."""
    if not inspect(connection).has_table(_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608 - a name of our own
