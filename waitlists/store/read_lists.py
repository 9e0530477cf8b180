"""Waiting lists as known on a day: one, or a page of them in a fixed number of queries.

A list answers with the latest period in which it has a figure, never with a later one in which it is silent. What was
found since, such as that its provider has not reported, comes with it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, Select, String, and_, bindparam, func, select, tuple_

from waitlists.bands import usable_bands
from waitlists.details import Detail
from waitlists.domain import TOTAL, Coverage
from waitlists.sources import PUBLISHED_SOURCES, Freq
from waitlists.stages import STAGE_KINDS
from waitlists.store import tables
from waitlists.store.asked import Pair, Place, asked_now, places_to_ask
from waitlists.store.details import details_of
from waitlists.store.files_behind import files_behind
from waitlists.store.in_force import KNOWN_BY
from waitlists.store.latest import Latest, Wanted, latest_lists
from waitlists.store.read_findings import coverage_of, findings_of_lists
from waitlists.store.read_openings import openings_of
from waitlists.store.stored import StoredFinding, StoredList

_FEWEST = 50
"""Lists looked at in one go for a page; nearly all that were ever stored have a figure on the day asked about."""

_MOST = 4000
"""Two parameters each; SQLite takes 32,766 in one statement."""

Counts = dict[str, int | None]


def stored_list(
    connection: Connection,
    *,
    service: str,
    org: str,
    as_of: date,
    source: str | None = None,
    freq: Freq | None = None,
    is_detailed: bool = True,
) -> StoredList | None:
    """One list as known on `as_of`, None where nothing of it was known then.

    Parameters
    ----------
    source, freq
        One source, or those of one step; without them the first of `SOURCE_ORDER` that has a figure.
    is_detailed
        Whether what is known beyond its counts is wanted, and the list of the week before: a query each.
    """
    latest = latest_lists(connection, [(service, org)], as_of, Wanted(source, freq))
    return next(iter(_filled(connection, latest, as_of, is_detailed=is_detailed)), None)


def stored_lists(
    connection: Connection,
    *,
    as_of: date,
    service: str | None = None,
    org: str | None = None,
    orgs: Collection[str] | None = None,
    source: str | None = None,
    freq: Freq | None = None,
    after: Pair | None = None,
    limit: int,
) -> list[StoredList]:
    """At most `limit` lists in the order of service and organisation, from the one following `after` on.

    Parameters
    ----------
    service, org, orgs
        One service, one organisation, several organisations; None for all.
    source, freq
        The figures of one source, or of those of one step only, and no list of which they have none.
    """
    asked, sources = {"service": service, "org": org}, Wanted(source, freq)
    found: list[Latest] = []
    wanted = max(limit, _FEWEST)
    while len(found) < limit:
        candidates = _candidates(connection, asked, sources, orgs, after, wanted)
        found += latest_lists(connection, candidates, as_of, sources)
        if len(candidates) < wanted:
            break
        # Where few have a figure, as on an early day, ever more are looked at in one go.
        after, wanted = candidates[-1], min(2 * wanted, _MOST)
    return _filled(connection, found[:limit], as_of)


def count_of_lists(connection: Connection) -> int:
    """How many lists of children waiting were ever given, each source's by itself."""
    series = tables.series
    lists = select(series.c.source, series.c.service, series.c.org).where(series.c.kind == "waiting").distinct()
    return connection.execute(select(func.count()).select_from(lists.subquery())).scalar_one()


def _candidates(
    connection: Connection,
    asked: Mapping[str, str | None],
    sources: Wanted,
    orgs: Collection[str] | None,
    after: Pair | None,
    limit: int,
) -> list[Pair]:
    """Lists of which any figure was ever stored."""
    series = tables.series
    wanted = [series.c[name] == value for name, value in asked.items() if value is not None]
    query = select(series.c.service, series.c.org).where(series.c.kind == "waiting", *wanted)
    query = query.where(sources.has(series.c.source)).distinct()
    if orgs is not None:
        query = query.where(series.c.org.in_(orgs))
    if after is not None:
        query = query.where(tuple_(series.c.service, series.c.org) > tuple_(*after))
    rows = connection.execute(query.order_by(series.c.service, series.c.org).limit(limit))
    return [(row.service, row.org) for row in rows]


def _filled(
    connection: Connection, lists: Sequence[Latest], as_of: date, *, is_detailed: bool = True
) -> list[StoredList]:
    """The lists with their bands, coverage and findings."""
    if not lists:
        return []
    counts = _counts(connection, lists)
    own = [one.place for one in lists if one.vintage.source not in PUBLISHED_SOURCES]
    details = details_of(connection, own) if own and is_detailed else {}
    unopened = [(one.vintage, one.place) for one in lists if is_detailed and one.place not in details]
    openings = openings_of(connection, unopened, as_of)
    coverage = coverage_of(connection, {one.place for one in lists})
    behind = files_behind(connection, [(one.vintage, one.place) for one in lists])
    findings = findings_of_lists(connection, {(one.service, one.org): one.vintage for one in lists}, as_of)
    sources = {one.vintage.source for one in lists}
    last = {source: _last_period(connection, source, as_of) for source in sources}
    return [
        _list(
            one,
            counts[one.place],
            details=details.get(one.place, ()),
            opening=openings.get(one.place),
            coverage=coverage.get(one.place, Coverage(one.service, one.org, 1.0)),
            findings=findings[one.service, one.org],
            last=last[one.vintage.source],
            behind=behind.get(one.place, ()),
        )
        for one in lists
    ]


def _list(
    one: Latest,
    counts: Mapping[str, Counts],
    *,
    details: tuple[Detail, ...],
    opening: int | None,
    coverage: Coverage,
    findings: tuple[StoredFinding, ...],
    last: date,
    behind: tuple[int, ...],
) -> StoredList:
    bands = {band: count for band, count in counts["waiting"].items() if band != TOTAL}
    return StoredList(
        source=one.vintage.source,
        service=one.service,
        org=one.org,
        vintage=one.vintage,
        period_end=one.vintage.period_end,
        bands=usable_bands(bands, counts["waiting"].get(TOTAL)),
        coverage=coverage,
        findings=findings,
        is_synthetic=one.vintage.is_synthetic,
        latest_period_of_source=last,
        flows={kind: flow[TOTAL] for kind, flow in counts.items() if kind != "waiting" and TOTAL in flow},
        removals=counts.get("removed", {}),
        weeks=counts.get("weeks", {}),
        details=details,
        stages={stage: counts[kind] for stage, kind in STAGE_KINDS.items() if stage != "list" and kind in counts},
        opening=opening,
        behind=behind,
    )


def _counts(connection: Connection, lists: Sequence[Latest]) -> dict[Place, dict[str, Counts]]:
    """Counts by list, kind and band."""
    rows = connection.execute(_counts_query(connection.dialect.name), asked_now(one.place for one in lists))
    counts: dict[Place, dict[str, Counts]] = defaultdict(lambda: defaultdict(dict))
    for vintage_id, service, org, kind, band, value in rows:
        counts[vintage_id, service, org][kind][band] = value
    return counts


@lru_cache(maxsize=2)
def _counts_query(engine: str) -> Select[int, str, str, str, str, int | None]:
    series, figure, vintage, asked = tables.series, tables.figure, tables.vintage, places_to_ask(engine)
    return (
        select(figure.c.vintage_id, series.c.service, series.c.org, series.c.kind, series.c.band, figure.c.value)
        .join(asked, and_(asked.c.service == series.c.service, asked.c.org == series.c.org))
        .join(figure, and_(figure.c.series_id == series.c.id, figure.c.vintage_id == asked.c.vintage_id))
        # One organisation may be in the own return and in what is published, under the same service.
        .join(vintage, and_(vintage.c.id == asked.c.vintage_id, vintage.c.source == series.c.source))
    )


def _last_period(connection: Connection, source: str, as_of: date) -> date:
    """The latest period of a source that has any figure, in which a list may or may not have one."""
    return connection.execute(_last_query(), {"source": source, KNOWN_BY.key: as_of}).scalar_one()


@lru_cache(maxsize=1)
def _last_query() -> Select[date]:
    vintage = tables.vintage
    is_known = and_(vintage.c.source == bindparam("source", type_=String()), vintage.c.known_from <= KNOWN_BY)
    return select(vintage.c.period_end).where(is_known).order_by(vintage.c.period_end.desc()).limit(1)
