"""Arrow tables into database tables and out of them, a hundred thousand rows at a time and none by hand.

PostgreSQL takes and gives CSV by COPY, which Arrow writes and reads. SQLite takes columns of plain values and gives
lines that Arrow reads as well: one object of Python a row, not one a value.
"""

import io
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, Final, NamedTuple, cast

import psycopg
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection, Select, Table, func

from waitlists.errors import BadArgument

_ROWS: Final = 50_000
_LINES: Final = 10_000
"""Rows of a piece of lines: some megabytes, each of which stands in memory as texts, as lines and as a table."""
_BLOCK: Final = 1 << 23
"""Bytes of a piece that become one part of a table."""


class _Words(NamedTuple):
    """How an engine writes CSV: its quotes, and its words for nothing, true and false."""

    quote: str
    nothing: Sequence[str]
    true: str
    false: str


_POSTGRESQL_CSV: Final = _Words('"', ("",), "t", "f")
_SQLITE_CSV: Final = _Words("'", ("", "NULL"), "1", "0")


def insert_table(connection: Connection, table: Table, rows: pa.Table) -> None:
    """Add `rows`, whose columns are named as those of `table`, in the caller's transaction.

    Raises
    ------
    BadArgument
        A row does not fit the table. What the database says is not repeated: it names the row's values.
    """
    names = ", ".join(f'"{name}"' for name in rows.column_names)
    try:
        if connection.dialect.name == "sqlite":
            _insert(connection, f'"{table.name}" ({names})', rows)
        else:
            _copy_in(connection, f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT csv)', rows)
    except (psycopg.DataError, psycopg.IntegrityError, sqlite3.IntegrityError):
        raise BadArgument(f"rows do not fit the table {table.name}; nothing was stored", field=table.name) from None


def read_table(connection: Connection, query: Select[*tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    """What a query of plain columns answers, as a table of `schema`, whose fields stand in the query's order."""
    if connection.dialect.name == "sqlite":
        pieces, words = _lines(connection, query, schema), _SQLITE_CSV
    else:
        pieces, words = _copied_out(connection, query), _POSTGRESQL_CSV
    return pa.concat_tables([schema.empty_table(), *_tables(pieces, schema, words)])


def _tables(pieces: Iterable[bytes], schema: pa.Schema, words: _Words) -> Iterator[pa.Table]:
    """Each piece as a table, made while the database gives the next one."""
    with ThreadPoolExecutor(1, thread_name_prefix="csv") as maker:
        making: Future[pa.Table] | None = None
        for piece in pieces:
            if making is not None:
                yield making.result()
            making = maker.submit(_from_csv, piece, schema, words)
        if making is not None:
            yield making.result()


def _insert(connection: Connection, target: str, rows: pa.Table) -> None:
    marks = ", ".join("?" * rows.num_columns)
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    for batch in rows.to_batches(_ROWS):
        # Names are this package's own; the values are bound. SQLAlchemy would look at each of them.
        driver.executemany(
            f"INSERT INTO {target} VALUES ({marks})",  # noqa: S608
            zip(*map(_values, batch.columns), strict=True),
        )


def _values(column: Any) -> list[Any]:
    """A column as what SQLite binds; ten times faster than value by value."""
    if column.null_count == len(column):
        return [None] * len(column)
    if pa.types.is_date32(column.type):
        column = column.cast(pa.string())
    if pa.types.is_string(column.type):
        return column.to_numpy(zero_copy_only=False).tolist()
    return column.to_pylist() if column.null_count else column.to_numpy(zero_copy_only=False).tolist()


def _copy_in(connection: Connection, statement: str, rows: pa.Table) -> None:
    plain = csv.WriteOptions(include_header=False)
    with _driver(connection).cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for batch in rows.to_batches(_ROWS):
            sink = pa.BufferOutputStream()
            csv.write_csv(batch, sink, plain)
            copy.write(memoryview(sink.getvalue()))


def _copied_out(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[bytes]:
    """CSV of whole rows, some megabytes at a time."""
    statement = f"COPY ({_written_out(connection, query)}) TO STDOUT (FORMAT csv)"
    with _driver(connection).cursor() as cursor, cursor.copy(statement.encode()) as copy:
        rows = iter(copy)
        while piece := b"".join(islice(rows, _LINES)):
            yield piece


def _lines(connection: Connection, query: Select[*tuple[Any, ...]], schema: pa.Schema) -> Iterator[bytes]:
    """CSV of some rows at a time, which SQLite writes: texts in its own quotes, all else as it keeps it."""
    words = ",".join("%Q" if pa.types.is_string(field.type) else "%s" for field in schema)
    written = query.with_only_columns(func.printf(words, *query.selected_columns))
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    cursor = driver.execute(_written_out(connection, written))
    while rows := cursor.fetchmany(_LINES):
        yield "\n".join([line for (line,) in rows]).encode()


def _written_out(connection: Connection, query: Select[*tuple[Any, ...]]) -> str:
    """The query with its values in it, as COPY takes no parameters."""
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    # The compiler doubles percent signs for a driver that fills in values; here are none to fill in.
    return str(compiled).replace("%%", "%") if connection.dialect.name == "postgresql" else str(compiled)


def _from_csv(piece: bytes, schema: pa.Schema, words: _Words) -> pa.Table:
    return csv.read_csv(
        io.BytesIO(piece),
        read_options=csv.ReadOptions(column_names=schema.names, block_size=_BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=True, quote_char=words.quote),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            null_values=words.nothing,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=[words.true],
            false_values=[words.false],
        ),
    )


def _driver(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)
