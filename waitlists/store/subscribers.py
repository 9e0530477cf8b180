"""Subscribers in the database: added, listed, and removed together with their address and the mail queued for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select, update

from waitlists.errors import BadArgument
from waitlists.mail.subscribers import Subscriber, Subscription
from waitlists.security.access import Role
from waitlists.store.erase import overwrite_what_is_deleted
from waitlists.store.outbox import forget_unmade, withdraw
from waitlists.store.tables import subscriber


def add_subscriber(connection: Connection, address: str, wants: Subscription, *, now: datetime) -> Subscriber:
    """Keep a new subscriber.

    Raises
    ------
    BadArgument
        The address has a subscription already, in whatever case it is written.
    """
    table = subscriber
    if connection.execute(select(table.c.id).where(func.lower(table.c.address) == address.lower())).first():
        raise BadArgument("this address has a subscription: remove that first", field="ADDRESS")
    # Numbers are not left to the database: SQLite would give the last one of a removed row to the next.
    number = connection.execute(select(func.coalesce(func.max(table.c.id), 0) + 1)).scalar_one()
    connection.execute(
        insert(table).values(
            id=number,
            address=address,
            role=wants.role.value,
            services=list(wants.services),
            organisations=list(wants.organisations),
            standards=list(wants.standards),
            wants_csv=wants.wants_csv,
            created_at=now,
        )
    )
    return Subscriber(number, address, wants)


def subscribers(connection: Connection) -> list[Subscriber]:
    """Everybody who gets mail, by number."""
    rows = connection.execute(select(subscriber).where(subscriber.c.address.is_not(None)).order_by(subscriber.c.id))
    return [_subscriber(row) for row in rows]


def address_of(connection: Connection, number: int) -> str | None:
    """Where mail for a subscriber goes; None for one who was removed."""
    return connection.execute(select(subscriber.c.address).where(subscriber.c.id == number)).scalar()


def remove_subscriber(connection: Connection, number: int, *, now: datetime) -> bool:
    """Whether there was such a subscriber; the address is then gone, and what was queued for it taken back."""
    overwrite_what_is_deleted(connection)
    found = update(subscriber).where(subscriber.c.id == number, subscriber.c.address.is_not(None))
    is_there = connection.execute(found.values(address=None, removed_at=now)).rowcount == 1
    withdraw(connection, number, now=now)
    forget_unmade(connection, number)
    return is_there


def _subscriber(row: Row[tuple[object, ...]]) -> Subscriber:
    def names(found: Sequence[str]) -> tuple[str, ...]:
        return tuple(found)

    wants = Subscription(
        Role(row.role), names(row.services), names(row.organisations), names(row.standards), wants_csv=row.wants_csv
    )
    return Subscriber(row.id, row.address, wants)
