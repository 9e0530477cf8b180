"""The short numbers under which figures are kept: one for each source, service, organisation, kind and band."""

from collections.abc import Set as AbstractSet

from sqlalchemy import Connection, select

from waitlists.store import tables
from waitlists.store.bulk import insert_rows

Key = tuple[str, str, str, str, str]
"""Source, service, organisation, kind, band."""

_COLUMNS = ("source", "service", "org", "kind", "band")


def series_ids(connection: Connection, keys: AbstractSet[Key]) -> dict[Key, int]:
    """The id of every key, giving ids to those met for the first time."""
    sources = {key[0] for key in keys}
    known = _stored(connection, sources)
    new = sorted(keys - known.keys())
    if not new:
        return known
    # The writer is alone (`session.writing`): nobody can add one of these between the look and the insert.
    insert_rows(connection, tables.series, _COLUMNS, new)
    return _stored(connection, sources)


def _stored(connection: Connection, sources: AbstractSet[str]) -> dict[Key, int]:
    series = tables.series
    rows = connection.execute(select(series).where(series.c.source.in_(sources)))
    return {(row.source, row.service, row.org, row.kind, row.band): row.id for row in rows}
