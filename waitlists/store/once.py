"""First answers in the database: claimed before the work, kept in its transaction, given again for a day."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from waitlists.security.once import KEPT_FOR, Claim, Done, Fate, First, fate
from waitlists.store.tables import first_answer


def claim_first(connection: Connection, claim: Claim, *, now: datetime) -> tuple[Fate, Done | None]:
    """What becomes of a request, and the first answer where it is to be given again; what is to be done is claimed."""
    table = first_answer
    connection.execute(delete(table).where(table.c.started_at <= now - KEPT_FOR))
    row = connection.execute(select(table).where(*_of(claim))).first()
    first = None
    if row is not None:
        first = First(row.fingerprint, row.started_at, None if row.status is None else Done(row.status, row.body))
    found = fate(claim, first, now=now)
    if found is Fate.DO:
        connection.execute(delete(table).where(*_of(claim)))
        values = {"caller": claim.caller, "key_hash": claim.key_hash, "fingerprint": claim.fingerprint}
        connection.execute(insert(table).values(**values, started_at=now))
    return found, first.done if first else None


def keep_first(connection: Connection, claim: Claim, done: Done, *, started_at: datetime) -> bool:
    """Whether the claim of that moment still stands; its answer is then kept."""
    table = first_answer
    mine = update(table).where(*_of(claim), table.c.started_at == started_at, table.c.status.is_(None))
    return connection.execute(mine.values(status=done.status, body=done.body)).rowcount == 1


def release(connection: Connection, claim: Claim, *, started_at: datetime) -> None:
    """Forget a claim from which nothing came, so that the request may be sent again."""
    table = first_answer
    connection.execute(delete(table).where(*_of(claim), table.c.started_at == started_at, table.c.status.is_(None)))


def _of(claim: Claim) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return first_answer.c.caller == claim.caller, first_answer.c.key_hash == claim.key_hash
