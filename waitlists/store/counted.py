"""What was counted of referral records before, so that counting again writes only what it changed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, case, exists, func, select

from waitlists.details import Detail
from waitlists.domain import Figure, Marker, ParsedVintage
from waitlists.store import tables
from waitlists.store.details import detail_of

Place = tuple[str, date]
"""Scope and period."""


def counted_before(connection: Connection, source: str) -> dict[Place, str | None]:
    """The checksum of what stands of a source, by scope and period."""
    vintage = tables.vintage
    columns = (vintage.c.scope, vintage.c.period_end, vintage.c.digest)
    query = select(*columns).where(vintage.c.source == source).order_by(vintage.c.known_from, vintage.c.id)
    return {(scope, period): digest for scope, period, digest in connection.execute(query)}


def grouped_before(connection: Connection, source: str) -> frozenset[date]:
    """Periods of a source whose lists were counted by groups of children too."""
    vintage, detail = tables.vintage, tables.detail
    by_groups = exists().where(detail.c.vintage_id == vintage.c.id, detail.c.cut != "")
    query = select(vintage.c.period_end).where(vintage.c.source == source, vintage.c.scope == "", by_groups).distinct()
    return frozenset(connection.execute(query).scalars())


def extract_days(
    connection: Connection, *, known_on: date, without: Collection[int] = ()
) -> Mapping[str, tuple[date, date]]:
    """Which days each provider's first whole list and its newest extract describe, as known by the end of a day.

    Parameters
    ----------
    without
        Deliveries that are not looked at.
    """
    table = tables.referral_delivery
    whole = case((table.c.kind == "snapshot", table.c.snapshot_date))
    query = select(table.c.provider, func.min(whole), func.max(table.c.snapshot_date))
    query = query.where(table.c.known_from <= known_on, table.c.delivery_id.not_in(sorted(without)))
    rows = connection.execute(query.group_by(table.c.provider))
    return {provider: (first, last) for provider, first, last in rows if first is not None}


def standing_vintages(connection: Connection, source: str, periods: Collection[date]) -> dict[Place, int]:
    """The vintages that stand of some periods of a source, by their numbers."""
    vintage = tables.vintage
    columns = vintage.c.id, vintage.c.scope, vintage.c.period_end
    query = select(*columns).where(vintage.c.source == source, vintage.c.period_end.in_(sorted(periods)))
    rows = connection.execute(query.order_by(vintage.c.known_from, vintage.c.id))
    return {(scope, period_end): number for number, scope, period_end in rows}


def standing(connection: Connection, source: str, periods: Collection[date]) -> dict[Place, ParsedVintage]:
    """What was counted of the whole lists of some periods of a source, as it stands now; without groups of them."""
    figure, series, detail = tables.figure, tables.series, tables.detail
    newest = standing_vintages(connection, source, periods)
    numbers = sorted(newest.values())
    figures: dict[int, list[Figure]] = defaultdict(list)
    asked = select(figure.c.vintage_id, series.c.service, series.c.org, series.c.band, series.c.kind, figure.c.value)
    asked = asked.join(series, series.c.id == figure.c.series_id).where(figure.c.vintage_id.in_(numbers))
    for number, service, org, band, kind, value in connection.execute(asked):
        figures[number].append(Figure(service, org, band, value, Marker.NUMBER, "", 0, 0, kind))
    details: dict[int, list[Detail]] = defaultdict(list)
    for row in connection.execute(select(detail).where(detail.c.vintage_id.in_(numbers), detail.c.cut == "")):
        details[row.vintage_id].append(detail_of(row))
    return {
        (scope, end): ParsedVintage(source, end, tuple(figures[number]), scope, details=tuple(details[number]))
        for (scope, end), number in newest.items()
    }
