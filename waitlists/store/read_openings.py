"""The list at the beginning of a week: what its own source said of the week before, as known on the day asked about."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Connection, and_, select

from waitlists.domain import TOTAL
from waitlists.sources import WEEKLY_OWN
from waitlists.store import tables
from waitlists.store.asked import Place, asked_lists
from waitlists.store.in_force import in_force
from waitlists.store.seen import is_seen
from waitlists.store.stored import StoredVintage

_WEEK = timedelta(weeks=1)


def openings_of(
    connection: Connection, lists: Iterable[tuple[StoredVintage, Place]], as_of: date
) -> dict[Place, int | None]:
    """The list a week before by list, of unpublished weekly sources alone; none where that week has no figure."""
    asked = {
        (one.source, place[1], place[2], one.period_end - _WEEK): place
        for one, place in lists
        if one.source in WEEKLY_OWN
    }
    if not asked:
        return {}
    series, figure, current = tables.series, tables.figure, in_force(as_of)
    pairs = asked_lists(connection, [(service, org) for _, service, org, _ in asked])
    rows = connection.execute(
        select(current.c.source, series.c.service, series.c.org, current.c.period_end, figure.c.value)
        .join(figure, figure.c.vintage_id == current.c.id)
        .join(series, and_(series.c.id == figure.c.series_id, series.c.source == current.c.source))
        .join(pairs, and_(pairs.c.service == series.c.service, pairs.c.org == series.c.org))
        .where(current.c.period_end.in_({before for *_, before in asked}))
        .where(series.c.kind == "waiting", series.c.band == TOTAL)
        .where(is_seen(connection, current.c.source, series.c.org))
    )
    found = ((asked.get((source, service, org, before)), value) for source, service, org, before, value in rows)
    return {place: value for place, value in found if place is not None}
