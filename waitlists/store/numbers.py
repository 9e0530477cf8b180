"""The numbers of vintages by what they are of: the same vintage may have another number in another database."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from waitlists.store.tables import delivery, vintage


class VintageOf(NamedTuple):
    """What no other vintage is: what a file, by its checksum, says of a source, a sender and a period."""

    sha256: str
    source: str
    scope: str
    period_end: date


def newest_number(connection: Connection) -> int:
    """The number of the newest vintage, 0 where there is none."""
    return connection.execute(select(func.max(vintage.c.id))).scalar() or 0


def numbers_after(connection: Connection, number: int) -> dict[VintageOf, int]:
    """The numbers of all vintages that came after one."""
    what = (delivery.c.sha256, vintage.c.source, vintage.c.scope, vintage.c.period_end)
    query = select(*what, vintage.c.id).join(delivery, delivery.c.id == vintage.c.delivery_id)
    return {VintageOf(*row[:4]): row[4] for row in connection.execute(query.where(vintage.c.id > number))}
