"""The list at the beginning of a week: what its own source said of the week before, as known on the day asked about."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Date, Select, and_, bindparam, select

from waitlists.domain import TOTAL
from waitlists.security.access import Sight
from waitlists.sources import WEEKLY_OWN
from waitlists.store import tables
from waitlists.store.asked import Place, asked_now, lists_to_ask
from waitlists.store.in_force import KNOWN_BY, in_force
from waitlists.store.seen import covered_by, sight_on
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
    query = _openings_query(connection.dialect.name, sight_on(connection))
    given = {
        **asked_now([(service, org) for _, service, org, _ in asked]),
        KNOWN_BY.key: as_of,
        "before": sorted({before for *_, before in asked}),
    }
    rows = connection.execute(query, given)
    found = ((asked.get((source, service, org, before)), value) for source, service, org, before, value in rows)
    return {place: value for place, value in found if place is not None}


@lru_cache(maxsize=64)
def _openings_query(engine: str, sight: Sight) -> Select[str, str, str, date, int | None]:
    series, figure, current, pairs = tables.series, tables.figure, in_force(KNOWN_BY), lists_to_ask(engine)
    return (
        select(current.c.source, series.c.service, series.c.org, current.c.period_end, figure.c.value)
        .join(figure, figure.c.vintage_id == current.c.id)
        .join(series, and_(series.c.id == figure.c.series_id, series.c.source == current.c.source))
        .join(pairs, and_(pairs.c.service == series.c.service, pairs.c.org == series.c.org))
        .where(current.c.period_end.in_(bindparam("before", type_=Date(), expanding=True)))
        .where(series.c.kind == "waiting", series.c.band == TOTAL)
        .where(covered_by(sight, current.c.source, series.c.org))
    )
