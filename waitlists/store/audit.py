"""The audit in the database: entries are added at its end and read in order; triggers keep everything else out."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, insert, select, update

from waitlists.errors import DatabaseUnavailable
from waitlists.security import audit
from waitlists.security.audit import Entry, Look, Tally, Verdict
from waitlists.store import tables

_PAGE = 5_000


def append(connection: Connection, looks: Iterable[Look]) -> Tally:
    """Add looks at the end of the chain; the block must be `writing`, so that chains of two writers never fork."""
    entries = list(audit.chained(looks, after=tally(connection)))
    if entries:
        connection.execute(insert(tables.audit), [_row(entry) for entry in entries])
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


def _row(entry: Entry) -> dict[str, object]:
    look = entry.look
    return {
        "id": entry.number,
        "at": look.at,
        "actor": look.actor,
        "role": look.role,
        "action": look.action,
        "service": look.service,
        "org": look.org,
        "result": look.result,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _entry(row: Any) -> Entry:
    look = Look(row.at, row.actor, row.role, row.action, row.service, row.org, row.result)
    return Entry(row.id, look, row.previous, row.hash)
