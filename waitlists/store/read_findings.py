"""Findings and coverage as known on a day: of lists, of deliveries, of whole histories."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Date, Select, and_, bindparam, not_, or_, select

from waitlists.domain import Coverage, MissingProvider, Severity
from waitlists.security.access import Sight
from waitlists.store import tables
from waitlists.store.asked import Pair, Place, asked_now, lists_to_ask, places_to_ask
from waitlists.store.in_force import KNOWN_BY, is_in_force
from waitlists.store.seen import covered_by, is_seen, sight_on
from waitlists.store.stored import StoredFinding, StoredVintage


def findings(
    connection: Connection,
    *,
    as_of: date | None = None,
    service: str | None = None,
    org: str | None = None,
    code: str | None = None,
    severity: Severity | None = None,
    delivery_id: int | None = None,
    after: int | None = None,
    limit: int,
) -> list[StoredFinding]:
    """At most `limit` findings by number, from the one following `after` on.

    With `as_of`, those known by then on vintages in force; without, all that are stored, on superseded vintages too.
    """
    finding, delivery = tables.finding, tables.delivery
    wanted = {"service": service, "org": org, "code": code, "severity": severity, "delivery_id": delivery_id}
    query = select(finding).where(*(finding.c[name] == value for name, value in wanted.items() if value is not None))
    query = query.join(delivery, delivery.c.id == finding.c.delivery_id)
    query = query.where(is_seen(connection, delivery.c.source, finding.c.org))
    if as_of is not None:
        query = query.where(stands_on(as_of), is_in_force(as_of))
    if after is not None:
        query = query.where(finding.c.id > after)
    return [stored_finding(row) for row in connection.execute(query.order_by(finding.c.id).limit(limit))]


def stands_on(as_of: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether a finding could be known on a day and no correction of another figure had taken it back."""
    finding = tables.finding
    taken_back = and_(finding.c.known_until.is_not(None), finding.c.known_until <= as_of)
    return and_(finding.c.known_from <= as_of, not_(taken_back))


def findings_of_lists(
    connection: Connection, lists: Mapping[Pair, StoredVintage], as_of: date
) -> dict[Pair, tuple[StoredFinding, ...]]:
    """What must be said beside each list whose figures stand in the given vintage, as known on `as_of`.

    That is what was found about the list in the vintage's period or since, in any file of the same source, and what was
    found about its delivery as a whole, its service everywhere or its organisation everywhere in that period.
    """
    by_pair: dict[tuple[str | None, str | None], list[Any]] = defaultdict(list)
    given = {
        **asked_now(lists),
        KNOWN_BY.key: as_of,
        "first": min(vintage.period_end for vintage in lists.values()),
        "deliveries": sorted({vintage.delivery_id for vintage in lists.values()}),
    }
    for query in _findings_queries(connection.dialect.name, sight_on(connection)):
        for row in connection.execute(query, given):
            by_pair[row.service, row.org].append(row)
    found: dict[Pair, tuple[StoredFinding, ...]] = {}
    for (service, org), vintage in lists.items():
        near = (*by_pair[service, org], *by_pair[service, None], *by_pair[None, org], *by_pair[None, None])
        mine = sorted((row for row in near if _concerns(row, vintage)), key=_order)
        found[service, org] = tuple(stored_finding(row) for row in mine)
    return found


@lru_cache(maxsize=64)
def _findings_queries(engine: str, sight: Sight) -> tuple[Select[*tuple[Any, ...]], ...]:
    """Two questions and not one with an OR, so that each is answered from its index."""
    finding, delivery, asked = tables.finding, tables.delivery, lists_to_ask(engine)
    known = (
        select(*finding.c, delivery.c.source)
        .join(delivery, delivery.c.id == finding.c.delivery_id)
        .where(stands_on(KNOWN_BY), is_in_force(KNOWN_BY))
        .where(covered_by(sight, delivery.c.source, finding.c.org))
    )
    is_asked = and_(asked.c.service == finding.c.service, asked.c.org == finding.c.org)
    about_lists = known.join(asked, is_asked).where(finding.c.period_end >= bindparam("first", type_=Date()))
    about_more = known.where(
        finding.c.delivery_id.in_(bindparam("deliveries", expanding=True)),
        or_(finding.c.service.is_(None), finding.c.org.is_(None)),
    )
    return about_lists, about_more


def coverage_of(connection: Connection, places: AbstractSet[Place]) -> dict[Place, Coverage]:
    """Coverage by vintage, service and organisation; none for a list of which nobody was ever missing."""
    rows = connection.execute(_coverage_query(connection.dialect.name), asked_now(places))
    return {(row.vintage_id, row.service, row.org): stored_coverage(row) for row in rows}


@lru_cache(maxsize=2)
def _coverage_query(engine: str) -> Select[*tuple[Any, ...]]:
    coverage, asked = tables.coverage, places_to_ask(engine)
    is_asked = and_(*(coverage.c[name] == asked.c[name] for name in ("vintage_id", "service", "org")))
    return select(coverage).join(asked, is_asked)


def stored_finding(row: Any) -> StoredFinding:
    """A row of `finding` as the finding it is."""
    return StoredFinding(
        id=row.id,
        delivery_id=row.delivery_id,
        vintage_id=row.vintage_id,
        code=row.code,
        severity=Severity(row.severity),
        sentence=row.sentence,
        period_end=row.period_end,
        known_from=row.known_from,
        known_until=row.known_until,
        service=row.service,
        org=row.org,
        sheet=row.sheet,
        cell=row.cell,
        details=row.details,
    )


def stored_coverage(row: Any) -> Coverage:
    """A row of `coverage` as the coverage it is."""
    missing = tuple(
        MissingProvider(who["org"], date.fromisoformat(who["last_period"]), who["last_list_size"])
        for who in row.missing
    )
    return Coverage(row.service, row.org, row.share, missing)


def _concerns(row: Any, vintage: StoredVintage) -> bool:
    if row.source != vintage.delivery_source:
        return False
    if row.service is not None and row.org is not None:
        return row.period_end >= vintage.period_end
    is_about_all = row.service is None and row.org is None
    return row.delivery_id == vintage.delivery_id and (is_about_all or row.period_end == vintage.period_end)


def _order(row: Any) -> tuple[date, str, int]:
    return row.period_end, row.code, row.id
