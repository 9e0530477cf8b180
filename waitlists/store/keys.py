"""API keys in the database: added, revoked, listed and marked as used; never deleted, and never a secret."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, or_, select, update

from waitlists.security.access import Role, Scope
from waitlists.security.keys import StoredKey
from waitlists.store import tables

USED_AGAIN_AFTER = timedelta(hours=1)
"""The last use of a key is kept to the hour: a write for each request would make reading slow."""


def add_key(connection: Connection, key: StoredKey) -> None:
    """Keep a new key."""
    connection.execute(
        insert(tables.api_key).values(
            prefix=key.prefix,
            hash=key.hash,
            role=key.scope.role.value,
            organisations=list(key.scope.organisations),
            name=key.name,
            created_at=key.created_at,
            expires_at=key.expires_at,
        )
    )


def stored_keys(connection: Connection) -> list[StoredKey]:
    """Every key there ever was, the oldest first."""
    table = tables.api_key
    rows = connection.execute(select(table).order_by(table.c.created_at, table.c.prefix))
    return [
        StoredKey(
            prefix=row.prefix,
            hash=row.hash,
            scope=Scope(Role(row.role), tuple(row.organisations)),
            name=row.name,
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_at=row.last_used_at,
        )
        for row in rows
    ]


def revoke_key(connection: Connection, prefix: str, *, now: datetime) -> bool:
    """Whether there was a key of this prefix that was not revoked yet; now it is."""
    table = tables.api_key
    found = update(table).where(table.c.prefix == prefix, table.c.revoked_at.is_(None)).values(revoked_at=now)
    return connection.execute(found).rowcount == 1


def mark_used(connection: Connection, prefixes: Iterable[str], *, now: datetime) -> None:
    """Note that keys were used, unless that was noted within the hour."""
    table = tables.api_key
    is_due = or_(table.c.last_used_at.is_(None), table.c.last_used_at <= now - USED_AGAIN_AFTER)
    connection.execute(update(table).where(table.c.prefix.in_(sorted(prefixes)), is_due).values(last_used_at=now))
