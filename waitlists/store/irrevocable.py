"""What no restore may undo: children erased, keys revoked, subscribers removed, versions seen.

Read before, done again after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from waitlists.backups import Erased
from waitlists.store.erased import add_erased, erased
from waitlists.store.read import latest_version
from waitlists.store.tables import api_key, subscriber


@dataclass(frozen=True, slots=True)
class Irrevocable:
    """Erased pseudonyms by digest, revoked keys by prefix, removed subscribers by number, the version shown last."""

    erased: frozenset[Erased]
    revoked: Mapping[str, datetime]
    removed: Mapping[int, datetime]
    version: int


def irrevocable(connection: Connection) -> Irrevocable:
    """What was ended for good in this database."""
    revoked = select(api_key.c.prefix, api_key.c.revoked_at).where(api_key.c.revoked_at.is_not(None))
    removed = select(subscriber.c.id, subscriber.c.removed_at).where(subscriber.c.removed_at.is_not(None))
    shown = latest_version(connection)
    return Irrevocable(
        frozenset(erased(connection)),
        {row.prefix: row.revoked_at for row in connection.execute(revoked)},
        {row.id: row.removed_at for row in connection.execute(removed)},
        shown.version if shown else 0,
    )


def end_again(connection: Connection, ended: Irrevocable) -> None:
    """Revoke and remove again what a backup brought back, and remember who was erased; erasing is the caller's."""
    add_erased(connection, ended.erased)
    for prefix, moment in ended.revoked.items():
        is_back = (api_key.c.prefix == prefix, api_key.c.revoked_at.is_(None))
        connection.execute(update(api_key).where(*is_back).values(revoked_at=moment))
    for number, moment in ended.removed.items():
        is_back = (subscriber.c.id == number, subscriber.c.removed_at.is_(None))
        connection.execute(update(subscriber).where(*is_back).values(address=None, removed_at=moment))
