"""For each list its vintage with the latest figure as known on a day, of the source that answers first.

What providers send every week goes before what is published: of returns and records of one list the newer week, and of
one week the fuller sum. Among the rest the order of the register decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Subquery,
    and_,
    case,
    exists,
    func,
    not_,
    select,
    true,
)

from waitlists.security.access import Sight
from waitlists.sources import WEEKLY_OWN, WEEKLY_SOURCES, Freq
from waitlists.store import tables
from waitlists.store.asked import Pair, Place, asked_now, lists_to_ask
from waitlists.store.in_force import KNOWN_BY, counts_on, source_rank
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


def weekly_leads(connection: Connection, as_of: date) -> dict[Pair, str]:
    """Of lists that come every week both as records and as returns, the source that answers on a day.

    Whatever is worked out of a list, warnings, forecasts and mail among it, is worked out of this one, so that it tells
    of the figures that pages and answers show.
    """
    series = tables.series
    pair = series.c.service, series.c.org
    is_own = and_(series.c.kind == "waiting", series.c.source.in_(sorted(WEEKLY_OWN)))
    several = select(*pair).where(is_own).group_by(*pair).having(func.count(series.c.source.distinct()) > 1)
    pairs = [(row.service, row.org) for row in connection.execute(several)]
    return {one.place[1:]: one.vintage.source for one in latest_lists(connection, pairs, as_of, Wanted(freq="W"))}


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
    """The newest vintage that each source has of a list, by its number alone, and its place among those of the list."""
    newest, vintage, coverage = _newest(engine, sources, sight), tables.vintage, tables.coverage
    is_own = vintage.c.source.in_(sorted(WEEKLY_OWN))
    place = func.row_number().over(
        partition_by=(newest.c.service, newest.c.org),
        order_by=(
            case((is_own, 0), else_=1),
            case((is_own, vintage.c.period_end)).desc(),
            _fullness(vintage, coverage).desc(),
            source_rank(vintage.c.source),
            vintage.c.source,
        ),
    )
    return (
        select(newest.c.service, newest.c.org, vintage.c.id, place.label("place"))
        .join(vintage, vintage.c.id == newest.c.vintage_id)
        .outerjoin(coverage, _covers(coverage, vintage, newest))
        .subquery()
    )


def _newest(engine: str, sources: Wanted, sight: Sight) -> Subquery:
    """Of each list and source the vintage with its latest figure as known on the day; no number where it had none.

    Each is looked for from the latest period back, and the search ends at the first with a figure.
    """
    given, vintage, coverage = _given(engine, sources, sight), tables.vintage.alias("one"), tables.coverage.alias("its")
    newest = (
        select(vintage.c.id)
        .select_from(vintage.outerjoin(coverage, _covers(coverage, vintage, given)))
        .where(vintage.c.source == given.c.source, counts_on(KNOWN_BY, vintage), _has_figure(vintage, given))
        .order_by(
            vintage.c.period_end.desc(),
            _fullness(vintage, coverage).desc(),
            vintage.c.known_from.desc(),
            vintage.c.id.desc(),
        )
        .limit(1)
        .correlate(given)
    )
    return select(given.c.service, given.c.org, newest.scalar_subquery().label("vintage_id")).subquery("newest")


def _given(engine: str, sources: Wanted, sight: Sight) -> CTE:
    """Which sources ever gave a figure of children waiting for each list."""
    series, asked = tables.series, lists_to_ask(engine)
    # Not as it is indexed: SQLite would go through all series of a source, and through those asked for with each.
    source = series.c.source.concat("")
    return (
        select(series.c.service, series.c.org, series.c.source)
        .join(asked, and_(asked.c.service == series.c.service, asked.c.org == series.c.org))
        .where(series.c.kind == "waiting", sources.has(source))
        .where(covered_by(sight, series.c.source, series.c.org))
        .distinct()
        .cte("given")
    )


def _has_figure(vintage: FromClause, given: FromClause) -> ColumnElement[bool]:
    series, figure = tables.series, tables.figure
    is_of_list = and_(*(series.c[name] == given.c[name] for name in ("source", "service", "org")))
    return (
        exists()
        .where(figure.c.series_id == series.c.id, figure.c.vintage_id == vintage.c.id)
        .where(is_of_list, series.c.kind == "waiting")
        .correlate(vintage, given)
    )


def _covers(coverage: FromClause, vintage: FromClause, of: FromClause) -> ColumnElement[bool]:
    return and_(coverage.c.vintage_id == vintage.c.id, coverage.c.service == of.c.service, coverage.c.org == of.c.org)


def _fullness(vintage: FromClause, coverage: FromClause) -> ColumnElement[float]:
    """Of what providers send every week the share that is there: of two sums the fuller one goes first."""
    is_own = vintage.c.source.in_(sorted(WEEKLY_OWN))
    return case((is_own, func.coalesce(coverage.c.share, 1.0)), else_=1.0)


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
