"""The short numbers under which figures are kept: one for each source, service, organisation, kind and band."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import Connection, func, select

from waitlists.store import tables
from waitlists.store.bulk import insert_rows

Key = tuple[str, str, str, str, str]
"""Source, service, organisation, kind, band."""

_COLUMNS = ("source", "service", "org", "kind", "band")


def series_ids(connection: Connection, keys: AbstractSet[Key]) -> dict[Key, int]:
    """The id of every key, giving ids to those met for the first time."""
    known = _stored(connection, {key[0] for key in keys})
    # Numbered here and not by the database: the writer is alone (`session.writing`), and 30,000 need not be read again.
    first = (connection.execute(select(func.max(tables.series.c.id))).scalar() or 0) + 1
    new = {key: number for number, key in enumerate(sorted(keys - known.keys()), first)}
    insert_rows(connection, tables.series, ("id", *_COLUMNS), [(number, *key) for key, number in new.items()])
    return known | new


def _stored(connection: Connection, sources: AbstractSet[str]) -> dict[Key, int]:
    series = tables.series
    columns = [series.c[name] for name in ("id", *_COLUMNS)]
    rows: Sequence[Any] = connection.execute(select(*columns).where(series.c.source.in_(sources))).all()
    return {row[1:]: row[0] for row in rows}
