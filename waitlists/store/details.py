"""What is known of lists beyond their bands: kept with the vintage it belongs to, read for the lists asked about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, select
from sqlalchemy import Row as StoredRow

from waitlists.details import Detail, Within
from waitlists.security.access import Sight
from waitlists.store import tables
from waitlists.store.asked import Place, asked_now, places_to_ask
from waitlists.store.bulk import Row, as_json, insert_rows
from waitlists.store.seen import covered_by, is_seen, sight_on

_PLAIN = (
    "service", "org", "stage", "cut", "list_size", "referrals", "residual",
    "median_days", "mean_days", "p92_days", "longest_band",
)  # fmt: skip

_SHARES = ("waiting", "adjusted", "completed")

_COLUMNS = ("vintage_id", *_PLAIN, "cut_group", "bands", "weeks", "removals", *_SHARES)


def add_details(connection: Connection, by_vintage: Mapping[int, Iterable[Detail]]) -> None:
    """Keep details with their vintages, in the caller's transaction."""
    rows = [_row(vintage_id, one) for vintage_id, several in by_vintage.items() for one in several]
    insert_rows(connection, tables.detail, _COLUMNS, rows)


def details_of(
    connection: Connection, places: Iterable[Place], *, cuts: Collection[str] = ("",)
) -> dict[Place, tuple[Detail, ...]]:
    """Details of lists, all stages of each: the whole lists or, with `cuts`, the groups of those in order of name.

    A list about which nothing but its bands is known is not named.
    """
    query = _details_query(connection.dialect.name, sight_on(connection))
    found: dict[Place, tuple[Detail, ...]] = {}
    for row in connection.execute(query, {**asked_now(places), "cuts": sorted(cuts)}):
        place = (row.vintage_id, row.service, row.org)
        found[place] = (*found.get(place, ()), detail_of(row))
    return found


@lru_cache(maxsize=64)
def _details_query(engine: str, sight: Sight) -> Select[*tuple[Any, ...]]:
    detail, vintage, asked = tables.detail, tables.vintage, places_to_ask(engine)
    is_asked = and_(*(detail.c[name] == asked.c[name] for name in ("vintage_id", "service", "org")))
    return (
        select(detail)
        .join(asked, is_asked)
        .join(vintage, vintage.c.id == detail.c.vintage_id)
        .where(detail.c.cut.in_(bindparam("cuts", expanding=True)))
        .where(covered_by(sight, vintage.c.source, detail.c.org))
        .order_by(detail.c.stage, detail.c.cut, detail.c.cut_group)
    )


class CountedWaits(NamedTuple):
    """Percentile waits in days from single waits, None of nobody; by standard, of those waiting and of those seen."""

    median_days: float | None
    p92_days: float | None
    waiting: Mapping[str, Within]
    completed: Mapping[str, Within]


def counted_details(
    connection: Connection, *, source: str, service: str, org: str, as_of: date
) -> Mapping[int, CountedWaits]:
    """What single waits of one list gave by vintage, of all vintages known on a day in which they were counted."""
    detail, vintage = tables.detail, tables.vintage
    rows = connection.execute(
        select(detail.c.vintage_id, detail.c.median_days, detail.c.p92_days, detail.c.waiting, detail.c.completed)
        .join(vintage, vintage.c.id == detail.c.vintage_id)
        .where(detail.c.service == service, detail.c.org == org, detail.c.cut == "", detail.c.stage == "list")
        .where(vintage.c.source == source, vintage.c.known_from <= as_of)
        .where(is_seen(connection, vintage.c.source, detail.c.org))
    )
    return {
        row.vintage_id: CountedWaits(row.median_days, row.p92_days, _shares(row.waiting), _shares(row.completed))
        for row in rows
    }


def _row(vintage_id: int, one: Detail) -> Row:
    # A tuple, a named one too, is a list in JSON; groups have most of it empty.
    lists = (as_json(part) if part else "[]" for part in (one.bands, one.weeks))
    counts = (
        as_json(dict(part)) if part else "{}" for part in (one.removals, *(getattr(one, name) for name in _SHARES))
    )
    return (vintage_id, *(getattr(one, name) for name in _PLAIN), one.group, *lists, *counts)


def detail_of(row: StoredRow[Any]) -> Detail:
    """A row of details as what it says."""
    shares: dict[str, Any] = {name: _shares(getattr(row, name)) for name in _SHARES}
    return Detail(
        **{name: getattr(row, name) for name in _PLAIN},
        group=row.cut_group,
        bands=tuple(row.bands),
        weeks=tuple(row.weeks),
        removals=row.removals,
        **shares,
    )


def _shares(stored: Mapping[str, Sequence[int]]) -> dict[str, Within]:
    return {standard: Within(*part) for standard, part in stored.items()}
