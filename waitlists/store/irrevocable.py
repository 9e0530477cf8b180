"""What no restore may undo: what was erased, revoked, removed, mail sent or on its way, warnings taken, versions seen.

Read before, done again after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, or_, select, update

from waitlists.running.backups import Erased
from waitlists.store.erased import add_erased, erased
from waitlists.store.read import latest_version
from waitlists.store.tables import api_key, breach_acknowledgement, outbox, subscriber

_SAME: Final = ("kind", "slot", "subscriber_id")
"""What makes two mails one, whatever their Message-IDs."""


@dataclass(frozen=True, slots=True)
class Irrevocable:
    """Erased pseudonyms by digest, revoked keys by prefix, removed subscribers by number, the version shown last.

    `mails` are the rows of mail that was sent, given up or taken back since the backup was made, that is held, or that
    a sender has, whose answer counts for the row as it stands here; `taken` all acknowledgements of warnings.
    """

    erased: frozenset[Erased]
    revoked: Mapping[str, datetime]
    removed: Mapping[int, datetime]
    mails: Sequence[Mapping[str, Any]]
    taken: Sequence[Mapping[str, Any]]
    version: int


def irrevocable(connection: Connection, *, since: datetime) -> Irrevocable:
    """What was ended for good in this database, mail since a backup was made."""
    revoked = select(api_key.c.prefix, api_key.c.revoked_at).where(api_key.c.revoked_at.is_not(None))
    removed = select(subscriber.c.id, subscriber.c.removed_at).where(subscriber.c.removed_at.is_not(None))
    is_kept = or_(outbox.c.lease_until.is_not(None), outbox.c.held_at.is_not(None))
    is_known = or_(outbox.c.settled_at >= since, is_kept)
    settled = select(outbox).where(is_known).order_by(outbox.c.id)
    shown = latest_version(connection)
    return Irrevocable(
        frozenset(erased(connection)),
        {row.prefix: row.revoked_at for row in connection.execute(revoked)},
        {row.id: row.removed_at for row in connection.execute(removed)},
        [{**row} for row in connection.execute(settled).mappings()],
        [{**row} for row in connection.execute(select(breach_acknowledgement)).mappings()],
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
    for mail in ended.mails:
        _settle(connection, mail)
    _take_again(connection, ended.taken)


def _settle(connection: Connection, mail: Mapping[str, Any]) -> None:
    """Have a mail stand as it ended or is tried, so that neither its sender nor its week done again sends it twice."""
    ended = {name: value for name, value in mail.items() if name not in {"id", *_SAME}}
    known = update(outbox).where(*(outbox.c[name] == mail[name] for name in _SAME)).values(**ended)
    is_there = select(subscriber.c.id).where(subscriber.c.id == mail["subscriber_id"])
    if connection.execute(known).rowcount == 0 and connection.execute(is_there).first():
        row = {name: value for name, value in mail.items() if name != "id"}
        connection.execute(insert(outbox).values(**row))


def _take_again(connection: Connection, taken: Sequence[Mapping[str, Any]]) -> None:
    """Add the acknowledgements that are not there: a warning is known by the same name when its week is done again."""
    key = breach_acknowledgement.primary_key.columns.keys()
    there = {tuple(row) for row in connection.execute(select(*(breach_acknowledgement.c[name] for name in key)))}
    lost = [row for row in taken if tuple(row[name] for name in key) not in there]
    if lost:
        connection.execute(insert(breach_acknowledgement), lost)
