"""The last known figures of providers that are missing from lists: what is added to those lists to make them whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, and_, select

from waitlists.counts.histories import VintageCells
from waitlists.domain import MissingProvider
from waitlists.store import tables
from waitlists.store.asked import asked_lists
from waitlists.store.in_force import in_force
from waitlists.store.seen import is_seen
from waitlists.store.stored import StoredList

LastKnown = Mapping[tuple[str, date], VintageCells]
"""What a provider last said of a service, by provider and period."""


def last_known_cells(
    connection: Connection, absent: Iterable[tuple[StoredList, MissingProvider]], *, as_of: date
) -> dict[tuple[str, str], LastKnown]:
    """What each provider that is absent from a list last said, as known on `as_of`, by source and service."""
    wanted = {(one.source, one.service, who.org, who.last_period) for one, who in absent}
    if not wanted:
        return {}
    series, figure, current = tables.series, tables.figure, in_force(as_of)
    asked = asked_lists(connection, sorted({(service, org) for _, service, org, _ in wanted}))
    rows = connection.execute(
        select(series.c.source, series.c.service, series.c.org, current.c.period_end, current.c.id)
        .add_columns(series.c.band, figure.c.value)
        .join(asked, and_(asked.c.service == series.c.service, asked.c.org == series.c.org))
        .join(figure, figure.c.series_id == series.c.id)
        .join(current, and_(current.c.id == figure.c.vintage_id, current.c.source == series.c.source))
        .where(series.c.kind == "waiting", current.c.period_end.in_({period for *_, period in wanted}))
        .where(is_seen(connection, series.c.source, series.c.org))
    )
    counts: dict[tuple[str, str, str, date, int], dict[str, int | None]] = defaultdict(dict)
    for source, service, org, period_end, vintage_id, band, value in rows:
        if (source, service, org, period_end) in wanted:
            counts[source, service, org, period_end, vintage_id][band] = value
    found: dict[tuple[str, str], dict[tuple[str, date], VintageCells]] = defaultdict(dict)
    for (source, service, org, period_end, vintage_id), bands in counts.items():
        found[source, service][org, period_end] = VintageCells(vintage_id, bands)
    return dict(found)
