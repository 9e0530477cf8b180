"""Whole tables of unpublished figures for disclosure control: all organisations and vintages of a period.

What may be shown of one number depends on all that hang together with it, so this is read past the caller's sight. It
is handed to `waitlists.suppression.sheets` and to nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from itertools import pairwise

from sqlalchemy import Connection, select

from waitlists.bands import CHS_BANDS
from waitlists.details import Detail
from waitlists.domain import TOTAL
from waitlists.security.access import Sight
from waitlists.sources import PUBLISHED_SOURCES, SOURCES
from waitlists.stages import STAGE_KINDS
from waitlists.store import tables
from waitlists.store.details import details_of
from waitlists.suppression.sheets import OF, WITHIN, Version
from waitlists.suppression.thresholds import kept
from waitlists.suppression.weeks import Week

OWN_SOURCES = tuple(sorted(SOURCES.keys() - PUBLISHED_SOURCES))
"""Sources that nobody publishes: what they say of one day is one table."""

_STAGES = {kind: str(stage) for stage, kind in STAGE_KINDS.items() if stage != "list"}
"""What the figures of later stages are called on a sheet."""

_Place = tuple[date, int, date, int, str, str]
"""Period, run, first day known, vintage, scope and organisation."""

_Cells = dict[tuple[str, str], int | None]

Periods = Mapping[date, tuple[Version, ...]]
"""All that was ever known of each period, superseded vintages too."""


def weeks_of(connection: Connection, *, source: str, service: str, periods: Collection[date]) -> list[Week]:
    """Some periods of a service, each with the lists of the period before, in the order asked for.

    Lists that nobody has published stand with those of the other such sources of the same day.
    """
    lists: dict[date, list[Version]] = defaultdict(list)
    openings: dict[date, list[Version]] = defaultdict(list)
    for name in OWN_SOURCES if source in OWN_SOURCES else (source,):
        every = periods_of(connection, source=name)
        before = dict(pairwise(reversed(every)))
        asked = set(periods).intersection(every)
        if not asked:
            continue
        wanted = asked.union(before[period] for period in asked if period in before)
        found = versions_of(connection, source=name, service=service, periods=wanted)
        for period in asked:
            lists[period] += found.get(period, ())
            openings[period] += found.get(before[period], ()) if period in before else ()
    return [Week(service, period, tuple(lists[period]), tuple(openings[period])) for period in dict.fromkeys(periods)]


def versions_of(connection: Connection, *, source: str, service: str, periods: Collection[date]) -> Periods:
    """Every vintage of every list of one source and service in some periods."""
    series, figure, vintage, delivery = tables.series, tables.figure, tables.vintage, tables.delivery
    rows = connection.execute(
        select(vintage.c.period_end, delivery.c.run_id, vintage.c.known_from, vintage.c.id, vintage.c.scope)
        .add_columns(series.c.org, series.c.kind, series.c.band, figure.c.value)
        .join(delivery, delivery.c.id == vintage.c.delivery_id)
        .join(figure, figure.c.vintage_id == vintage.c.id)
        .join(series, series.c.id == figure.c.series_id)
        .where(vintage.c.source == source, vintage.c.period_end.in_(sorted(periods)), series.c.service == service)
        .order_by(vintage.c.id, series.c.org, series.c.kind, series.c.band)
    )
    counts: dict[_Place, _Cells] = defaultdict(dict)
    for period_end, run_id, known_from, vintage_id, scope, org, kind, band, value in rows:
        counts[period_end, run_id, known_from, vintage_id, scope, org][_STAGES.get(str(kind), str(kind)), band] = value
    _add_details(connection, service, counts)
    found: dict[date, list[Version]] = defaultdict(list)
    for (period_end, run_id, known_from, vintage_id, scope, org), cells in counts.items():
        found[period_end].append(Version(run_id, known_from, vintage_id, scope, org, cells, source))
    return {period_end: tuple(versions) for period_end, versions in found.items()}


def _add_details(connection: Connection, service: str, counts: Mapping[_Place, _Cells]) -> None:
    """Put beside a list's figures what is known of it beyond its bands, in the kinds of `sheets.Counts`."""
    own = {(vintage_id, service, org): cells for (_, _, _, vintage_id, _, org), cells in counts.items()}
    for place, details in details_of(connection, own).items():
        for one in details:
            own[place].update(_cells(one))


def _cells(one: Detail) -> _Cells:
    if one.stage != "list":
        bands = zip(CHS_BANDS, one.bands, strict=True)
        return {(one.stage, TOTAL): one.list_size, **{(one.stage, band.label): count for band, count in bands}}
    return {
        **{("removed", reason): count for reason, count in one.removals.items()},
        **{(OF, standard): part.of for standard, part in one.completed.items()},
        **{(WITHIN, standard): part.within for standard, part in one.completed.items()},
        **kept(one),
    }


def periods_of(connection: Connection, *, source: str) -> tuple[date, ...]:
    """Every period of which a source has any vintage, oldest first."""
    vintage = tables.vintage
    rows = connection.execute(select(vintage.c.period_end).where(vintage.c.source == source).distinct())
    return tuple(sorted(row.period_end for row in rows))


def has_hidden_figures(connection: Connection, sight: Sight) -> bool:
    """Whether there are unpublished figures that are not seen exactly: then tables of several sources are mixed."""
    if sight.organisations is None:
        return False
    series, vintage = tables.series, tables.vintage
    sources = {row.source for row in connection.execute(select(vintage.c.source).distinct())} - PUBLISHED_SOURCES
    if not sources:
        return False
    others = select(series.c.id).where(series.c.source.in_(sorted(sources)))
    others = others.where(series.c.org.not_in(sorted(sight.organisations)))
    return connection.execute(others.limit(1)).first() is not None
