"""Keeps the sums of boards in step with what their providers sent, whatever the order in which it arrived.

Each delivery of a provider's own figures carries the sums as known on its day. When something known earlier arrives
later, the sums that follow from it are made anew: they are worked out, and nothing that was sent is touched.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, delete, select

from waitlists.counts.sums import Cell, Part, sums_on
from waitlists.domain import Figure, ParsedVintage, Vintage
from waitlists.store import tables
from waitlists.store.write import add_vintages

Said = frozenset[tuple[str, str, str, str, int | None]]
"""What a vintage says, to compare: service, organisation, kind, band and value of each figure."""


def keep_sums(connection: Connection, source: str, periods: Collection[date]) -> None:
    """Make the sums of a source follow from what is stored of these periods, in the caller's transaction."""
    for period_end in sorted(periods):
        senders, kept = _vintages(connection, source, period_end)
        figures = _figures(connection, [*(vintage for _, vintage in senders), *kept.values()])
        parts = [Part(vintage, _by_service(figures[vintage.id])) for _, vintage in senders]
        carriers = _carriers(senders)
        wanted = {number: sums_on(parts, day) for number, day in carriers.items()}
        for delivery_id, old in kept.items():
            said = _said(figures[old.id]), old.known_from
            if delivery_id in wanted and said == (_said(wanted[delivery_id]), carriers[delivery_id]):
                del wanted[delivery_id]
            else:
                _forget(connection, old.id)
        for delivery_id, sums in wanted.items():
            made = ParsedVintage(source, period_end, sums)
            add_vintages(connection, delivery_id, [made], known_from=carriers[delivery_id])


def _carriers(senders: Sequence[tuple[int, Vintage]]) -> Mapping[int, date]:
    """The delivery that carries the sums of each day: the last of that day, so that they stand once."""
    # A delivery may tell of one service's past and of another's present: its sums are known when all of it is.
    days = dict(sorted((number, vintage.known_from) for number, vintage in senders))
    last = {day: number for number, day in days.items()}
    return {number: day for day, number in last.items()}


def _vintages(
    connection: Connection, source: str, period_end: date
) -> tuple[list[tuple[int, Vintage]], dict[int, Vintage]]:
    """What senders said of a period, with the delivery it came in; and the sums that stand, by their delivery."""
    vintage = tables.vintage
    rows = connection.execute(
        select(vintage).where(vintage.c.source == source, vintage.c.period_end == period_end).order_by(vintage.c.id)
    )
    senders: list[tuple[int, Vintage]] = []
    sums: dict[int, Vintage] = {}
    for row in rows:
        found = Vintage(row.known_from, row.id, row.source, row.period_end, row.scope)
        if found.scope:
            senders.append((row.delivery_id, found))
        else:
            sums[row.delivery_id] = found
    return senders, sums


def _figures(connection: Connection, vintages: Sequence[Vintage]) -> Mapping[int, list[Figure]]:
    series, figure = tables.series, tables.figure
    rows = connection.execute(
        select(figure.c.vintage_id, series.c.service, series.c.org, series.c.kind, series.c.band)
        .add_columns(figure.c.value, figure.c.marker)
        .join(figure, figure.c.series_id == series.c.id)
        .where(figure.c.vintage_id.in_([vintage.id for vintage in vintages]))
    )
    found: dict[int, list[Figure]] = defaultdict(list)
    for row in rows:
        found[row.vintage_id].append(
            Figure(row.service, row.org, row.band, row.value, row.marker, sheet="", row=0, column=0, kind=row.kind)
        )
    return found


def _by_service(figures: Sequence[Figure]) -> Mapping[str, Mapping[Cell, int | None]]:
    services: dict[str, dict[Cell, int | None]] = defaultdict(dict)
    for figure in figures:
        services[figure.service][figure.kind, figure.band] = figure.value
    return services


def _said(figures: Sequence[Figure]) -> Said:
    return frozenset((one.service, one.org, one.kind, one.band, one.value) for one in figures)


def _forget(connection: Connection, vintage_id: int) -> None:
    """Take a sum that no longer follows away, with what was found about it."""
    for table in (tables.figure, tables.coverage, tables.finding):
        connection.execute(delete(table).where(table.c.vintage_id == vintage_id))
    connection.execute(delete(tables.vintage).where(tables.vintage.c.id == vintage_id))
