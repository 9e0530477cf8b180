"""Which vintage counts on a day, in SQL: of each source, sender and period, the latest known by the end of that day."""

from datetime import date

from sqlalchemy import CTE, ColumnElement, and_, case, func, or_, select

from waitlists.sources import SOURCES
from waitlists.store import tables

SOURCE_ORDER = tuple(SOURCES)
"""Which source answers where none is asked for, first choice first; any other source comes after these."""


def in_force(as_of: date, *, source: str | None = None) -> CTE:
    """Vintages in force on `as_of`, of `source` or of all."""
    vintage = tables.vintage
    place = func.row_number().over(
        partition_by=(vintage.c.source, vintage.c.scope, vintage.c.period_end),
        order_by=(vintage.c.known_from.desc(), vintage.c.id.desc()),
    )
    known = select(*vintage.c, place.label("place")).where(vintage.c.known_from <= as_of)
    if source is not None:
        known = known.where(vintage.c.source == source)
    ranked = known.subquery()
    return select(*(ranked.c[column.name] for column in vintage.c)).where(ranked.c.place == 1).cte("in_force")


def source_rank(source: ColumnElement[str]) -> ColumnElement[int]:
    """0 for the source that answers first."""
    return case({name: rank for rank, name in enumerate(SOURCE_ORDER)}, value=source, else_=len(SOURCE_ORDER))


def is_in_force(current: CTE) -> ColumnElement[bool]:
    """For a finding: its vintage is in force or, where it has none, one of its delivery's is."""
    finding = tables.finding
    return or_(
        finding.c.vintage_id.in_(select(current.c.id)),
        and_(finding.c.vintage_id.is_(None), finding.c.delivery_id.in_(select(current.c.delivery_id))),
    )
