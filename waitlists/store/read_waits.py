"""Single waits of all lists of a service at once: what breach warnings age, where somebody counted them."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from waitlists.details import ListWaits, Within
from waitlists.store import tables
from waitlists.store.seen import is_seen


def single_waits(
    connection: Connection, *, source: str, service: str, as_of: date
) -> Mapping[tuple[int, str], ListWaits]:
    """By vintage and organisation, in all vintages of one source known on a day."""
    detail, vintage = tables.detail, tables.vintage
    rows = connection.execute(
        select(detail.c.vintage_id, detail.c.org, detail.c.weeks, detail.c.waiting)
        .join(vintage, vintage.c.id == detail.c.vintage_id)
        .where(detail.c.service == service, detail.c.cut == "", detail.c.stage == "list")
        .where(vintage.c.source == source, vintage.c.known_from <= as_of)
        .where(is_seen(connection, vintage.c.source, detail.c.org))
    )
    return {
        (row.vintage_id, row.org): ListWaits(
            tuple(row.weeks), {standard: Within(*part) for standard, part in row.waiting.items()}
        )
        for row in rows
    }
