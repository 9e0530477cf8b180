"""The record of who was erased: salted digests, by which the same pseudonyms are found again in a restored backup."""

from collections.abc import Iterable, Iterator
from secrets import token_hex

from sqlalchemy import Connection, insert, select

from waitlists.running.backups import Erased, erased_among
from waitlists.store.tables import erased_pseudonym, quarantine, referral

_SALT_BYTES = 16


def erased(connection: Connection) -> tuple[Erased, ...]:
    """Every pseudonym that was erased here, as a digest."""
    table = erased_pseudonym
    rows = connection.execute(select(table.c.salt, table.c.digest).order_by(table.c.digest))
    return tuple(Erased(row.salt, row.digest) for row in rows)


def note_erased(connection: Connection, pseudonyms: Iterable[str]) -> None:
    """Keep digests of pseudonyms that are being erased; one that was erased before is not kept twice."""
    known = erased(connection)
    salt = known[0].salt if known else token_hex(_SALT_BYTES)
    add_erased(connection, {Erased.of(name, salt=salt) for name in pseudonyms})


def add_erased(connection: Connection, more: Iterable[Erased]) -> None:
    """Keep digests made elsewhere: of another backup, or of the database that a backup replaces."""
    new = sorted(set(more) - set(erased(connection)))
    if new:
        connection.execute(insert(erased_pseudonym), [{"salt": one.salt, "digest": one.digest} for one in new])


def held_though_erased(connection: Connection, erasures: Iterable[Erased]) -> list[str]:
    """Pseudonyms held here, in records or quarantine, that were erased."""
    asked = frozenset(erasures)
    return erased_among(_held(connection), asked) if asked else []


def _held(connection: Connection) -> Iterator[str]:
    for column in (referral.c.pseudonym_id, quarantine.c.pseudonym_id, quarantine.c.raw["pseudonym_id"].as_string()):
        names = connection.execute(select(column).distinct()).scalars()
        yield from (name for name in names if name is not None)
