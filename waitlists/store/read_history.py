"""All vintages of a source at once: list sizes for the checks across months, cells for building series."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, String, Table, and_, bindparam, exists, or_, select

from waitlists.bands import Column
from waitlists.counts.histories import Cells, Columns, ListHistory, Place
from waitlists.domain import TOTAL, Coverage, Finding, LineTotals, Vintage
from waitlists.quality.balance import StoredWeek, WeekOfList
from waitlists.quality.presence import Line
from waitlists.quality.zeros import hidden_behind_zero
from waitlists.store import tables
from waitlists.store.arrays import every, together
from waitlists.store.in_force import KNOWN_BY
from waitlists.store.read_findings import stored_coverage, stored_finding
from waitlists.store.seen import sight_on

_SOURCE = bindparam("source", type_=String())


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
    return [LineTotals(vintage, totals[vintage.id]) for vintage in _vintages(connection, source)]


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
    connection: Connection,
    *,
    source: str,
    service: str,
    as_of: date,
    orgs: Collection[str] | None = None,
    is_banded: bool = True,
) -> ListHistory:
    """Everything about one source and service that was known on `as_of`, superseded vintages too.

    Parameters
    ----------
    orgs
        The organisations wanted; None for all.
    is_banded
        Whether wait bands are wanted, which are most of all cells; without them there are lists and flows alone.
    """
    about: dict[str, Any] = {"source": source, "service": service, KNOWN_BY.key: as_of}
    coverage, findings = _coverage(connection, about, orgs), _findings(connection, about, orgs)
    # An absent provider's last cells are added to those of the area it is absent from, so they are read with it.
    missing = {provider.org for covered in coverage.values() for provider in covered.missing}
    behind = {who.org for found in findings.values() for one in found for who in hidden_behind_zero(one)}
    wanted = None if orgs is None else {*orgs, *missing, *behind}
    vintages, seen = _vintages(connection, source, as_of), sight_on(connection).of(source, wanted)
    return ListHistory(
        source=source,
        service=service,
        vintages=vintages,
        cells=_cells(connection, about, seen, {one.id for one in vintages}, is_banded=is_banded),
        coverage=coverage,
        findings=findings,
        is_synthetic=connection.execute(_queries(connection.dialect.name, of_some=False).invented, about).first()
        is not None,
    )


class _Queries(NamedTuple):
    """What is asked for a history, kept: to put it together costs more than to ask it about one list."""

    coverage: Select[*tuple[Any, ...]]
    series: Select[int, str, str, str]
    figures: Select[int, str, str]
    sums: Select[int, str, str]
    findings: Select[*tuple[Any, ...]]
    invented: Select[int]


@lru_cache(maxsize=4)
def _queries(engine: str, *, of_some: bool) -> _Queries:
    """Of some organisations, which are given as `orgs` when it is asked, or of all."""
    series, figure, vintage = tables.series, tables.figure, tables.vintage
    coverage, finding, delivery = tables.coverage, tables.finding, tables.delivery
    service, orgs = bindparam("service", type_=String()), bindparam("orgs", type_=String(), expanding=True)

    def is_wanted(table: Table) -> ColumnElement[bool]:
        is_of_service = table.c.service == service
        return and_(is_of_service, table.c.org.in_(orgs)) if of_some else is_of_service

    is_of = and_(series.c.source == _SOURCE, is_wanted(series))
    # Of what was counted beside the bands only the sums are asked for.
    is_listed, is_sum = and_(is_of, or_(series.c.kind == "waiting", series.c.band == TOTAL)), series.c.band == TOTAL
    is_known = and_(vintage.c.source == _SOURCE, vintage.c.known_from <= KNOWN_BY)
    values = select(figure.c.series_id, *together(engine, figure.c.vintage_id, figure.c.value))
    values = values.group_by(figure.c.series_id)
    return _Queries(
        coverage=select(coverage)
        .join(vintage, vintage.c.id == coverage.c.vintage_id)
        .where(is_known, is_wanted(coverage)),
        series=select(series.c.id, series.c.org, series.c.kind, series.c.band).where(is_listed),
        figures=values.where(figure.c.series_id.in_(select(series.c.id).where(is_listed))),
        sums=values.where(figure.c.series_id.in_(select(series.c.id).where(is_of, is_sum))),
        findings=select(finding)
        .join(vintage, vintage.c.id == finding.c.vintage_id)
        .where(is_known, is_wanted(finding), finding.c.org.is_not(None), finding.c.known_from <= KNOWN_BY)
        .order_by(finding.c.id),
        # One invented vintage is enough to say so beside every answer; few deliveries are, unless all of them are.
        invented=select(delivery.c.id)
        .where(delivery.c.is_synthetic, exists().where(vintage.c.delivery_id == delivery.c.id, is_known))
        .limit(1),
    )


def _asked(
    connection: Connection, which: str, about: Mapping[str, Any], orgs: Collection[str] | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The answer to one of the kept questions."""
    query = getattr(_queries(connection.dialect.name, of_some=orgs is not None), which)
    return connection.execute(query, {**about, "orgs": sorted(orgs or ())}).all()


@lru_cache(maxsize=2)
def _known_vintages(engine: str) -> Select[*tuple[Any, ...]]:
    vintage = tables.vintage
    columns = vintage.c.known_from, vintage.c.id, vintage.c.period_end, vintage.c.scope, vintage.c.is_reconstructed
    return select(*together(engine, *columns)).where(vintage.c.source == _SOURCE, vintage.c.known_from <= KNOWN_BY)


def _vintages(connection: Connection, source: str, as_of: date = date.max) -> tuple[Vintage, ...]:
    asked = {"source": source, KNOWN_BY.key: as_of}
    found = connection.execute(_known_vintages(connection.dialect.name), asked).one()
    known, ids, ends, scopes, late = map(every, found)
    from_days, to_days = map(date.fromisoformat, known), map(date.fromisoformat, ends)
    return tuple(sorted(map(Vintage, from_days, ids, repeat(source), to_days, scopes, map(bool, late))))


def _coverage(connection: Connection, about: Mapping[str, Any], orgs: Collection[str] | None) -> dict[Place, Coverage]:
    return {(row.vintage_id, row.org): stored_coverage(row) for row in _asked(connection, "coverage", about, orgs)}


def _cells(
    connection: Connection,
    about: Mapping[str, Any],
    orgs: Collection[str] | None,
    known: AbstractSet[int],
    *,
    is_banded: bool,
) -> Cells:
    named = {id_: (org, kind, band) for id_, org, kind, band in _asked(connection, "series", about, orgs)}
    counts: dict[str, dict[str, Column]] = defaultdict(dict)
    flows: dict[str, dict[str, Column]] = defaultdict(dict)
    for series_id, vintages, values in _asked(connection, "figures" if is_banded else "sums", about, orgs):
        org, kind, band = named[series_id]
        column = dict(zip(every(vintages), every(values), strict=True))
        if kind == "waiting":
            counts[org][band] = column
        else:
            flows[org][kind] = column
    return Cells({org: _columns(counts[org], flows[org], known) for org in sorted({*counts, *flows})})


def _columns(counts: Mapping[str, Column], flows: Mapping[str, Column], known: AbstractSet[int]) -> Columns:
    """Those of one list, with the vintages that were known."""
    held = set[int]().union(*counts.values(), *flows.values())
    return Columns(held & known, counts, flows)


def _findings(
    connection: Connection, about: Mapping[str, Any], orgs: Collection[str] | None
) -> dict[Place, tuple[Finding, ...]]:
    found: dict[Place, list[Finding]] = defaultdict(list)
    for row in _asked(connection, "findings", about, orgs):
        found[row.vintage_id, row.org].append(stored_finding(row))
    return {place: tuple(several) for place, several in found.items()}
