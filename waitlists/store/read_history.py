"""All vintages of a source at once: list sizes for the checks across months, cells for building series."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Connection, select

from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import TOTAL, Coverage, Finding, LineTotals, Vintage
from waitlists.quality.balance import StoredWeek, WeekOfList
from waitlists.quality.presence import Line
from waitlists.store import tables
from waitlists.store.read_findings import stored_coverage, stored_finding
from waitlists.store.seen import is_seen

Place = tuple[int, str]
"""Vintage and organisation."""


def line_totals(connection: Connection, source: str) -> list[LineTotals]:
    """List sizes of every vintage of `source`, oldest knowledge first; one without any list is there and empty."""
    series, figure = tables.series, tables.figure
    totals: dict[int, dict[tuple[str, str], int | None]] = defaultdict(dict)
    rows = connection.execute(
        select(figure.c.vintage_id, series.c.service, series.c.org, figure.c.value)
        .join(figure, figure.c.series_id == series.c.id)
        .where(series.c.source == source, series.c.kind == "waiting", series.c.band == TOTAL)
    )
    for vintage_id, service, org, value in rows:
        totals[vintage_id][service, org] = value
    return [LineTotals(vintage, totals[vintage.id]) for vintage in _vintages(connection, source, None)]


def stored_services(connection: Connection) -> Mapping[str, frozenset[str]]:
    """Services of which anything was ever stored, by source; none for a source that was never loaded."""
    series = tables.series
    found: dict[str, set[str]] = defaultdict(set)
    for source, service in connection.execute(select(series.c.source, series.c.service).distinct()):
        found[source].add(service)
    return defaultdict(frozenset, {source: frozenset(services) for source, services in found.items()})


def weeks_of_lists(connection: Connection, source: str) -> dict[Line, dict[date, StoredWeek]]:
    """Size, referrals and removals of every list of a weekly source, by Sunday, as now known."""
    series, figure, vintage = tables.series, tables.figure, tables.vintage
    kinds = ("waiting", "referrals", "removals")
    rows = connection.execute(
        select(vintage.c.id, vintage.c.period_end, vintage.c.known_from, vintage.c.scope)
        .add_columns(series.c.service, series.c.org, series.c.kind, figure.c.value)
        .join(figure, figure.c.vintage_id == vintage.c.id)
        .join(series, series.c.id == figure.c.series_id)
        .where(vintage.c.source == source, series.c.source == source)
        .where(series.c.kind.in_(kinds), series.c.band == TOTAL)
        .order_by(vintage.c.known_from, vintage.c.id)
    )
    latest: dict[tuple[str, date], int] = {}
    counts: dict[int, tuple[date, date, dict[Line, dict[str, int | None]]]] = {}
    for row in rows:
        latest[row.scope, row.period_end] = row.id
        _, _, lists = counts.setdefault(row.id, (row.period_end, row.known_from, defaultdict(dict)))
        lists[row.service, row.org][row.kind] = row.value
    found: dict[Line, dict[date, StoredWeek]] = defaultdict(dict)
    for vintage_id in latest.values():
        period_end, known_from, lists = counts[vintage_id]
        for line, by_kind in lists.items():
            size, referrals, removals = (by_kind.get(kind) for kind in kinds)
            week = WeekOfList(size, referrals, removals, known_from)
            found[line][period_end] = StoredWeek(vintage_id, week)
    return found


def list_history(
    connection: Connection, *, source: str, service: str, as_of: date, orgs: Collection[str] | None = None
) -> ListHistory:
    """Everything about one source and service that was known on `as_of`, superseded vintages too.

    Parameters
    ----------
    orgs
        The organisations wanted; None for all.
    """
    coverage = _coverage(connection, source, service, as_of, orgs)
    # A missing provider's last cells are added to those of the area it is missing from, so they are read with it.
    missing = {provider.org for covered in coverage.values() for provider in covered.missing}
    wanted = None if orgs is None else {*orgs, *missing}
    vintages = _vintages(connection, source, as_of)
    return ListHistory(
        source=source,
        service=service,
        vintages=vintages,
        cells=_cells(connection, source, service, as_of, wanted),
        coverage=coverage,
        findings=_findings(connection, source, service, as_of, orgs),
        is_synthetic=_is_synthetic(connection, source, as_of),
    )


def _vintages(connection: Connection, source: str, as_of: date | None) -> tuple[Vintage, ...]:
    vintage = tables.vintage
    query = select(vintage.c.known_from, vintage.c.id, vintage.c.source, vintage.c.period_end, vintage.c.scope)
    query = query.add_columns(vintage.c.is_reconstructed).where(vintage.c.source == source)
    if as_of is not None:
        query = query.where(vintage.c.known_from <= as_of)
    rows = connection.execute(query.order_by(vintage.c.known_from, vintage.c.id)).all()
    return tuple(Vintage(*row) for row in rows)


def _coverage(
    connection: Connection, source: str, service: str, as_of: date, orgs: Collection[str] | None
) -> dict[Place, Coverage]:
    coverage, vintage = tables.coverage, tables.vintage
    query = (
        select(coverage)
        .join(vintage, vintage.c.id == coverage.c.vintage_id)
        .where(vintage.c.source == source, vintage.c.known_from <= as_of, coverage.c.service == service)
    )
    if orgs is not None:
        query = query.where(coverage.c.org.in_(orgs))
    return {(row.vintage_id, row.org): stored_coverage(row) for row in connection.execute(query)}


def _cells(
    connection: Connection, source: str, service: str, as_of: date, orgs: Collection[str] | None
) -> dict[Place, VintageCells]:
    series, figure, vintage = tables.series, tables.figure, tables.vintage
    query = (
        select(figure.c.vintage_id, series.c.org, series.c.kind, series.c.band, figure.c.value)
        .join(figure, figure.c.series_id == series.c.id)
        .join(vintage, vintage.c.id == figure.c.vintage_id)
        .where(series.c.source == source, series.c.service == service, vintage.c.known_from <= as_of)
        .where(is_seen(connection, series.c.source, series.c.org))
    )
    if orgs is not None:
        query = query.where(series.c.org.in_(orgs))
    counts: dict[Place, dict[str, int | None]] = defaultdict(dict)
    flows: dict[Place, dict[str, int | None]] = defaultdict(dict)
    for vintage_id, org, kind, band, value in connection.execute(query).all():
        if kind == "waiting":
            counts[vintage_id, org][band] = value
        elif band == TOTAL:
            flows[vintage_id, org][kind] = value
    places, none = counts.keys() | flows.keys(), dict[str, int | None]()
    return {place: VintageCells(place[0], counts.get(place, none), flows.get(place, none)) for place in places}


def _findings(
    connection: Connection, source: str, service: str, as_of: date, orgs: Collection[str] | None
) -> dict[Place, tuple[Finding, ...]]:
    finding, vintage = tables.finding, tables.vintage
    query = (
        select(finding)
        .join(vintage, vintage.c.id == finding.c.vintage_id)
        .where(vintage.c.source == source, vintage.c.known_from <= as_of)
        .where(finding.c.service == service, finding.c.org.is_not(None), finding.c.known_from <= as_of)
    )
    if orgs is not None:
        query = query.where(finding.c.org.in_(orgs))
    found: dict[Place, list[Finding]] = defaultdict(list)
    for row in connection.execute(query.order_by(finding.c.id)):
        found[row.vintage_id, row.org].append(stored_finding(row))
    return {place: tuple(several) for place, several in found.items()}


def _is_synthetic(connection: Connection, source: str, as_of: date) -> bool:
    """Whether any vintage known by then was invented: one is enough to say so beside every answer."""
    vintage, delivery = tables.vintage, tables.delivery
    query = (
        select(delivery.c.id)
        .join(vintage, vintage.c.delivery_id == delivery.c.id)
        .where(vintage.c.source == source, vintage.c.known_from <= as_of, delivery.c.is_synthetic)
    )
    return connection.execute(query.limit(1)).first() is not None
