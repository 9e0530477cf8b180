"""The audit in the database: entries are added at its end and read in order; triggers keep everything else out."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, select, update

from waitlists.errors import DatabaseUnavailable
from waitlists.security import audit
from waitlists.security.audit import Entry, Look, Tally, Verdict
from waitlists.store import tables
from waitlists.store.bulk import Row, insert_rows

_PAGE = 5_000
_COLUMNS = ("id", "at", "actor", "role", "action", "service", "org", "result", "previous", "hash")


def append(connection: Connection, looks: Iterable[Look]) -> Tally:
    """Add looks at the end of the chain; the block must be `writing`, so that chains of two writers never fork."""
    entries = list(audit.chained(looks, after=tally(connection)))
    if entries:
        rows = [_row(entry, connection.dialect.name) for entry in entries]
        insert_rows(connection, tables.audit, _COLUMNS, rows)
        last = entries[-1]
        connection.execute(update(tables.audit_tally).values(entries=last.number, head=last.hash))
    return tally(connection)


def tally(connection: Connection) -> Tally:
    """How many entries were ever written, and the hash of the last.

    Raises
    ------
    DatabaseUnavailable
        The tally is gone, which no command of this service does.
    """
    row = connection.execute(select(tables.audit_tally)).first()
    if row is None:
        raise DatabaseUnavailable("the tally of the audit is gone: restore the last backup (see docs/operations.md)")
    return Tally(row.entries, row.head)


def last_entries(connection: Connection, *, limit: int, actor: str | None = None) -> list[Entry]:
    """The newest entries, of one actor or of all, the oldest of them first."""
    table = tables.audit
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if actor is not None:
        query = query.where(table.c.actor == actor)
    return [_entry(row) for row in reversed(connection.execute(query).all())]


def verified(connection: Connection) -> Verdict:
    """The whole chain, looked over a page at a time."""
    return audit.verify(_entries(connection), tally(connection))


def _entries(connection: Connection) -> Iterator[Entry]:
    table, after = tables.audit, None
    while True:
        query = select(table).order_by(table.c.id).limit(_PAGE)
        rows = connection.execute(query if after is None else query.where(table.c.id > after)).all()
        yield from map(_entry, rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1].id


def _row(entry: Entry, engine: str) -> Row:
    look, at = entry.look, entry.look.at.astimezone(UTC).isoformat(" ", "microseconds")
    # SQLite has no times with a zone: there they are texts in UTC, as `columns.UtcDateTime` writes them.
    moment = at.removesuffix("+00:00") if engine == "sqlite" else at
    said = moment, look.actor, look.role, look.action, look.service, look.org, look.result
    return (entry.number, *said, entry.previous, entry.hash)


def _entry(row: Any) -> Entry:
    look = Look(row.at, row.actor, row.role, row.action, row.service, row.org, row.result)
    return Entry(row.id, look, row.previous, row.hash)
