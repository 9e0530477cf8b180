"""Which vintage counts on a day, in SQL: of each source, sender and period, the latest known by the end of that day."""

from datetime import date
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Date,
    FromClause,
    and_,
    bindparam,
    case,
    exists,
    not_,
    or_,
    select,
)

from waitlists.sources import SOURCES
from waitlists.store import tables
from waitlists.store.left_aside import is_left, is_left_unanswered

SOURCE_ORDER = tuple(SOURCES)
"""Which source answers where none is asked for, first choice first; any other source comes after these."""

KNOWN_BY: Final = bindparam("known_by", type_=Date())
"""A day that is given when a statement is executed, so that the statement is put together once."""


@lru_cache(maxsize=64)
def in_force(as_of: date | BindParameter[date], *, source: str | None = None) -> CTE:
    """Vintages in force on `as_of`, of `source` or of all."""
    vintage = tables.vintage
    known = select(*vintage.c).where(counts_on(as_of, vintage))
    if source is not None:
        known = known.where(vintage.c.source == source)
    return known.cte("in_force")


def counts_on(as_of: date | ColumnElement[date], vintage: FromClause) -> ColumnElement[bool]:
    """Whether a vintage was known on `as_of` and none that replaces it."""
    newer = tables.vintage.alias("newer")
    is_newer = or_(
        newer.c.known_from > vintage.c.known_from,
        and_(newer.c.known_from == vintage.c.known_from, newer.c.id > vintage.c.id),
    )
    # Not a rank of all that were ever stored: each vintage that a query needs is looked up in an index.
    is_replaced = exists().where(
        *(newer.c[name] == vintage.c[name] for name in ("source", "scope", "period_end")),
        newer.c.known_from <= as_of,
        is_newer,
    )
    return and_(vintage.c.known_from <= as_of, not_(is_replaced))


def source_rank(source: ColumnElement[str]) -> ColumnElement[int]:
    """0 for the source that answers first."""
    return case({name: rank for rank, name in enumerate(SOURCE_ORDER)}, value=source, else_=len(SOURCE_ORDER))


def is_in_force(as_of: date | BindParameter[date]) -> ColumnElement[bool]:
    """For a finding: its vintage is in force on a day or, where it has none, one of its delivery's is.

    One about a part of a return that was left stands until that part is sent again.
    """
    finding, vintage = tables.finding, tables.vintage.alias("its_vintage")
    # One vintage is looked up for each finding; all that are in force are only gone through for those without one.
    stands = exists().where(vintage.c.id == finding.c.vintage_id, counts_on(as_of, vintage)).correlate(finding)
    deliveries = select(in_force(as_of).c.delivery_id)
    beside = or_(and_(finding.c.delivery_id.in_(deliveries), not_(is_left())), is_left_unanswered(as_of))
    return or_(stands, and_(finding.c.vintage_id.is_(None), beside))
