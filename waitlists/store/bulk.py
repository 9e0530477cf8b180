"""Tens of thousands of plain rows or words at once: COPY on PostgreSQL, one prepared INSERT on SQLite.

Rows are for columns of numbers, short texts, days written as ISO texts and JSON written by `as_json`.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, String, Table, select, text

_WORDS = {
    "sqlite": "SELECT value AS word FROM json_each(:words)",
    "postgresql": "SELECT value AS word FROM json_array_elements_text(CAST(:words AS json))",
}
Row = tuple[int | float | str | None, ...]

as_json = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode
"""JSON that both engines keep: SQLite would take NaN, which no reader of JSON understands."""


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Add `rows` (values in the order of `columns`) to `table`, in the caller's transaction."""
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        # Table and column names are this package's own; the values are bound.
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', list(rows))  # noqa: S608
        return
    _copy(connection, f'COPY "{table.name}" ({names}) FROM STDIN', rows)


def words_of(connection: Connection, words: Collection[str]) -> Any:
    """Words as a query: one text for all of them, as engines limit how many are bound."""
    asked = text(_WORDS[connection.dialect.name]).bindparams(words=json.dumps(sorted(words)))
    return select(asked.columns(word=String()).subquery().c.word)


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
