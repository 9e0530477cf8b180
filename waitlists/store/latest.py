"""For each list its vintage with the latest figure as known on a day, of the source that answers first.

What providers send every week goes before what is published: of returns and records of one list the newer week, and of
one week the fuller sum. Among the rest the order of the register decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    Table,
    and_,
    case,
    func,
    not_,
    select,
    true,
)

from waitlists.security.access import Sight
from waitlists.sources import WEEKLY_OWN, WEEKLY_SOURCES, Freq
from waitlists.store import tables
from waitlists.store.asked import Pair, Place, asked_now, lists_to_ask
from waitlists.store.in_force import KNOWN_BY, in_force, source_rank
from waitlists.store.seen import covered_by, sight_on
from waitlists.store.stored import StoredVintage


@dataclass(frozen=True, slots=True)
class Latest:
    """A list, and the vintage with its latest figure as known on the day asked about."""

    service: str
    org: str
    vintage: StoredVintage

    @property
    def place(self) -> Place:
        """Where its figures are: vintage, service and organisation."""
        return self.vintage.id, self.service, self.org


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sources are asked for: one by name, those of one step, or, with neither, all."""

    source: str | None = None
    freq: Freq | None = None

    def has(self, source: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether a source is among them."""
        is_named = true() if self.source is None else source == self.source
        if self.freq is None:
            return is_named
        is_weekly = source.in_(sorted(WEEKLY_SOURCES))
        return and_(is_named, is_weekly if self.freq == "W" else not_(is_weekly))


def latest_lists(connection: Connection, pairs: Sequence[Pair], as_of: date, sources: Wanted) -> list[Latest]:
    """The latest vintage of each list that was known on `as_of`, in the order of service and organisation."""
    if not pairs:
        return []
    query = _latest_query(connection.dialect.name, sources, sight_on(connection))
    rows = connection.execute(query, {**asked_now(pairs), KNOWN_BY.key: as_of})
    return [Latest(row.service, row.org, _vintage(row)) for row in rows]


@lru_cache(maxsize=128)
def _latest_query(engine: str, sources: Wanted, sight: Sight) -> Select[*tuple[object, ...]]:
    """For each list its vintage with the latest figure, of the source that answers first.

    Kept, since to put it together costs more than to ask it about a few lists.
    """
    vintage, delivery, ranked = tables.vintage, tables.delivery, _ranked(engine, sources, sight)
    return (
        select(
            ranked.c.service,
            ranked.c.org,
            *vintage.c,
            delivery.c.source.label("delivery_source"),
            delivery.c.sha256,
            delivery.c.file_name,
            delivery.c.is_synthetic,
        )
        .join(vintage, vintage.c.id == ranked.c.id)
        .join(delivery, delivery.c.id == vintage.c.delivery_id)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.service, ranked.c.org)
    )


def _ranked(engine: str, sources: Wanted, sight: Sight) -> Subquery:
    """Every vintage with a figure of each list by its number alone, and its place among those of the list."""
    current, coverage = in_force(KNOWN_BY, source=sources.source), tables.coverage
    present = _present(engine)
    is_covered = and_(
        coverage.c.vintage_id == current.c.id,
        coverage.c.service == present.c.service,
        coverage.c.org == present.c.org,
    )
    place = func.row_number().over(
        partition_by=(present.c.service, present.c.org),
        order_by=(
            *_own_first(current, coverage),
            source_rank(current.c.source),
            current.c.source,
            current.c.period_end.desc(),
            current.c.known_from.desc(),
            current.c.id.desc(),
        ),
    )
    return (
        select(present.c.service, present.c.org, current.c.id, place.label("place"))
        .join(current, current.c.id == present.c.vintage_id)
        .outerjoin(coverage, is_covered)
        .where(covered_by(sight, current.c.source, present.c.org), sources.has(current.c.source))
        .subquery()
    )


def _own_first(current: CTE, coverage: Table) -> tuple[ColumnElement[Any], ...]:
    """What providers send every week before all else: of returns and records the newer week, then the fuller sum."""
    is_own = current.c.source.in_(sorted(WEEKLY_OWN))
    return (
        case((is_own, 0), else_=1),
        case((is_own, current.c.period_end)).desc(),
        case((is_own, func.coalesce(coverage.c.share, 1.0)), else_=1.0).desc(),
    )


def _present(engine: str) -> CTE:
    """In which vintages each list has any figure of children waiting."""
    series, figure, asked = tables.series, tables.figure, lists_to_ask(engine)
    return (
        select(series.c.service, series.c.org, figure.c.vintage_id)
        .join(asked, and_(asked.c.service == series.c.service, asked.c.org == series.c.org))
        .join(figure, figure.c.series_id == series.c.id)
        .where(series.c.kind == "waiting")
        .distinct()
        .cte("present")
    )


def _vintage(row: Row[*tuple[object, ...]]) -> StoredVintage:
    return StoredVintage(
        id=row.id,
        delivery_id=row.delivery_id,
        delivery_source=row.delivery_source,
        source=row.source,
        scope=row.scope,
        period_end=row.period_end,
        known_from=row.known_from,
        sha256=row.sha256,
        file_name=row.file_name,
        is_synthetic=row.is_synthetic,
        is_reconstructed=row.is_reconstructed,
    )
