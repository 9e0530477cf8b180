"""One row at a time, and texts that both engines take."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, insert

_NAME_LENGTH = 255


def add_row(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """The number the database gave a new row."""
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    return int(key[0]) if key else 0


def storable(text: str) -> str:
    """Text both engines take: file names may hold bytes that are no UTF-8, and PostgreSQL refuses NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def storable_name(name: str) -> str:
    """A file's name as it is kept."""
    return storable(name)[:_NAME_LENGTH]
